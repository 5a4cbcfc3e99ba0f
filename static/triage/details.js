// @ts-check

/** So many rows ahead are fetched before somebody comes to them. */
const AHEAD = 3;
const KEPT = 40;
const FRESH_MS = 60_000;

/** Threads in full, fetched ahead so that going on costs nothing. */
export class Details {
  /** @type {Map<number, {at: number, value: Triage.Detail | null, asked: Promise<Triage.Detail>}>} */ #held =
    new Map();
  #api;

  /** @param {import("../lib/api.js").ApiClient} api */
  constructor(api) {
    this.#api = api;
  }

  /** What is here already. @param {number} id */
  now(id) {
    return this.#held.get(id)?.value ?? null;
  }

  /** @param {number} id @returns {Promise<Triage.Detail>} */
  get(id) {
    const held = this.#held.get(id);
    if (held && performance.now() - held.at < FRESH_MS) return held.asked;
    /** @type {{at: number, value: Triage.Detail | null, asked: Promise<Triage.Detail>}} */
    const entry = { at: performance.now(), value: held?.value ?? null, asked: this.#ask(id) };
    entry.asked.then(
      (value) => {
        entry.value = value;
      },
      () => {
        if (this.#held.get(id) === entry) this.#held.delete(id);
      },
    );
    this.#held.delete(id);
    this.#held.set(id, entry);
    const [oldest] = this.#held.keys();
    if (this.#held.size > KEPT && oldest !== undefined) this.#held.delete(oldest);
    return entry.asked;
  }

  /** @param {Triage.Row[]} rows @param {number} index of the cursor */
  ahead(rows, index) {
    for (const row of rows.slice(index + 1, index + 1 + AHEAD)) void this.get(row.id).catch(() => {});
  }

  /** Something about these changed. @param {Iterable<number>} ids */
  forget(ids) {
    for (const id of ids) {
      const held = this.#held.get(id);
      if (held) held.at = Number.NEGATIVE_INFINITY;
    }
  }

  /** @param {number} id @returns {Promise<Triage.Detail>} */
  #ask(id) {
    return this.#api.get(`/triage/tickets/${id}`);
  }
}
