// @ts-check

/**
 * What this page knows better than an answer that is on its way: which threads its own decisions took out of the queue or
 * brought back. An answer that was asked for before the server had the decision is old news about that thread.
 */
export class Truth {
  /** @type {Map<number, {here: boolean, settledAt: number}>} */ #opinions = new Map();

  /** @param {Iterable<number>} ids @param {boolean} here whether they stand in the queue, as we have just decided */
  decide(ids, here) {
    for (const id of ids) this.#opinions.set(id, { here, settledAt: Number.POSITIVE_INFINITY });
  }

  /** The server knows it now too. @param {Iterable<number>} ids @param {boolean} here @param {number} [now] */
  settle(ids, here, now = performance.now()) {
    for (const id of ids) {
      const opinion = this.#opinions.get(id);
      // Decided anew meanwhile: that one is still on its way.
      if (opinion?.here === here) opinion.settledAt = now;
    }
  }

  /** @param {Iterable<number>} ids */
  forget(ids) {
    for (const id of ids) this.#opinions.delete(id);
  }

  /** Whether an answer asked for at that time may be believed about this thread. @param {number} id @param {number} asked */
  believes(id, asked) {
    const opinion = this.#opinions.get(id);
    return !opinion || opinion.settledAt < asked;
  }

  /** Whether a count asked for at that time holds everything that was decided here: else nobody can say what it holds. @param {number} asked */
  counts(asked) {
    return [...this.#opinions.values()].every(({ settledAt }) => settledAt < asked);
  }

  /** By how much a count asked for at that time is too small, if it holds nothing of what is on its way. @param {number} asked */
  correction(asked) {
    let sum = 0;
    for (const { here, settledAt } of this.#opinions.values()) if (settledAt >= asked) sum += here ? 1 : -1;
    return sum;
  }
}
