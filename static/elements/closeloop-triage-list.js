// @ts-check
import { emit, h } from "../lib/dom.js";
import "./closeloop-pill.js";
import "./closeloop-triage-row.js";

/** Rows drawn beyond the edge of what is seen. */
const SPARE = 6;

/** @typedef {import("../triage/queue.js").Queue} Queue */
/** @typedef {{queue: Queue, offers: (row: Triage.Row) => import("../triage/teams.js").Offer[], people: (id: number) => Triage.Person[]}} Shown */

/**
 * The queue as a list of which only the rows in sight exist. Whatever comes or goes, the row under the cursor stays where it is
 * on the screen. Emits choose {id}, toggle {id}, take {id, at}.
 */
export class CloseloopTriageList extends HTMLElement {
  #canvas = h("div.queue-canvas", { role: "presentation" });
  /** @type {Map<number, import("./closeloop-triage-row.js").CloseloopTriageRow>} */ #shown = new Map();
  /** @type {Shown | null} */ #given = null;
  #height = 0;
  /** @type {{id: number | null, index: number}} */ #cursor = { id: null, index: -1 };
  #frame = 0;
  #ends = new AbortController();

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    this.setAttribute("role", "listbox");
    this.setAttribute("aria-multiselectable", "true");
    this.setAttribute("aria-label", "Threads to triage");
    this.tabIndex = 0;
    this.append(this.#canvas);
    this.addEventListener("scroll", () => this.#soon(), { signal, passive: true });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    const size = new ResizeObserver(() => {
      this.#height = 0;
      this.draw();
    });
    size.observe(this);
    signal.addEventListener("abort", () => size.disconnect());
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  /** @param {Shown} given */
  set content(given) {
    this.#given = given;
    this.draw();
  }

  /** Rows on one screen. */
  get page() {
    return Math.max(1, Math.floor(this.clientHeight / this.#rowHeight()) - 1);
  }

  draw() {
    const given = this.#given;
    if (!given || !this.isConnected) return;
    const { queue } = given;
    const height = this.#rowHeight();
    const index = queue.index;
    this.#canvas.style.height = `${queue.rows.length * height}px`;
    this.#keepPlace(queue.cursor, index, height);
    this.#cursor = { id: queue.cursor, index };
    this.#rows(given, height, index);
    if (queue.cursor === null || !this.#shown.has(queue.cursor)) this.removeAttribute("aria-activedescendant");
    else this.setAttribute("aria-activedescendant", `row-${queue.cursor}`);
  }

  /** The same row stays where it is on the screen; another one is brought into sight. @param {number | null} id @param {number} index @param {number} height */
  #keepPlace(id, index, height) {
    if (index < 0) return;
    const before = this.#cursor;
    const seen = this.clientHeight;
    if (before.id === id && before.index >= 0) {
      const y = before.index * height - this.#top;
      if (index !== before.index && y > -height && y < seen) this.scrollTop = index * height - y;
      return;
    }
    const top = index * height;
    const margin = Math.min(height, Math.max(0, (seen - height) / 2));
    if (top - margin < this.#top) this.scrollTop = top - margin;
    else if (top + height + margin > this.#top + seen) this.scrollTop = top + height + margin - seen;
  }

  /** @param {Shown} given @param {number} height @param {number} cursor */
  #rows({ queue, offers, people }, height, cursor) {
    const from = Math.max(0, Math.floor(this.scrollTop / height) - SPARE);
    const to = Math.min(queue.rows.length, Math.ceil((this.scrollTop + this.clientHeight) / height) + SPARE);
    const wanted = new Set(queue.rows.slice(from, to).map(({ id }) => id));
    for (const [id, element] of this.#shown) {
      if (wanted.has(id)) continue;
      element.remove();
      this.#shown.delete(id);
    }
    for (let at = from; at < to; at += 1) {
      const row = /** @type {Triage.Row} */ (queue.rows[at]);
      let element = this.#shown.get(row.id);
      if (!element) {
        element = h("closeloop-triage-row");
        this.#shown.set(row.id, element);
        this.#canvas.append(element);
      }
      element.style.transform = `translateY(${at * height}px)`;
      element.show({
        row,
        offers: offers(row),
        ghost: queue.ghosts.get(row.id) ?? null,
        people: people(row.id),
        isCursor: at === cursor,
        isSelected: queue.selected.has(row.id),
        at,
        of: Math.max(queue.total, queue.rows.length),
      });
    }
    void queue.reach(to);
  }

  /** How far it is scrolled. @returns {number} */
  get #top() {
    return this.scrollTop;
  }

  #rowHeight() {
    this.#height ||= Number.parseFloat(getComputedStyle(this).getPropertyValue("--row-height")) || 84;
    return this.#height;
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#given) this.#rows(this.#given, this.#rowHeight(), this.#given.queue.index);
    });
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {HTMLElement | null} */ (target.closest("closeloop-triage-row"));
    if (!row) return;
    const id = Number(row.dataset.id);
    const team = /** @type {HTMLElement | null} */ (target.closest("[data-team]"));
    if (team) emit(this, "take", { id, at: Number(team.dataset.team) });
    else if (target.closest("[data-check]") || event.ctrlKey || event.metaKey) emit(this, "toggle", { id });
    else if (event.shiftKey) emit(this, "stretch", { id });
    else emit(this, "choose", { id });
  }
}

customElements.define("closeloop-triage-list", CloseloopTriageList);
