// @ts-check
import { emit, fill, h } from "../lib/dom.js";
import { EVERYTHING, filterFrom, narrows } from "../triage/filter.js";
import { IMPACTS, STANDINGS } from "../triage/words.js";
import { initialsOf } from "./closeloop-message.js";

const PAUSE_MS = 300;

/** @typedef {{total: number, whole: number | null, minutes: number, state: string, people: Triage.Person[], unsaved: number, trouble: string | null, behind: boolean, isStale: boolean}} Status */
/** @typedef {{forums: {id: number, name: string}[], teams: Triage.Ref[], views: Triage.View[], filter: Triage.Filter, ways: Node[]}} Setup */

/** How many are left, who else is here, and what the queue is narrowed to. Emits filter {filter}, view {id}, save-view, drop-view {id}, retry. */
export class CloseloopTriageTop extends HTMLElement {
  #left = h("strong.left");
  #about = h("span.left-about");
  #people = h("span.people");
  #saving = h("span.saving", { role: "status" });
  #search = h("input", { type: "search", placeholder: "Search in the queue (F)", "aria-label": "Search in the queue" });
  #views = h("span.views");
  #filters = h("span.filters");
  #clear = h("button.link", { type: "button" }, "Show all");
  #ways = h("span.ways");
  /** @type {Triage.Filter} */ #filter = { ...EVERYTHING };
  #timer = 0;
  #seen = "";
  #offered = "";

  connectedCallback() {
    if (this.firstChild) return;
    this.append(
      h("div.top-line", null, h("h1", null, this.#left, this.#about), this.#saving, this.#people, this.#ways),
      h("div.top-line.narrowing", { role: "search" }, this.#search, this.#filters, this.#views, this.#clear),
    );
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#change({ q: this.#search.value.trim() }), PAUSE_MS);
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      clearTimeout(this.#timer);
      if (event.key === "Escape") this.#search.value = "";
      if (this.#search.value.trim() !== this.#filter.q) this.#change({ q: this.#search.value.trim() });
      emit(this, "done");
    });
    this.#clear.addEventListener("click", () => emit(this, "filter", { filter: { ...EVERYTHING } }));
  }

  /** To the search box. */
  find() {
    this.#search.focus();
    this.#search.select();
  }

  /** @param {Status} status */
  set status({ total, whole, minutes, state, people, unsaved, trouble, behind, isStale }) {
    const filter = this.#filter;
    const now = JSON.stringify([total, whole, minutes, state, people, unsaved, trouble, behind, isStale, filter]);
    if (now === this.#seen) return;
    this.#seen = now;
    this.#left.textContent = state === "loading" ? "…" : countWords(filter, total, whole);
    const isWork = filter.standing === "new" && total > 0 && state !== "loading";
    this.#about.textContent = isWork ? ` · about ${minutes} min` : "";
    fill(
      this.#saving,
      trouble
        ? [
            h("span.tag.bad", { title: trouble }, `${unsaved} not saved, retrying…`),
            h("button.link", { type: "button", onclick: () => emit(this, "retry") }, "Try now"),
          ]
        : unsaved > 2
          ? h("span.tag", null, `Saving ${unsaved}…`)
          : isStale
            ? h("span.tag.bad", null, "No news: Closeloop is not reached")
            : behind
              ? h("span.tag", { title: "Suggestions get better when that is done." }, "Still learning…")
              : null,
    );
    fill(
      this.#people,
      people.map(({ name }) =>
        h(
          "span.row-face",
          { title: `${name} is here too` },
          initialsOf(name) || "?",
          h("span.hidden-words", null, `${name} is here too. `),
        ),
      ),
    );
  }

  /** @param {Setup} setup */
  set setup({ forums, teams, views, filter, ways }) {
    // Drawn when it changed only: an open list of a select must not close because news came.
    const now = JSON.stringify([forums.map(({ id }) => id), teams.map(({ id, name }) => [id, name]), views, filter]);
    if (now === this.#offered) return;
    this.#offered = now;
    this.#filter = filter;
    if (document.activeElement !== this.#search) this.#search.value = filter.q;
    this.#clear.hidden = !narrows(filter);
    fill(
      this.#filters,
      this.#select("standing", "Standing", Object.entries(STANDINGS), ""),
      forums.length > 1
        ? this.#select(
            "forum_id",
            "Forum",
            forums.map(({ id, name }) => [String(id), name]),
            "All forums",
          )
        : null,
      this.#select(
        "team_id",
        "Team",
        teams.map(({ id, name }) => [String(id), name]),
        "All teams",
      ),
      this.#select(
        "impact",
        "Impact",
        IMPACTS.map(({ id, name }) => [id, name]),
        "Any impact",
      ),
      this.#select(
        "waiting_on",
        "Waiting on",
        [
          ["us", "Waiting on us"],
          ["customer", "Waiting on customer"],
        ],
        "Whoever waits",
      ),
    );
    fill(this.#views, this.#viewList(views, filter));
    fill(this.#ways, ways);
  }

  /** @param {keyof Triage.Filter} name @param {string} label @param {string[][]} options @param {string} all */
  #select(name, label, options, all) {
    const select = h(
      "select",
      { "aria-label": label, class: this.#filter[name] && this.#filter[name] !== EVERYTHING[name] ? "narrows" : null },
      all ? h("option", { value: "" }, all) : null,
      options.map(([value, words]) => h("option", { value }, words)),
    );
    select.value = this.#filter[name];
    select.addEventListener("change", () => this.#change({ [name]: select.value }));
    return select;
  }

  /** @param {Triage.View[]} views @param {Triage.Filter} filter */
  #viewList(views, filter) {
    const same = views.find((view) => JSON.stringify(filterFrom(view.filter)) === JSON.stringify(filter));
    return [
      ...views.map((view) =>
        h(
          "button.view",
          { type: "button", "aria-pressed": String(view === same), onclick: () => emit(this, "view", { id: view.id }) },
          view.name,
        ),
      ),
      same
        ? h("button.link", { type: "button", onclick: () => emit(this, "drop-view", { id: same.id }) }, "Delete view")
        : narrows(filter)
          ? h("button.link", { type: "button", onclick: () => emit(this, "save-view") }, "Save view…")
          : null,
    ];
  }

  /** @param {Partial<Triage.Filter>} change */
  #change(change) {
    emit(this, "filter", { filter: { ...this.#filter, ...change } });
  }
}

/** "35 left"; "2 of 35" when narrowed; "1 snoozed". @param {Triage.Filter} filter @param {number} total @param {number | null} whole */
function countWords(filter, total, whole) {
  const count = total.toLocaleString("en");
  if (filter.standing === "snoozed") return `${count} snoozed`;
  if (filter.standing === "no_action") return `${count} set aside`;
  if (!narrows(filter)) return `${count} left`;
  return whole === null || whole < total ? `${count} found` : `${count} of ${whole.toLocaleString("en")}`;
}

customElements.define("closeloop-triage-top", CloseloopTriageTop);
