// @ts-check
import { EVERYTHING, narrows, query } from "./filter.js";
import { compare, placeFor } from "./order.js";
import { Truth } from "./truth.js";

/** @typedef {import("../lib/api.js").ApiClient} Api */

const PAGE = 50;
/** The most that the server gives at once. */
const MOST = 100;
/** Rows below the last shown one when the next page is asked for. */
const AHEAD = 25;

/** The rows of the queue, the cursor and the selection. `changed` is called after every change; nothing here touches the screen. */
export class Queue {
  /** @type {Triage.Row[]} */ rows = [];
  /** Rows that somebody else took, with words that say so; they go when nobody looks. @type {Map<number, string>} */ ghosts =
    new Map();
  /** @type {Set<number>} */ selected = new Set();
  /** @type {number | null} */ cursor = null;
  /** @type {Triage.Filter} */ filter = { ...EVERYTHING };
  /** How many there are, those not loaded too. */ total = 0;
  /** How many wait for a decision at all, whatever this is narrowed to. @type {number | null} */ whole = null;
  /** @type {"loading" | "ready" | "failed"} */ state = "loading";
  /** @type {unknown} */ error = null;
  truth = new Truth();
  /** @type {() => void} */ changed = () => {};
  #api;
  /** @type {string | null} */ #next = null;
  #asking = new AbortController();
  /** Whether `total` is of this filter. */ #isCounted = false;
  /** @type {Promise<void> | null} */ #more = null;
  /** @type {Map<number, Triage.Row>} */ #byId = new Map();

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @param {number | null} id */
  get(id) {
    return id === null ? undefined : this.#byId.get(id);
  }

  get index() {
    return this.cursor === null ? -1 : this.rows.findIndex(({ id }) => id === this.cursor);
  }

  get isWhole() {
    return this.#next === null;
  }

