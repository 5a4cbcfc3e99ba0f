// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, outside } from "../lib/dom.js";
import { listed } from "../lib/forums.js";
import "./closeloop-area-form.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, area: Api.Area, people: Api.TeamPerson[], teams: Api.Team[], isAdmin: boolean}} Setup */

/** One area with the words that point to it. Words added from the triage page can be taken away here. Emits teams-changed. */
export class CloseloopArea extends HTMLElement {
  #head = h("div.area-head");
  #words = h("div.words-list");
  #ways = h("div.area-ways");
  #problem = h("closeloop-problem");
  /** @type {Setup | null} */ #setup = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.append(this.#head, this.#words, this.#problem, this.#ways);
    this.#ways.addEventListener("closeloop-closed", () => this.#rest());
  }

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { area } = setup;
    fill(
      this.#head,
      h("strong", null, area.card_url ? outside(area.card_url, area.name) : area.name),
      area.owners.length ? h("span.quiet", null, listed(area.owners.map(({ name }) => name))) : null,
    );
    fill(
      this.#words,
      area.keywords.map((word) => h("span.word", null, word)),
      area.added_keywords.map((word) => this.#added(word)),
      area.keywords.length + area.added_keywords.length
        ? null
        : h("span.quiet", null, "No keywords: nothing can point to it."),
    );
    if (!this.#ways.querySelector("form")) this.#rest();
  }

  get #given() {
    return /** @type {Setup} */ (this.#setup);
  }

  /** @param {string} word */
  #added(word) {
    const { area, isAdmin } = this.#given;
    if (!isAdmin) return h("span.word.added", { title: "Added from the triage page" }, word);
    const away = h("button.word-away", { type: "button", "aria-label": `Take away “${word}”` }, "×");
    const rest = area.added_keywords.filter((each) => each !== word);
    away.addEventListener("click", () => void busy(away, () => this.#try("PUT", { added_keywords: rest })));
    return h("span.word.added", { title: "Added here or from the triage page, not on the board" }, word, away);
  }

  #rest() {
    const { area, isAdmin } = this.#given;
    const fromBoard = area.card_url !== null;
    fill(
      this.#ways,
      isAdmin ? h("button.link", { type: "button", onclick: () => this.#addWord() }, "Add a word") : null,
      isAdmin && !fromBoard ? h("button.link", { type: "button", onclick: () => this.#edit() }, "Edit") : null,
      isAdmin && !fromBoard ? h("button.link", { type: "button", onclick: () => this.#sure() }, "Remove…") : null,
    );
    this.#ways.hidden = !isAdmin;
  }

  #addWord() {
    const { api, area } = this.#given;
    const word = h("input", {
      type: "text",
      name: "keyword",
      maxlength: 60,
      "aria-label": `A word that points to ${area.name}`,
      placeholder: "A word, or a few",
    });
    const add = h("button", { type: "submit" }, "Add");
    const form = h(
      "form.copy-row",
      { novalidate: true },
      word,
      add,
      h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Cancel"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!word.value.trim()) return;
      void busy(add, async () => {
        this.#problem.clear();
        try {
          await api.post(`/areas/${area.id}/keywords`, { keyword: word.value.trim() });
          this.#rest();
          emit(this, "teams-changed");
        } catch (error) {
          this.#problem.show(error);
        }
      });
    });
    fill(this.#ways, form);
    word.focus();
  }

  #edit() {
    const { api, area, people, teams } = this.#given;
    const teamId = teams.find(({ areas }) => areas.some(({ id }) => id === area.id))?.id ?? 0;
    const form = h("closeloop-area-form");
    form.setup = { api, teamId, area, people, teams };
    fill(this.#ways, form);
    form.focus();
  }

  #sure() {
    const yes = h("button.danger", { type: "button" }, "Remove");
    yes.addEventListener("click", () => void busy(yes, () => this.#try("DELETE"), "Removing…"));
    fill(
      this.#ways,
      h("p", null, `Remove “${this.#given.area.name}”? Its threads stay with the team.`),
      yes,
      h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Keep it"),
    );
    yes.focus();
  }

  /** @param {string} method @param {unknown} [body] */
  async #try(method, body) {
    this.#problem.clear();
    try {
      await this.#given.api.call(method, `/areas/${this.#given.area.id}`, body ? { body } : {});
      emit(this, "teams-changed");
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-area", CloseloopArea);
