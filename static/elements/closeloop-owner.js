// @ts-check
import { emit, fill, h } from "../lib/dom.js";
import { chooser } from "../lib/fields.js";
import { target } from "../lib/targets.js";
import { IMPACTS } from "../lib/teams.js";

import "./closeloop-handover.js";
import "./closeloop-pill.js";
import "./closeloop-time.js";

/** @typedef {{ticket: Api.Ticket, assignment: Api.CardAssignment | null, teams: Api.CardDetail["teams"], me: string, mayWrite: boolean}} Shown */

/** Whose a thread is, how hard its customer is hit, and by when an answer was promised. Emits take, take-over, pass, hand-back, impact. */
export class CloseloopOwner extends HTMLElement {
  #who = h("p.owner-who");
  #ways = h("div.owner-ways");
  #place = h("div.owner-place");
  #impact = h("select");
  #level = h("span.tag");
  #pill = h("closeloop-pill");
  /** @type {Shown | null} */ #shown = null;
  #seen = "";

  connectedCallback() {
    if (this.firstChild) return;
    this.className = "owner";
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Owner and impact");
    const options = IMPACTS.map(([value, words]) => /** @type {[string, string]} */ ([value, words]));
    this.#impact = chooser("impact", options, "normal", { "aria-label": "Impact" });
    this.#impact.addEventListener("change", () =>
      emit(this, "impact", { ticket: this.#given.ticket, impact: this.#impact.value }),
    );
    const impact = h("label.owner-impact", null, h("span", null, "Impact"), this.#impact, this.#level);
    this.append(
      h("div.owner-line", null, this.#who, this.#ways),
      h("div.owner-line", null, impact, this.#pill),
      this.#place,
    );
    this.#place.addEventListener("closeloop-closed", () => this.#close());
  }

  /** As often as news come: what somebody is writing stays. @param {Shown} shown */
  show(shown) {
    const other = shown.ticket.id !== this.#shown?.ticket.id || shown.assignment?.id !== this.#shown?.assignment?.id;
    this.#shown = shown;
    if (other) this.#place.replaceChildren();
    const { ticket, mayWrite } = shown;
    this.#pill.saying = target(ticket);
    this.#impact.hidden = !mayWrite;
    this.#level.hidden = mayWrite;
    this.#level.textContent = IMPACTS.find(([value]) => value === ticket.impact)?.[1] ?? "Normal";
    if (document.activeElement !== this.#impact) this.#impact.value = ticket.impact;
    const now = JSON.stringify([shown.assignment, shown.me, mayWrite]);
    if (now === this.#seen) return;
    this.#seen = now;
    this.#drawWho();
    this.#drawWays();
  }

  get #given() {
    return /** @type {Shown} */ (this.#shown);
  }

  #drawWho() {
    const { assignment, me } = this.#given;
    if (!assignment) {
      fill(this.#who, h("span.quiet", null, "Given to no team: it was linked by hand."));
      return;
    }
    const { team, area, person, by, at } = assignment;
    const who = person?.id === me ? "you" : person?.name;
    fill(
      this.#who,
      h("strong", null, team.name),
      area ? ` · ${area.name}` : null,
      " · ",
      who ? h("strong", null, who) : h("span.nobody", null, "nobody has taken it"),
      h(
        "span.quiet",
        null,
        " · given ",
        h("closeloop-time", { datetime: at }),
        by ? ` by ${by.id === me ? "you" : by.name}` : null,
      ),
    );
  }

  #drawWays() {
    const { assignment, me, mayWrite } = this.#given;
    if (!assignment || !mayWrite) return fill(this.#ways);
    const { person } = assignment;
    const take = person
      ? h("button", { type: "button", onclick: () => this.#takeOver() }, "Take over")
      : h("button.primary", { type: "button", onclick: () => emit(this, "take", { assignment }) }, "Take it");
    fill(
      this.#ways,
      person?.id === me ? null : take,
      h("button", { type: "button", onclick: () => this.#pass() }, "Pass on…"),
      h("button.subtle", { type: "button", onclick: () => this.#handBack() }, "Hand back…"),
    );
  }

  #takeOver() {
    const { assignment, me } = this.#given;
    emit(this, "pass", {
      assignment,
      to: { team_id: assignment?.team.id, area_id: assignment?.area?.id ?? null, member_id: me },
      words: "You have it now.",
    });
  }

  #pass() {
    const { teams, assignment } = this.#given;
    const handover = h("closeloop-handover");
    handover.setup = { teams, assignment };
    handover.addEventListener("closeloop-chosen", (event) => {
      const { team, person } = /** @type {CustomEvent} */ (event).detail;
      const same = team.id === assignment?.team.id;
      const to = {
        team_id: team.id,
        area_id: same ? (assignment?.area?.id ?? null) : null,
        member_id: person?.id ?? null,
      };
      this.#close();
      emit(this, "pass", { assignment, to, words: `Passed on to ${person ? `${person.name}, ` : ""}${team.name}.` });
    });
    fill(this.#place, handover);
    handover.focus();
  }

  #handBack() {
    const { assignment } = this.#given;
    const why = h("input", {
      type: "text",
      name: "why",
      maxlength: 500,
      placeholder: "For example: this is about invoices",
    });
    const form = h(
      "form.inset",
      { novalidate: true },
      h("p", null, "The thread goes back to the triage queue, near the top. A card that was made for it is archived."),
      h("label", null, "Why? (optional, the triagers read it)", why),
      h(
        "div.group-ways",
        null,
        h("button.primary", { type: "submit" }, "Hand back to triage"),
        h("button.subtle", { type: "button", onclick: () => this.#close() }, "Keep it"),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#close();
      emit(this, "hand-back", { assignment, why: why.value.trim() || null });
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#close();
    });
    fill(this.#place, form);
    why.focus();
  }

  #close() {
    const held = this.#place.contains(document.activeElement);
    this.#place.replaceChildren();
    if (held) this.#ways.querySelector("button")?.focus();
  }
}

customElements.define("closeloop-owner", CloseloopOwner);
