// @ts-check
/** Badges of cards, as the Power-Ups give them: asked again when a card changes, and by the clock where a badge is `dynamic`. */

/** @import {Badge, Card} from './types' */
/** @import {Call, PowerUp} from './protocol/powerup.js' */

/** One badge on the screen; a dynamic one has no `badge` until its function has answered. @typedef {{powerUp: PowerUp, badge: Badge | null}} Shown */
/** @typedef {{shown: Shown[], stop: () => void}} Slot */

const MIN_REFRESH_SECONDS = 10;

export class Badges {
  /** @type {Map<string, Slot>} */ #slots = new Map();
  #kind;
  #powerUps;
  #changed;

  /** @param {'card-badges' | 'card-detail-badges'} kind @param {() => PowerUp[]} powerUps @param {(idCard: string) => void} changed */
  constructor(kind, powerUps, changed) {
    this.#kind = kind;
    this.#powerUps = powerUps;
    this.#changed = changed;
  }

  /** @param {string} idCard @returns {(Shown & {badge: Badge})[]} */
  of(idCard) {
    const shown = this.#slots.get(idCard)?.shown ?? [];
    return shown.flatMap(({ powerUp, badge }) => (badge ? [{ powerUp, badge }] : []));
  }

  /** The old badges stay on the screen until the new ones are here. @param {Card} card */
  async ask(card) {
    const before = this.#slots.get(card.id);
    const stopping = new AbortController();
    /** @type {Slot} */
    const slot = { shown: before?.shown ?? [], stop: () => stopping.abort() };
    this.#slots.set(card.id, slot);
    before?.stop();
    const groups = await Promise.all(this.#powerUps().map((powerUp) => this.#askOne(powerUp, card)));
    if (stopping.signal.aborted) return;
    slot.shown = groups.flatMap(({ powerUp, badges }) =>
      badges.map((badge) => ({ powerUp, badge: badge.dynamic ? null : badge })),
    );
    this.#changed(card.id);
    const dynamics = groups.flatMap(({ powerUp, badges }) => badges.map((badge) => ({ powerUp, badge })));
    for (const [place, { powerUp, badge }] of dynamics.entries()) {
      if (badge.dynamic) this.#live(card, slot.shown[place], powerUp.bind(badge.dynamic), stopping.signal);
    }
  }

  /** @param {string} idCard */
  forget(idCard) {
    this.#slots.get(idCard)?.stop();
    this.#slots.delete(idCard);
  }

  /** @param {PowerUp} powerUp @param {Card} card @returns {Promise<{powerUp: PowerUp, badges: Badge[]}>} */
  async #askOne(powerUp, card) {
    if (!powerUp.can(this.#kind)) return { powerUp, badges: [] };
    try {
      const badges = await powerUp.ask(this.#kind, { card: card.id }, { attachments: card.attachments });
      return { powerUp, badges: Array.isArray(badges) ? badges : [] };
    } catch {
      return { powerUp, badges: [] }; // the Power-Up log shows why
    }
  }

  /** @param {Card} card @param {Shown} shown @param {Call} call @param {AbortSignal} signal */
  async #live(card, shown, call, signal) {
    const { powerUp } = shown;
    const where = { card: card.id };
    const ask = async () => {
      if (signal.aborted) return;
      try {
        shown.badge = await powerUp.run(call, where);
        if (!signal.aborted) this.#changed(card.id);
      } catch {
        // the badge stays as it was; the Power-Up log shows why
      }
      const { refresh } = shown.badge ?? {};
      if (refresh && !signal.aborted) again(Math.max(MIN_REFRESH_SECONDS, refresh) * 1000);
    };
    /** @param {number} ms */
    const again = (ms) => {
      const timer = setTimeout(() => whenVisible(ask), ms);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    };
    signal.addEventListener("abort", () => powerUp.release(call), { once: true });
    await powerUp.retain(call, where).catch(() => {});
    await ask();
  }
}

/** Trello talks to Power-Ups only while its tab is in sight. @param {() => void} act */
function whenVisible(act) {
  if (document.visibilityState === "visible") {
    act();
    return;
  }
  document.addEventListener("visibilitychange", () => whenVisible(act), { once: true });
}
