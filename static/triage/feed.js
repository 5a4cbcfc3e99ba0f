// @ts-check
import { Poll } from "../lib/poll.js";
import { leftWords } from "./words.js";

const PAUSE_MS = 3_000;
/** After a few failures there is no hurry. */
const TROUBLED_MS = 10_000;
/** How long a row that somebody took still says who. */
const GHOST_MS = 4_000;

/** Tells the server what lies open here, and hears what others did. */
export class Feed {
  /** Who else is here. @type {{person: Triage.Person, ticket_id: number | null}[]} */ present = [];
  /** @type {Api.OutageNotice[]} */ outages = [];
  /** Suggestions are still being learnt. */ behind = false;
  /** Whether the last question was answered. */ reaches = true;
  /** @type {() => void} */ changed = () => {};
  /** @type {number | null} */ #since = null;
  /** Of what left: what has been shown. @type {Set<number>} */ #told = new Set();
  #api;
  #queue;
  #details;
  #me;
  #poll;
  #settling = 0;

  /** @param {{api: import("../lib/api.js").ApiClient, queue: import("./queue.js").Queue, details: import("./details.js").Details, me: string}} parts @param {AbortSignal} signal */
  constructor({ api, queue, details, me }, signal) {
    this.#api = api;
    this.#queue = queue;
    this.#details = details;
    this.#me = me;
    this.#poll = new Poll(
      () => this.#ask(),
      () => (this.reaches ? PAUSE_MS : TROUBLED_MS),
      signal,
    );
    window.addEventListener("focus", () => void this.now(), { signal });
  }

  now() {
    return this.#poll.now();
  }

  /** Another thread lies open: the others hear it soon, but not of every row that was passed. */
  opened() {
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => void this.now(), 400);
  }

  /** @param {number} id @returns {Triage.Person[]} */
  on(id) {
    return this.present.flatMap(({ person, ticket_id }) => (ticket_id === id ? person : []));
  }

  async #ask() {
    const asked = performance.now();
    try {
      /** @type {Triage.News} */
      const news = await this.#api.post("/triage/news", { ticket_id: this.#queue.cursor, since: this.#since });
      this.reaches = true;
      await this.#take(news, asked);
    } catch {
      this.reaches = false;
    }
    this.changed();
  }

  /** @param {Triage.News} news @param {number} asked */
  async #take(news, asked) {
    const queue = this.#queue;
    this.#since = news.cursor;
    this.present = news.present.filter(({ person }) => person.id !== this.#me);
    this.outages = news.outages;
    this.behind = news.behind;
    const arrived = new Set(news.arrived);
    let left = false;
    for (const one of news.left) {
      // What I did myself I know already; what came back since has not left.
      if (one.by?.id === this.#me || arrived.has(one.ticket_id) || !queue.get(one.ticket_id)) continue;
      if (queue.filter.standing !== "new" || !queue.truth.believes(one.ticket_id, asked)) continue;
      // The server may say it twice; meanwhile the thread may have come back.
      if (this.#told.has(one.id)) continue;
      this.#told.add(one.id);
      queue.leave(one.ticket_id, leftWords(one));
      left = true;
    }
    queue.countedWhole(news.count, asked);
    this.#details.forget([...news.changed, ...news.arrived]);
    if (left) this.#later();
    // A thread that was handed back while its row still says who took it is as good as new.
    const isNew = news.reload || news.arrived.some((id) => !queue.get(id) || queue.ghosts.has(id));
    if (isNew || news.changed.some((id) => queue.get(id))) await queue.refresh();
    else queue.changed();
  }

  #later() {
    setTimeout(() => {
      if (this.#queue.sweep({ above: false })) this.#queue.changed();
    }, GHOST_MS);
  }
}
