// @ts-check
/** What every view works with: the board as read, the Power-Ups that are ready, and acts that tell when they fail. */

import * as backend from "./backend.js";
import { Links } from "./links.js";

/** @import {Card} from './types' */
/** @import {Badges} from './badges.js' */
/** @import {PowerUp} from './protocol/powerup.js' */
/** @import {Store} from './store.js' */
/** @import {Viewer} from './views/menu.js' */

export class Desk {
  /** @type {PowerUp[]} */ #powerUps = [];
  links = new Links(() => this.#powerUps);
  store;
  theme;
  #complain;
  #starting;
  /** @type {Badges} */ badges;
  /** @type {Badges} */ detailBadges;

  /** @param {{store: Store, theme: () => 'light' | 'dark', starting: () => PowerUp[], complain: (message: string) => void, badges: (powerUps: () => PowerUp[]) => {badges: Badges, detailBadges: Badges}}} parts */
  constructor({ store, theme, starting, complain, badges }) {
    this.store = store;
    this.theme = theme;
    this.#complain = complain;
    this.#starting = starting;
    ({ badges: this.badges, detailBadges: this.detailBadges } = badges(() => this.#powerUps));
  }

  /** Those that said they are ready. */
  powerUps() {
    return this.#powerUps;
  }

  /** Resolves when no Power-Up is still loading, or when the patience is over. @param {number} patience in ms */
  async loaded(patience) {
    const all = Promise.all(this.#starting().map(({ settled }) => settled));
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, patience))]);
  }

  /** @param {PowerUp} powerUp */
  join(powerUp) {
    this.#powerUps.push(powerUp);
    this.links.forget();
  }

  /** @returns {Viewer} */
  viewer() {
    const { member, board } = this.store.state;
    const role = board?.memberships.find(({ idMember }) => idMember === member?.id)?.memberType;
    return { signedIn: member !== null, canWrite: board?.permission === "write", admin: role === "admin" };
  }

  /** Does it and reads the board again; a failure is said aloud. @param {() => Promise<unknown>} act @param {string} failure @returns {Promise<boolean>} */
  async act(act, failure) {
    try {
      await act();
      return true;
    } catch (error) {
      this.#complain(`${failure}: ${error instanceof Error ? error.message : error}`.slice(0, 140));
      return false;
    } finally {
      await this.store.refresh();
    }
  }

  /** @param {Card} card @param {string} idList @param {number | 'top' | 'bottom'} pos */
  move(card, idList, pos) {
    return this.act(() => backend.updateCard(card.id, { idList, pos }), "The card was not moved");
  }
}
