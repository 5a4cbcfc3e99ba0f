// @ts-check
/** The board as last read from the server; tells its listeners what is different after each reading. */

import * as backend from "./backend.js";

/** @import {Board, Card, State} from './types' */

/** @typedef {{changedCards: Set<string>, first: boolean}} Difference */

const RETRY_MS = 2_000;

export class Store {
  /** @type {State} */
  state = { revision: 0, member: null, people: [], boards: [], board: null, links: [] };
  /** @type {Set<(difference: Difference) => void>} */
  #listeners = new Set();
  /** @type {{board?: string, card?: string}} */
  #where = {};
  #reading = 0;

  /** @param {(difference: Difference) => void} listener */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** @param {{board?: string, card?: string}} where */
  async load(where) {
    this.#where = where;
    this.#take(await backend.readState(where), true);
    if (this.state.board) this.#where = { board: this.state.board.id };
  }

  /** Reads again; of two readings at once, the one that started later wins. */
  async refresh() {
    this.#reading += 1;
    const mine = this.#reading;
    const state = await backend.readState(this.#where);
    if (mine === this.#reading) this.#take(state, false);
  }

  /** @param {string | undefined} id */
  card(id) {
    return this.state.board?.cards.find((card) => card.id === id);
  }

  /** Follows the server for as long as the page lives. @param {AbortSignal} signal */
  async follow(signal) {
    while (!signal.aborted) {
      try {
        const change = await backend.waitForChange(this.state.revision, signal);
        if (change.revision > this.state.revision) await this.refresh();
      } catch {
        if (signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS)); // the server restarts: ask again soon
      }
    }
  }

  /** @param {State} state @param {boolean} first */
  #take(state, first) {
    const before = first ? null : this.state.board;
    this.state = state;
    const changedCards = differentCards(before, state.board);
    for (const listener of this.#listeners) listener({ changedCards, first });
  }
}

/** @param {Board | null} before @param {Board | null} after */
function differentCards(before, after) {
  const old = new Map(before?.cards.map((card) => [card.id, fingerprint(card)]));
  const found = new Set(
    (after?.cards ?? []).filter((card) => old.get(card.id) !== fingerprint(card)).map(({ id }) => id),
  );
  const here = new Set(after?.cards.map(({ id }) => id));
  for (const id of old.keys()) if (!here.has(id)) found.add(id);
  return found;
}

/** @param {Card} card */
const fingerprint = (card) => JSON.stringify(card);
