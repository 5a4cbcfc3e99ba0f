// @ts-check
import { fill, h } from "../lib/dom.js";
import { short } from "../lib/time.js";
import { marked } from "../triage/marks.js";
import { impactOf, teamName, worked } from "../triage/words.js";
import { initialsOf } from "./closeloop-message.js";

/** @typedef {{row: Triage.Row, offers: import("../triage/teams.js").Offer[], ghost: string | null, people: Triage.Person[], isCursor: boolean, isSelected: boolean, at: number, of: number}} Shown */

/** One thread of the queue in three lines, all of the same height. `show(…)` draws only what changed. */
export class CloseloopTriageRow extends HTMLElement {
  #seen = "";

  connectedCallback() {
    this.setAttribute("role", "option");
  }

  /** @param {Shown} shown */
  show({ row, offers, ghost, people, isCursor, isSelected, at, of }) {
    this.id = `row-${row.id}`;
    this.dataset.id = String(row.id);
    this.setAttribute("aria-selected", String(isSelected));
    this.setAttribute("aria-posinset", String(at + 1));
    this.setAttribute("aria-setsize", String(of));
    this.classList.toggle("cursor", isCursor);
    this.classList.toggle("selected", isSelected);
    this.classList.toggle("ghost", ghost !== null);
    const suggested = offers.filter(({ rank }) => rank > 0);
    const now = JSON.stringify([row, ghost, people, Math.floor(Date.now() / 60_000)]);
    if (now === this.#seen) return;
    this.#seen = now;
    const reasons = suggested[0]?.choice?.reasons ?? [];
    fill(
      this,
      h("span.row-check", { "data-check": "", "aria-hidden": "true" }),
      h(
        "span.row-top",
        null,
        row.impact === "normal" ? null : impactPill(row.impact),
        row.private ? h("span.icon.icon-lock", { title: "Private" }) : null,
        h("strong.row-subject", { dir: "auto" }, marked(row.subject, reasons)),
        people.map((person) =>
          h(
            "span.row-face",
            { title: `${person.name} has this open` },
            initialsOf(person.name) || "?",
            spoken(`${person.name} has this open. `),
          ),
        ),
        h("span.row-age", { title: "How long it has waited" }, age(row)),
      ),
      h("span.row-excerpt", { dir: "auto" }, marked(row.excerpt, reasons)),
      h(
        "span.row-foot",
        null,
        h("span.row-about", null, about(row)),
        ghost === null
          ? h(
              "span.row-teams",
              null,
              suggested.map(chip),
              suggested.length ? null : h("span.row-none", null, "No suggestion"),
            )
          : h("span.row-ghost", null, ghost),
      ),
    );
  }
}

/** @param {Triage.Row} row */
function about(row) {
  const back = row.handed_back_by;
  const why = back?.why ? `: ${back.why}` : "";
  return [
    row.handed_back
      ? h("span.row-back", { title: `Handed back${why}` }, `Handed back by ${teamName(back?.team) || "a team"}${why}`)
      : null,
    h("span.row-who", { dir: "auto" }, row.customer.name || row.customer.username),
    h("span.row-forum", null, row.forum.name),
    row.message_count > 1 ? h("span.row-count", null, `${row.message_count} messages`) : null,
  ];
}

/** @param {Triage.Row} row */
function age(row) {
  if (row.snoozed_until && row.standing === "snoozed")
    return `until ${new Date(row.snoozed_until).toLocaleDateString(undefined, { day: "numeric", month: "short" })}`;
  if (row.waiting_on === "us" && row.worked_minutes !== null) return worked(row.worked_minutes);
  return short(row.waiting_since ?? row.last_message_at);
}

/** @param {import("../triage/teams.js").Offer} offer @param {number} at */
function chip({ team }, at) {
  return h(
    "span.row-team",
    { "data-team": String(at), class: `row-team rank-${at + 1}` },
    h("b", null, String(at + 1)),
    team.name,
  );
}

/** @param {Triage.Impact} impact */
export function impactPill(impact) {
  const { name, colour } = impactOf(impact);
  const pill = h("closeloop-pill");
  pill.saying = { text: name, colour, title: `Impact: ${name.toLowerCase()}` };
  return pill;
}

/** For screen readers only. @param {string} words */
const spoken = (words) => h("span.hidden-words", null, words);

customElements.define("closeloop-triage-row", CloseloopTriageRow);
