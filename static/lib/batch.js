// @ts-check

/**
 * Gathers the keys asked for within a few milliseconds into one question. Each key is asked once a round; a failed round
 * rejects every asker of it.
 * @template V
 */
export class Batch {
  #ask;
  #limit;
  #pause;
  /** @type {Map<string, {promise: Promise<V | undefined>, resolve: (value: V | undefined) => void, reject: (error: unknown) => void}>} */
  #waiting = new Map();
  #timer = 0;

  /**
   * @param {(keys: string[]) => Promise<Record<string, V>>} ask
   * @param {{limit: number, pause?: number}} options at most `limit` keys a question; `pause` milliseconds of gathering.
   */
  constructor(ask, { limit, pause = 15 }) {
    this.#ask = ask;
    this.#limit = limit;
    this.#pause = pause;
  }

  /** @param {string} key @returns {Promise<V | undefined>} undefined when the answer does not name the key. */
  get(key) {
    const already = this.#waiting.get(key);
    if (already) return already.promise;
    let settle = /** @type {any} */ (null);
    const promise = /** @type {Promise<V | undefined>} */ (
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
      })
    );
    this.#waiting.set(key, { promise, ...settle });
    this.#timer ||= window.setTimeout(() => this.#flush(), this.#pause);
    return promise;
  }

  #flush() {
    this.#timer = 0;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (let start = 0; start < all.length; start += this.#limit)
      void this.#round(new Map(all.slice(start, start + this.#limit)));
  }

  /** @param {Map<string, {resolve: (value: V | undefined) => void, reject: (error: unknown) => void}>} round */
  async #round(round) {
    try {
      const answer = await this.#ask([...round.keys()]);
      for (const [key, { resolve }] of round) resolve(Object.hasOwn(answer, key) ? answer[key] : undefined);
    } catch (error) {
      for (const { reject } of round.values()) reject(error);
    }
  }
}
