// @ts-check
/** What stands where no thread is: why, and what to do next. */
import { fill, h } from "../lib/dom.js";
import { failure, state } from "../lib/page.js";
import { EVERYTHING, narrows } from "./filter.js";
import { lasting, threads } from "./words.js";

/** @typedef {{settings: (event: MouseEvent) => void, page: (name: string) => string}} Ways how to the settings and to the other pages */

/** @param {HTMLElement} place @param {import("./desk.js").Desk} desk @param {Ways} ways */
export function emptiness(place, desk, ways) {
  const { queue, info, teams, pace } = desk;
  const kind =
    queue.state === "loading"
      ? "loading"
      : queue.state === "failed"
        ? "failed"
        : !info.forums.length
          ? "forums"
          : narrows(queue.filter)
            ? "narrowed"
            : teams.isKnown && !teams.ready.length
              ? "teams"
              : `done ${pace.decided} ${pace.first}`;
  // Drawn once: a button in it keeps its focus.
  if (place.dataset.kind === kind) return;
  place.dataset.kind = kind;
  fill(place, content(kind, desk, ways));
}

/** @param {string} kind @param {import("./desk.js").Desk} desk @param {Ways} ways */
function content(kind, desk, ways) {
  const settings = h("button.primary", { type: "button", onclick: ways.settings }, "Open the settings");
  switch (kind) {
    case "loading":
      return h(
        "div.skeleton.rows",
        { role: "status", "aria-label": "Loading the queue" },
        Array.from({ length: 6 }, () => [
          h("div.skeleton-line.w-most"),
          h("div.skeleton-line"),
          h("div.skeleton-line.w-half"),
        ]),
      );
    case "failed":
      return failure(desk.queue.error, () => desk.queue.load());
    case "forums":
      return state(
        "No forum is connected yet",
        "Connect the forum where your customers write: its open threads stand here a minute later.",
        settings,
      );
    case "teams":
      return state(
        "No teams yet, and no threads",
        "Triage gives each thread to a team. Make a board called “Ownership” with a list for each team and a card for each area, or add teams in the settings.",
        settings,
      );
    case "narrowed":
      return state(
        "No thread here",
        "Nothing in the queue fits what it is narrowed to.",
        h("button.primary", { type: "button", onclick: () => void desk.queue.load({ ...EVERYTHING }) }, "Show all"),
      );
  }
  return done(desk.pace, ways);
}

/** @param {import("./pace.js").Pace} pace @param {Ways} ways */
function done({ decided, lasted, first, suggested }, { page }) {
  const link = h("a", { href: page("recorder") }, "How it went: the flight recorder");
  if (!decided) return state("All done", "Every thread has an owner. New ones appear here by themselves.", link);
  const share = suggested ? `, ${Math.round((first / suggested) * 100)} % first suggestion` : "";
  const words = `${threads(decided)} in ${lasting(lasted)}${share}. New ones appear here by themselves.`;
  return state("All done", words, link);
}
