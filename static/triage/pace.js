// @ts-check

/** A thread that lay under the cursor longer than this was left lying, not decided about. */
const MOST_SECONDS = 600;
/** Until somebody has decided a few. */
const USUAL_SECONDS = 8;
const ENOUGH = 3;

/** How fast this person decides: what goes into the flight recorder, and how long the rest will take. */
export class Pace {
  decided = 0;
  /** Threads that went to the first suggestion, of those that had one. */ first = 0;
  suggested = 0;
  /** When the first and the last decision of this sitting were made. */ began = 0;
  ended = 0;
  /** Seconds a decision, as the server remembers them. @type {number | null} */ known = null;
  /** @type {number[]} */ #seconds = [];
  #since = performance.now();
  #hiddenAt = 0;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    document.addEventListener(
      "visibilitychange",
      () => {
        // Nobody decides about what nobody sees.
        if (document.hidden) this.#hiddenAt = performance.now();
        else if (this.#hiddenAt) this.#since += performance.now() - this.#hiddenAt;
      },
      { signal },
    );
  }

  /** Another thread lies under the cursor. */
  turn() {
    this.#since = performance.now();
  }

  /** Seconds since then. */
  seconds() {
    return Math.round(Math.min(MOST_SECONDS, (performance.now() - this.#since) / 1000) * 100) / 100;
  }

  /** @param {number} seconds each @param {(number | null)[]} ranks of the suggestion that was taken; null where there was none */
  note(seconds, ranks) {
    const now = performance.now();
    this.began ||= now - seconds * 1000 * ranks.length;
    this.ended = now;
    this.decided += ranks.length;
    this.suggested += ranks.filter((rank) => rank !== null).length;
    this.first += ranks.filter((rank) => rank === 1).length;
    for (const _ of ranks) this.#seconds.push(seconds);
  }

  /** Undone. @param {(number | null)[]} ranks */
  unnote(ranks) {
    this.decided = Math.max(0, this.decided - ranks.length);
    this.suggested = Math.max(0, this.suggested - ranks.filter((rank) => rank !== null).length);
    this.first = Math.max(0, this.first - ranks.filter((rank) => rank === 1).length);
  }

  /** About how many minutes so many threads will take. @param {number} left */
  minutes(left) {
    const own = this.#seconds.slice(-20).sort((one, other) => one - other);
    const each = own.length >= ENOUGH ? /** @type {number} */ (own[own.length >> 1]) : (this.known ?? USUAL_SECONDS);
    return Math.max(1, Math.ceil((left * Math.max(1, each)) / 60));
  }

  /** How long this sitting took, in seconds. */
  get lasted() {
    return (this.ended - this.began) / 1000;
  }
}
