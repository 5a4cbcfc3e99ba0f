// @ts-check
import { busy } from "../lib/busy.js";
import { emit, h, keyed, outside } from "../lib/dom.js";
import { plural } from "../lib/words.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, findings: Api.AuditFinding[], teams: Api.Team[]}} Setup */

/** What of the map does not fit any more, each with the proposed change: made here by one press where it can be. Set `setup`. Emits teams-changed. */
export class CloseloopAudit extends HTMLElement {
  #title = h("h3");
  #list = h("ul.findings");
  #problem = h("closeloop-problem");
  /** @type {Setup | null} */ #setup = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.append(this.#title, this.#problem, this.#list);
  }

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { findings } = setup;
    this.hidden = findings.length === 0;
    this.#title.textContent = `The map: ${plural(findings.length, "thing")} to change`;
    keyed(
      this.#list,
      findings,
      (finding) => JSON.stringify(finding),
      (finding) => this.#line(finding),
    );
  }

  /** @param {Api.AuditFinding} finding */
  #line(finding) {
    const change = this.#change(finding);
    const button = change ? h("button", { type: "button" }, change.words) : null;
    button?.addEventListener(
      "click",
      () => void busy(button, () => this.#try(/** @type {any} */ (change).run), "Changing…"),
    );
    return h(
      "li.finding",
      null,
      h("p", null, finding.text),
      h("p.proposal", null, finding.proposal),
      h(
        "div.group-ways",
        null,
        finding.words.length ? this.#teach(finding.words) : null,
        button,
        finding.url ? outside(finding.url, change ? "See the card" : "Change it on the card") : null,
      ),
    );
  }

  /** The change that can be made from here. @param {Api.AuditFinding} finding @returns {{words: string, run: () => Promise<unknown>} | null} */
  #change({ kind, keyword, area_id, move_to_area_id }) {
    const area = this.#area(area_id);
    if (kind !== "misleading_word" || !keyword || !area) return null;
    const without = (/** @type {string[]} */ words) => words.filter((word) => word !== keyword);
    const added = area.added_keywords.includes(keyword);
    // A card's own keywords are changed on the card: the next reading would bring the word back.
    if (!added && area.card_url !== null) return null;
    const { api } = /** @type {Setup} */ (this.#setup);
    const body = added ? { added_keywords: without(area.added_keywords) } : { keywords: without(area.keywords) };
    const remove = () => api.call("PUT", `/areas/${area.id}`, { body });
    const target = this.#area(move_to_area_id);
    if (!target) return { words: `Remove “${keyword}” from ${area.name}`, run: remove };
    const move = async () => {
      await api.post(`/areas/${target.id}/keywords`, { keyword });
      await remove();
    };
    return { words: `Move “${keyword}” to ${target.name}`, run: move };
  }

  /** Give a word to an area. @param {string[]} words */
  #teach(words) {
    const { api, teams } = /** @type {Setup} */ (this.#setup);
    const word = h(
      "select",
      { "aria-label": "Word" },
      words.map((each) => h("option", { value: each }, each)),
    );
    const area = h(
      "select",
      { "aria-label": "Area" },
      teams.map((team) =>
        h(
          "optgroup",
          { label: team.name },
          team.areas.map(({ id, name }) => h("option", { value: id }, name)),
        ),
      ),
    );
    const add = h("button", { type: "button" }, "Give");
    add.addEventListener(
      "click",
      () => void busy(add, () => this.#try(() => api.post(`/areas/${area.value}/keywords`, { keyword: word.value }))),
    );
    return teams.some(({ areas }) => areas.length) ? h("span.teach", null, "Give", word, "to", area, add) : null;
  }

  /** @param {number | null} id */
  #area(id) {
    const { teams } = /** @type {Setup} */ (this.#setup);
    return teams.flatMap(({ areas }) => areas).find((area) => area.id === id);
  }

  /** @param {() => Promise<unknown>} act */
  async #try(act) {
    this.#problem.clear();
    try {
      await act();
      emit(this, "teams-changed", { said: "Changed." });
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-audit", CloseloopAudit);
