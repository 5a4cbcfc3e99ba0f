// @ts-check
/**
 * What the board's badges say. Trello asks once per card; we ask our server once per board and half minute.
 * Nothing here ever throws: a board must not suffer because Closeloop is slow.
 */
import { Batch } from "./batch.js";

/** Cards in one request: what the API takes. */
const MOST = 1000;
/** An answer is good for so long; an older one is still shown while a new one is fetched. */
const FRESH_MS = 30_000;
/** Trello waits 5 s and then gives up. The first question of a page also opens the session: it may take longer. */
const PATIENCE_MS = 1_000;
const FIRST_PATIENCE_MS = 4_000;
/** While something is on its way, an answer is good for so long: people wait to see it change. */
const BUSY_MS = 8_000;
/** After a failure, no question for so long. */
const REST_MS = 10_000;

/** @typedef {{at: number, value: Api.CardBadges | undefined, wrong?: boolean}} Known `wrong`: somebody said that it changed. */

export class BadgeCache {
  /** @type {Map<string, Known>} */ #known = new Map();
  /** @type {Map<string, Promise<void>>} */ #asking = new Map();
  #restsUntil = 0;
  #batch;
  #options;

  /**
   * @param {(cards: string[]) => Promise<Record<string, Api.CardBadges>>} ask one POST.
   * @param {{fresh?: number, patience?: number, firstPatience?: number, pause?: number, now?: () => number}} [options] for tests.
   */
  constructor(ask, options = {}) {
    this.#options = {
      fresh: FRESH_MS,
      patience: PATIENCE_MS,
      firstPatience: FIRST_PATIENCE_MS,
      pause: 15,
      now: Date.now,
      ...options,
    };
    this.#batch = new Batch(ask, { limit: MOST, pause: this.#options.pause });
  }

  /** What is known of a card, soon; undefined when it has no thread or nothing can be said now. @param {string} card @returns {Promise<Api.CardBadges | undefined>} */
  async get(card) {
    const known = this.#known.get(card);
    const now = this.#options.now();
    const fresh = known?.value?.pending ? Math.min(BUSY_MS, this.#options.fresh) : this.#options.fresh;
    if (known && now - known.at < fresh) return known.value;
    const asking = this.#refresh(card, now);
    if (known && !known.wrong) return known.value;
    const patience = this.#known.size ? this.#options.patience : this.#options.firstPatience;
    await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, patience))]);
    return this.#known.get(card)?.value;
  }

  /** A card changed: the next question waits for the server. If that takes too long, what was known is shown. @param {string} card */
  forget(card) {
    const known = this.#known.get(card);
    if (known) this.#known.set(card, { ...known, at: Number.NEGATIVE_INFINITY, wrong: true });
    this.#restsUntil = 0;
  }

  /** @param {string} card @param {number} now @returns {Promise<void>} */
  #refresh(card, now) {
    const already = this.#asking.get(card);
    if (already || now < this.#restsUntil) return already ?? Promise.resolve();
    const asking = this.#batch
      .get(card)
      .then(
        (value) => void this.#known.set(card, { at: this.#options.now(), value }),
        () => {
          this.#restsUntil = this.#options.now() + REST_MS;
        },
      )
      .finally(() => this.#asking.delete(card));
    this.#asking.set(card, asking);
    return asking;
  }
}

/** What the card's badges are made of. @param {Api.CardDetail} detail */
export function badgeFacts({ resolution, links, deliveries }) {
  const waits = links.map(({ ticket }) => [ticket.id, ticket.waiting_on, ticket.impact, ticket.due_at]);
  const failed = deliveries.filter(({ state }) => state === "failed").length;
  return JSON.stringify([resolution?.state, resolution?.type, waits, failed]);
}
