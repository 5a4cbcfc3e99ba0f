// @ts-check
import { emit, fill, h, uid } from "../lib/dom.js";

/** @typedef {{team: Api.TeamRef, person: Api.Member | null}} Target */
/** @typedef {{teams: Api.CardDetail["teams"], assignment: Api.CardAssignment | null}} Setup */

const SHOWN = 40;

/** Search for the team or person that a thread goes to. Set `setup`. Emits chosen {team, person}, closed. */
export class CloseloopHandover extends HTMLElement {
  #list = h("ul.handover-list", { role: "listbox", id: uid("handover"), "aria-label": "Teams and people" });
  #input = h("input", {
    type: "search",
    role: "combobox",
    id: uid("to"),
    autocomplete: "off",
    placeholder: "Team or person",
    "aria-expanded": "true",
    "aria-controls": this.#list.id,
  });
  #none = h("p.quiet", { role: "status" });
  /** @type {Target[]} */ #all = [];
  /** @type {Target[]} */ #found = [];
  #at = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.className = "inset";
    const cancel = h("button.subtle", { type: "button", onclick: () => emit(this, "closed") }, "Cancel");
    this.append(h("label", { for: this.#input.id }, "Pass on to"), this.#input, this.#none, this.#list, cancel);
    this.#input.addEventListener("input", () => this.#search());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      emit(this, "closed");
    });
  }

  /** @param {Setup} setup */
  set setup({ teams, assignment }) {
    const isNow = (/** @type {Target} */ { team, person }) =>
      team.id === assignment?.team.id && (person?.id ?? null) === (assignment?.person?.id ?? null);
    this.#all = teams
      .flatMap((team) => [{ team, person: null }, ...team.members.map((person) => ({ team, person }))])
      .filter((each) => !isNow(each));
    this.#search();
  }

  focus() {
    this.#input.focus();
  }

  #search() {
    const words = this.#input.value.trim().toLowerCase().split(/\s+/);
    const fits = (/** @type {Target} */ each) => words.every((word) => nameOf(each).toLowerCase().includes(word));
    this.#found = this.#all.filter(fits).slice(0, SHOWN);
    this.#at = 0;
    this.#none.textContent = this.#found.length ? "" : "No team and nobody is called like that.";
    this.#none.hidden = this.#found.length > 0;
    fill(
      this.#list,
      this.#found.map((each, at) => {
        const option = h(
          "li.handover-option",
          { role: "option", id: `${this.#list.id}-${at}`, "data-at": at },
          each.person ? h("span", null, each.person.name || each.person.username) : h("strong", null, each.team.name),
          h("span.quiet", null, each.person ? each.team.name : "the whole team"),
        );
        option.addEventListener("click", () => this.#choose(at));
        return option;
      }),
    );
    this.#mark();
  }

  #mark() {
    for (const [at, option] of Array.from(this.#list.children).entries())
      option.setAttribute("aria-selected", String(at === this.#at));
    const marked = this.#list.children[this.#at];
    if (marked) this.#input.setAttribute("aria-activedescendant", marked.id);
    else this.#input.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      event.preventDefault();
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.#at);
    }
  }

  /** @param {number} at */
  #choose(at) {
    const target = this.#found[at];
    if (target) emit(this, "chosen", target);
  }
}

/** @param {Target} target */
const nameOf = ({ team, person }) => (person ? `${person.name} ${person.username} ${team.name}` : team.name);

customElements.define("closeloop-handover", CloseloopHandover);
