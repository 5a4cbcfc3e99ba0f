// @ts-check
import { ProblemError } from "../lib/api.js";
import * as drafts from "../lib/drafts.js";

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * @typedef {object} Job what goes to the server
 * @property {string} key
 * @property {string} method
 * @property {string} path
 * @property {unknown} body
 * @property {string} words for a person: "Deployments: Agent offline"
 * @property {(answer: any) => void} [done]
 * @property {(error: ProblemError) => void} [failed] the server does not want it
 */

/**
 * Sends what was decided, one after another, in the background. What cannot be sent now is tried again; what outlives the page
 * is sent when it is opened again. A request sent twice does nothing twice: each carries its own id.
 */
export class Outbox {
  /** @type {() => void} */ changed = () => {};
  /** Since when nothing gets through; null when all is well. @type {ProblemError | null} */ trouble = null;
  /** @type {Job[]} */ #jobs = [];
  #api;
  #key;
  #running = false;
  /** @type {Job | null} */ #sending = null;
  /** By key. @type {Map<string, ReturnType<typeof setTimeout>>} */ #held = new Map();
  #tries = 0;
  /** @type {() => void} */ #wake = () => {};

  /** @param {import("../lib/api.js").ApiClient} api @param {string} owner whose decisions they are: nobody else's page sends them @param {AbortSignal} signal */
  constructor(api, owner, signal) {
    this.#api = api;
    this.#key = `triage:${owner}`;
    window.addEventListener("online", () => this.retry(), { signal });
    window.addEventListener(
      "beforeunload",
      (event) => {
        if (this.#jobs.length) event.preventDefault();
      },
      { signal },
    );
  }

  get size() {
    return this.#jobs.length;
  }

  /** Send what an earlier page could not. @param {(job: Job) => Job} known what this page knows of it */
  resume(known) {
    /** @type {Job[]} */
    const left = JSON.parse(drafts.load(this.#key) || "[]");
    this.#jobs.push(...left.map(known));
    void this.#run();
  }

  /** @param {Job} job @param {number} [held] milliseconds in which it can still be taken back; the others do not wait for it */
  add(job, held = 0) {
    if (held) {
      this.#held.set(
        job.key,
        setTimeout(() => {
          this.#held.delete(job.key);
          void this.#run();
        }, held),
      );
    }
    this.#jobs.push(job);
    this.#keep();
    void this.#run();
  }

  /** Take back what has not been sent yet. @param {string} key @returns {boolean} whether it was still here */
  drop(key) {
    const at = this.#jobs.findIndex((job) => job.key === key && job !== this.#sending);
    if (at < 0) return false;
    clearTimeout(this.#held.get(key));
    this.#held.delete(key);
    this.#jobs.splice(at, 1);
    this.#keep();
    return true;
  }

  /** Try now. */
  retry() {
    this.#wake();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let job = this.#first(); job; job = this.#first()) {
      this.#sending = job;
      try {
        const answer = await this.#api.call(job.method, job.path, { body: job.body });
        this.#next();
        job.done?.(answer);
      } catch (error) {
        const problem = error instanceof ProblemError ? error : oddly(error);
        if (problem.isPassing || problem.status === 401) await this.#rest(problem);
        else {
          this.#next();
          job.failed?.(problem);
        }
      }
    }
    this.#running = false;
    this.changed();
  }

  #first() {
    this.#sending = null;
    return this.#jobs.find(({ key }) => !this.#held.has(key));
  }

  #next() {
    this.#jobs = this.#jobs.filter((job) => job !== this.#sending);
    this.#tries = 0;
    this.trouble = null;
    this.#keep();
  }

  /** @param {ProblemError} problem */
  async #rest(problem) {
    this.trouble = problem;
    this.changed();
    const pause = problem.retryAfter
      ? problem.retryAfter * 1000
      : PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)];
    this.#tries += 1;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(null);
      };
    });
  }

  #keep() {
    drafts.save(this.#key, this.#jobs.length ? JSON.stringify(this.#jobs) : "");
    this.changed();
  }
}

/** @param {unknown} error */
function oddly(error) {
  console.error(error);
  return new ProblemError({ code: "internal", status: 400, title: "Something went wrong on this page" });
}
