// @ts-check

/** Calls `work` again and again while the page is seen. The next call waits for the last one's end; a hidden page rests. */
export class Poll {
  #work;
  #pause;
  #timer = 0;
  #busy = false;
  #again = false;
  #stopped = false;

  /** @param {() => Promise<unknown>} work @param {() => number} pause milliseconds until the next call, asked each time. @param {AbortSignal} signal ends it. */
  constructor(work, pause, signal) {
    this.#work = work;
    this.#pause = pause;
    document.addEventListener("visibilitychange", () => this.#wake(), { signal });
    signal.addEventListener("abort", () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
    });
  }

  /** Do it now, and go on from there. */
  async now() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#busy = true;
    try {
      await this.#work();
    } finally {
      this.#busy = false;
      this.#plan();
    }
  }

  #plan() {
    clearTimeout(this.#timer);
    if (this.#stopped || document.hidden) return;
    const pause = this.#again ? 0 : this.#pause();
    this.#again = false;
    this.#timer = window.setTimeout(() => void this.now(), pause);
  }

  #wake() {
    if (document.hidden) clearTimeout(this.#timer);
    // A call from before the rest may have waited in it: its answer is old, so that another one follows it.
    else void this.now();
  }
}
