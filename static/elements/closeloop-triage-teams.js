// @ts-check
import { emit, fill, h } from "../lib/dom.js";
import { listed } from "../lib/forums.js";
import { wordsOf } from "../triage/marks.js";

/** The numbered list of teams that a thread can be given to: what is suggested first, with the reasons. Emits take {at}. */
export class CloseloopTriageTeams extends HTMLElement {
  /** @param {import("../triage/teams.js").Offer[]} offers @param {Triage.Row} row */
  show(offers, row) {
    const [first] = offers;
    fill(
      this,
      h(
        "div.team-list",
        { role: "group", "aria-label": "Give it to" },
        offers.map((offer, at) => this.#button(offer, at, row)),
      ),
      first?.choice
        ? reasons(first.choice, row.person)
        : h(
            "p.quiet.why",
            null,
            offers.length
              ? "No word here speaks for a team yet: choose one, and the next thread like it is known."
              : "No team can be given a thread yet: add teams, each with its board, in the settings of Closeloop.",
          ),
    );
  }

  /** @param {import("../triage/teams.js").Offer} offer @param {number} at @param {Triage.Row} row */
  #button({ team, area, choice, rank }, at, row) {
    const share = choice ? Math.round(choice.share * 100) : 0;
    return h(
      `button.team.${rank === 1 ? "first" : rank ? "suggested" : "other"}`,
      {
        type: "button",
        title: choice ? `${share} % sure` : null,
        onclick: () => emit(this, "take", { id: row.id, at }),
      },
      h("kbd", { "aria-hidden": "true" }, String(at + 1)),
      h("span.team-name", null, team.name),
      area ? h("span.team-area", null, area.name) : null,
      rank ? h("span.team-share", null, `${share} %`) : null,
    );
  }
}

/** @param {Triage.Choice} choice @param {Triage.Person | null} person */
function reasons({ area, team, reasons: given }, person) {
  const by = (/** @type {string} */ source) =>
    [...wordsOf(given.filter((reason) => reason.source === source)).values()].map(({ text }) => text);
  const keywords = by("keyword");
  const learnt = by("learnt");
  const byAuthor = given.some(({ source }) => source === "author");
  const says = [
    keywords.length
      ? `${listed(quoted(keywords))} ${keywords.length > 1 ? "are keywords" : "is a keyword"} of ${area?.name ?? team.name}`
      : "",
    learnt.length ? `threads with ${listed(quoted(learnt))} went there before` : "",
    byAuthor ? "this customer’s threads went there before" : "",
  ].filter(Boolean);
  const theirs = person ? ` Usually ${person.name}’s.` : "";
  return says.length || theirs
    ? h("p.quiet.why", null, says.length ? `Because ${says.join("; ")}.` : "", theirs)
    : null;
}

/** @param {string[]} words */
const quoted = (words) => words.slice(0, 5).map((word) => `“${word}”`);

customElements.define("closeloop-triage-teams", CloseloopTriageTeams);