  /** What a key acts on: the selection, else the row under the cursor; never what somebody else took. @returns {Triage.Row[]} */
  get targets() {
    const ids = this.selected.size ? [...this.selected] : [this.cursor];
    return ids.flatMap((id) => (id !== null && !this.ghosts.has(id) ? (this.#byId.get(id) ?? []) : []));
  }

  /** Begin anew, narrowed as said. @param {Triage.Filter} [filter] */
  async load(filter = this.filter) {
    this.#asking.abort();
    const asking = new AbortController();
    Object.assign(this, { filter, state: "loading", error: null, rows: [], cursor: null });
    this.#asking = asking;
    this.#more = null;
    this.#next = null;
    this.#isCounted = false;
    this.#byId.clear();
    this.ghosts.clear();
    this.selected.clear();
    this.changed();
    const asked = performance.now();
    try {
      const page = await this.#ask({ limit: PAGE });
      if (asking.signal.aborted) return;
      this.state = "ready";
      this.#append(page, asked);
      this.cursor = this.rows[0]?.id ?? null;
    } catch (error) {
      if (asking.signal.aborted) return;
      [this.state, this.error] = ["failed", error];
    }
    this.changed();
  }

  /** The next page, when the end comes near. @param {number} lastShown index of the last row on the screen */
  async reach(lastShown) {
    if (this.#next === null || this.#more || this.rows.length - lastShown > AHEAD) return;
    const { signal } = this.#asking;
    const asked = performance.now();
    this.#more = this.#ask({ cursor: this.#next, limit: PAGE }).then((page) => {
      if (!signal.aborted) this.#append(page, asked);
    });
    try {
      await this.#more;
      if (!signal.aborted) this.changed();
    } catch {
      // The next scroll or the next news ask again.
    } finally {
      if (!signal.aborted) this.#more = null;
    }
  }

  /** News: what came, went or changed, without moving the row under the cursor. `force`: its suggestions may change too. */
  async refresh({ force = false } = {}) {
    if (this.state !== "ready") return;
    const { signal } = this.#asking;
    const asked = performance.now();
    const limit = Math.min(MOST, Math.max(PAGE, this.rows.length));
    const page = await this.#ask({ limit });
    if (signal.aborted) return;
    this.#merge(page, asked, force);
    this.changed();
  }

  /** @param {number} id */
  moveTo(id) {
    if (id === this.cursor || !this.#byId.has(id)) return;
    this.cursor = id;
    this.sweep();
    this.changed();
  }

  /** @param {number} step rows down; up when negative */
  move(step) {
    const at = Math.min(this.rows.length - 1, Math.max(0, this.index + step));
    const row = this.rows[at];
    if (row) this.moveTo(row.id);
  }

  /** @param {number} id */
  toggle(id) {
    if (this.ghosts.has(id) || !this.#byId.has(id)) return;
    if (!this.selected.delete(id)) this.selected.add(id);
    this.changed();
  }

  /** @param {Iterable<number>} ids */
  select(ids) {
    this.selected = new Set([...ids].filter((id) => this.#byId.has(id) && !this.ghosts.has(id)));
    this.changed();
  }

  /** Take rows away at once; the cursor goes on to the next one that stays. @param {Iterable<number>} ids */
  remove(ids) {
    const leaving = new Set(ids);
    const at = this.index;
    if (this.cursor !== null && leaving.has(this.cursor)) {
      const next =
        this.rows.slice(at + 1).find(({ id }) => !leaving.has(id) && !this.ghosts.has(id)) ??
        this.rows.slice(0, at).findLast(({ id }) => !leaving.has(id) && !this.ghosts.has(id));
      this.cursor = next?.id ?? null;
    }
    this.truth.decide(leaving, false);
    this.#drop(leaving);
    this.#add(-leaving.size);
    this.sweep();
    this.changed();
  }

  /** Put rows back where they belong; the cursor goes to the first of them. @param {Triage.Row[]} rows */
  restore(rows) {
    for (const row of rows) {
      this.#insert(row);
      this.ghosts.delete(row.id);
    }
    this.#add(rows.length);
    this.cursor = rows[0]?.id ?? this.cursor;
    this.changed();
  }

  /** Somebody else was faster: the row says so for a while. @param {number} id @param {string} words @param {Triage.Row} [row] if it was taken away already */
  leave(id, words, row) {
    if (row && !this.#byId.has(id)) this.#insert(row);
    else if (this.#byId.has(id) && !this.ghosts.has(id)) this.#add(-1);
    if (!this.#byId.has(id)) return;
    this.ghosts.set(id, words);
    this.selected.delete(id);
  }

  /** Rows that somebody else took go for good: below the cursor and, as soon as it moves, above it. @param {{above?: boolean}} [which] @returns {boolean} whether any went */
  sweep({ above = true } = {}) {
    const at = this.index;
    const nothingElse = this.rows.every(({ id }) => this.ghosts.has(id));
    const going = this.rows.filter(
      ({ id }, index) => this.ghosts.has(id) && (nothingElse || (id !== this.cursor && (above || index > at))),
    );
    if (nothingElse) this.cursor = null;
    this.#drop(new Set(going.map(({ id }) => id)));
    return going.length > 0;
  }

  /** The server's count. While a decision is on its way nobody knows whether it is counted: our own count goes on. @param {number} count @param {number} asked */
  counted(count, asked) {
    if (this.truth.counts(asked)) this.total = count;
    else if (!this.#isCounted) this.total = Math.max(0, count + this.truth.correction(asked));
    this.#isCounted = true;
  }

  /** The server's count of all that wait, whatever this is narrowed to. @param {number} count @param {number} asked */
  countedWhole(count, asked) {
    if (this.whole === null || this.truth.counts(asked)) this.whole = count;
    if (!narrows(this.filter)) this.counted(count, asked);
  }

  /** @param {number} rows */
  #add(rows) {
    this.total = Math.max(0, this.total + rows);
    if (this.whole !== null && this.filter.standing === "new") this.whole = Math.max(0, this.whole + rows);
  }

  /** @param {{cursor?: string | null, limit: number}} page @returns {Promise<Triage.Page>} */
  #ask(page) {
    return this.#api.get(`/triage/queue?${query(this.filter, page)}`, { signal: this.#asking.signal });
  }

  /** @param {Triage.Page} page @param {number} asked */
  #append(page, asked) {
    for (const row of page.rows) {
      if (this.#byId.has(row.id) || !this.truth.believes(row.id, asked)) continue;
      this.rows.push(row);
      this.#byId.set(row.id, row);
    }
    this.#next = page.next_cursor;
    this.counted(page.count, asked);
  }

  /** @param {Triage.Page} page @param {number} asked @param {boolean} force */
  #merge(page, asked, force) {
    for (const row of page.rows) {
      if (!this.truth.believes(row.id, asked)) continue;
      this.truth.forget([row.id]);
      const known = this.#byId.get(row.id);
      if (known) this.#update(known, row, force);
      else this.#insert(row);
      if (this.ghosts.delete(row.id)) this.#add(1);
    }
    const end = page.rows.at(-1);
    const there = new Set(page.rows.map(({ id }) => id));
    for (const row of this.rows) {
      const isPast = page.next_cursor !== null && (!end || compare(row, end) > 0);
      if (there.has(row.id) || isPast || !this.truth.believes(row.id, asked)) continue;
      if (!this.ghosts.has(row.id)) this.leave(row.id, "It has left the queue");
    }
    this.counted(page.count, asked);
    this.cursor ??= this.rows.find(({ id }) => !this.ghosts.has(id))?.id ?? null;
  }

  /** @param {Triage.Row} known @param {Triage.Row} row @param {boolean} force */
  #update(known, row, force) {
    const isUnderCursor = known.id === this.cursor;
    const moves = !isUnderCursor && compare(known, row) !== 0;
    const { choices, person } = known;
    Object.assign(known, row);
    // What Enter means must not change under somebody's finger.
    if (isUnderCursor && !force && choices.length) Object.assign(known, { choices, person });
    if (!moves) return;
    this.#drop(new Set([known.id]));
    this.#insert(known);
  }

  /** @param {Triage.Row} row */
  #insert(row) {
    if (this.#byId.has(row.id)) return;
    this.rows.splice(placeFor(this.rows, row), 0, row);
    this.#byId.set(row.id, row);
  }

  /** @param {Set<number>} ids */
  #drop(ids) {
    if (!ids.size) return;
    this.rows = this.rows.filter(({ id }) => !ids.has(id));
    for (const id of ids) {
      this.#byId.delete(id);
      this.ghosts.delete(id);
      this.selected.delete(id);
    }
  }
}
