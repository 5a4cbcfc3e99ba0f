// @ts-check
import { Decisions } from "./decisions.js";
import { Details } from "./details.js";
import { Feed } from "./feed.js";
import { Outbox } from "./outbox.js";
import { Pace } from "./pace.js";
import { Queue } from "./queue.js";
import { Replies } from "./replies.js";
import { zoneOr } from "./snoozes.js";
import { Teams } from "./teams.js";
import { Views } from "./views.js";

/** @typedef {import("../lib/api.js").ApiClient} Api */

/** After a decision is saved, before suggestions are asked for again; at most as often as this. */
const LEARNT_MS = 4_000;

/** Everything behind the screen of one triager: no element here. */
export class Desk {
  /** The workspace's time zone. */ zone = zoneOr(null);
  /** @type {() => void} */ changed = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #learning;
  #signal;
  api;
  info;
  queue;
  details;
  teams = new Teams();
  pace;
  outbox;
  decisions;
  replies;
  feed;
  views;

  /** @param {Api} api @param {Api.SessionInfo} info @param {import("./decisions.js").Teller} tell @param {AbortSignal} signal */
  constructor(api, info, tell, signal) {
    this.api = api;
    this.#signal = signal;
    this.info = info;
    this.queue = new Queue(api);
    this.details = new Details(api);
    this.pace = new Pace(signal);
    this.outbox = new Outbox(api, info.member_id, signal);
    this.decisions = new Decisions({ queue: this.queue, outbox: this.outbox, pace: this.pace, tell });
    this.decisions.saved = () => this.#learnt();
    this.replies = new Replies({ outbox: this.outbox, decisions: this.decisions, tell });
    this.feed = new Feed({ api, queue: this.queue, details: this.details, me: info.member_id }, signal);
    this.views = new Views(api);
    const changed = () => this.changed();
    for (const part of [this.queue, this.outbox, this.feed]) part.changed = changed;
  }

  /** Read what the page needs; rows first, the rest when it comes. */
  async begin() {
    this.outbox.resume((job) => this.decisions.adopt(job));
    await Promise.all([this.queue.load(), this.readTeams()]);
    void this.feed.now();
    await Promise.allSettled([
      this.views.read(),
      this.api.get("/triage/canned-replies").then((answer) => {
        this.replies.canned = answer.canned_replies;
      }),
      this.api.get("/triage/settings").then(({ hours }) => {
        this.zone = zoneOr(hours?.time_zone);
      }),
      this.api.get("/triage/recorder?days=1").then(({ today }) => {
        this.pace.known = today.seconds_per_decision;
      }),
    ]);
    this.changed();
  }

  /** What was learnt from a decision shows in the rows below without a reload; the row under the cursor keeps its suggestions. */
  #learnt() {
    this.#learning ??= setTimeout(() => {
      this.#learning = undefined;
      if (!this.#signal.aborted) this.queue.refresh().catch(() => {});
    }, LEARNT_MS);
  }

  async readTeams() {
    try {
      this.teams.take(await this.api.get("/teams"));
    } catch {
      // Rows carry their suggestions; only the rest of the list is missing until the next look.
    }
    this.changed();
  }

  /** The row under the cursor. */
  get row() {
    return this.queue.get(this.queue.cursor);
  }

  /** The numbered list of the row under the cursor. */
  get offers() {
    return this.teams.offers(this.row);
  }

  /** @param {string} word @param {Triage.Ref} area */
  async addKeyword(word, area) {
    await this.api.post(`/areas/${area.id}/keywords`, { keyword: word });
    this.details.forget(this.queue.rows.map(({ id }) => id));
    await Promise.all([this.queue.refresh({ force: true }), this.readTeams()]);
  }

  /** A burst that is no outage. @param {number} id */
  async dismissOutage(id) {
    await this.api.call("PUT", `/outages/${id}`, { body: { state: "dismissed" } });
    await this.feed.now();
  }

  /** Fetch the thread under the cursor and those that come next. */
  look() {
    const { queue, details } = this;
    if (queue.cursor !== null) {
      const { cursor } = queue;
      const known = details.now(cursor);
      details.get(cursor).then(
        (detail) => detail !== known && this.changed(),
        () => {},
      );
    }
    details.ahead(queue.rows, queue.index);
  }
}
