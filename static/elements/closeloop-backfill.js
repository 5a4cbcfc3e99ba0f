// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, uid } from "../lib/dom.js";
import { Poll } from "../lib/poll.js";
import { plural } from "../lib/words.js";
import "./closeloop-problem.js";

const REFRESH_MS = 3_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** @typedef {{api: import('../lib/api.js').ApiClient, forum: Api.Forum, isAdmin: boolean}} Setup */

/** How far a forum's history is read: a progress bar that keeps itself true, pause and resume, and reading further back. Set `setup`. */
export class CloseloopBackfill extends HTMLElement {
  /** @type {Setup | null} */ #setup = null;
  /** @type {Api.Backfill | null} */ #now = null;
  /** What the buttons were drawn for. @type {string | null} */ #drawn = null;
  #id = uid("backfill");
  #title = h("strong", { id: this.#id }, "History");
  #words = h("p.quiet.backfill-words");
  #bar = h("progress", { max: "1", "aria-labelledby": this.#id });
  #ways = h("div.group-ways");
  #problem = document.createElement("closeloop-problem");
  /** @type {Poll | null} */ #poll = null;
  #gone = new AbortController();

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    this.#drawn = null;
    this.#problem.clear();
    fill(this, this.#title, this.#bar, this.#words, this.#problem, this.#ways);
    this.#draw(setup.forum.backfill);
  }

  connectedCallback() {
    this.#gone = new AbortController();
    this.#poll = new Poll(
      () => this.#refresh(),
      () => REFRESH_MS,
      this.#gone.signal,
    );
    if (this.#now?.state === "running") void this.#poll.now();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  async #refresh() {
    if (this.#now?.state !== "running" || !this.#setup) return;
    const { api, forum } = this.#setup;
    try {
      this.#draw(await api.get(`/forums/${forum.id}/backfill`));
      // How many threads there are stands beside it.
      if (this.#now?.state !== "running") emit(this, "changed");
    } catch {
      // The next look may work; what stands there stays.
    }
  }

  /** @param {Api.Backfill | null} backfill */
  #draw(backfill) {
    const { isAdmin } = /** @type {Setup} */ (this.#setup);
    this.#now = backfill;
    this.hidden = backfill === null && !isAdmin;
    this.#bar.hidden = backfill === null || backfill.state === "done";
    if (backfill?.share === null || backfill === null) this.#bar.removeAttribute("value");
    else this.#bar.value = backfill.share;
    this.#words.textContent = saying(backfill);
    this.#bar.setAttribute("aria-valuetext", this.#words.textContent);
    const state = backfill?.state ?? "none";
    // Buttons are left alone while nothing changes: one of them may have the focus.
    if (state === this.#drawn) return;
    this.#drawn = state;
    fill(this.#ways, isAdmin ? this.#buttons(state) : null);
  }

  /** @param {string} state */
  #buttons(state) {
    if (state === "running") return this.#change("Pause", "paused");
    if (state === "paused") return this.#change("Resume", "running");
    if (state === "failed") return [this.#change("Try again", "running"), this.#further()];
    return this.#further();
  }

  /** @param {string} label @param {"paused" | "running"} state */
  #change(label, state) {
    const button = h("button", { type: "button" }, label);
    button.addEventListener("click", () => void busy(button, () => this.#ask("PATCH", { state })));
    return button;
  }

  #further() {
    const input = h("input", { type: "date", id: uid("since"), min: "1990-01-01", max: today() });
    const start = h("button", { type: "button" }, "Read history");
    start.addEventListener("click", () => {
      if (input.value) void busy(start, () => this.#ask("POST", { since: input.value }), "Starting…");
      else input.focus();
    });
    return h(
      "details.fold",
      null,
      h("summary", null, this.#now ? "Read further back…" : "Read older threads…"),
      h("div.field", null, h("label", { for: input.id }, "Threads with activity since"), input, start),
    );
  }

  /** @param {"POST" | "PATCH"} method @param {Record<string, string>} body */
  async #ask(method, body) {
    const { api, forum } = /** @type {Setup} */ (this.#setup);
    try {
      this.#problem.clear();
      this.#draw(await api.call(method, `/forums/${forum.id}/backfill`, { body }));
      this.querySelector("button")?.focus();
      void this.#poll?.now();
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

/** "1,204 of about 9,800 threads, back to March 2024, about 12 minutes left". @param {Api.Backfill | null} backfill */
export function saying(backfill) {
  if (!backfill) return "Only threads that changed since the forum was connected are here.";
  const { state, done, about, reached_at: reached, seconds_left: left, error } = backfill;
  if (state === "done") return `All ${plural(done, "thread")} since ${day(backfill.since)} are here.`;
  return [
    about === null ? plural(done, "thread") : `${done.toLocaleString("en")} of about ${plural(about, "thread")}`,
    reached ? `back to ${month(reached)}` : null,
    state === "paused" ? "paused" : null,
    state === "failed" ? `stopped: ${error}` : null,
    state === "running" && error ? `tried again soon: ${error}` : null,
    state === "running" && !error && left !== null ? `${span(left)} left` : null,
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {number} seconds */
function span(seconds) {
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 1) return "less than a minute";
  if (minutes < 90) return `about ${plural(minutes, "minute")}`;
  const hours = Math.round(seconds / HOUR);
  return hours < 48 ? `about ${hours} hours` : `about ${Math.round(hours / 24)} days`;
}

/** In the page's language, in UTC: the server cuts days there. @param {string} iso @param {Intl.DateTimeFormatOptions} options */
const written = (iso, options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(new Date(iso));
/** @param {string} iso */
const month = (iso) => written(iso, { month: "long", year: "numeric" });
/** @param {string} iso */
const day = (iso) => written(iso, { day: "numeric", month: "long", year: "numeric" });
const today = () => new Date().toISOString().slice(0, 10);

customElements.define("closeloop-backfill", CloseloopBackfill);
