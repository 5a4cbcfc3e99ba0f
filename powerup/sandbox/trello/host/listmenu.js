// @ts-check
/** Menus of a list and of a card on the board; Power-Ups add to the list's. */

import * as backend from "./backend.js";
import { anchorId } from "./dom.js";
import { openMenu } from "./views/menu.js";

/** @import {Card, CallbackRef, List} from './types' */
/** @import {Desk} from './desk.js' */
/** @import {MenuItem} from './views/menu.js' */
/** @import {PowerUp} from './protocol/powerup.js' */
/** @import {Popups} from './views/popups.js' */

const MAX_ACTIONS = 3;
const MAX_SORTERS = 5;
const STEP = 16384;

/** @param {Desk} desk @param {Popups} popups @param {List} list @param {HTMLElement} anchor */
export async function openListMenu(desk, popups, list, anchor) {
  const groups = await Promise.all(desk.powerUps().map((powerUp) => itemsOf(desk, popups, powerUp, list)));
  openMenu(popups, anchor, list.name, groups.flat(), "No Power-Up adds actions to lists.");
}

/** @param {Desk} desk @param {Popups} popups @param {Card} card @param {HTMLElement} anchor */
export function openCardMenu(desk, popups, card, anchor) {
  const lists = desk.store.state.board?.lists ?? [];
  const move = (/** @type {List} */ list) => async () => {
    popups.close();
    await desk.move(card, list.id, "bottom");
  };
  const items = lists.filter(({ id }) => id !== card.idList).map((list) => ({ text: list.name, act: move(list) }));
  openMenu(popups, anchor, "Move card to", items);
}

/** @param {Desk} desk @param {Popups} popups @param {PowerUp} powerUp @param {List} list @returns {Promise<MenuItem[]>} */
async function itemsOf(desk, popups, powerUp, list) {
  /** @param {string} capability @param {number} most @returns {Promise<{text: string, callback: CallbackRef}[]>} */
  const offered = async (capability, most) => {
    if (!powerUp.can(capability)) return [];
    const items = await powerUp.ask(capability, { list: list.id }).catch(() => []);
    return Array.isArray(items) ? items.slice(0, most) : [];
  };
  const actions = await offered("list-actions", MAX_ACTIONS);
  const sorters = desk.viewer().canWrite ? await offered("list-sorters", MAX_SORTERS) : [];
  const where = (/** @type {HTMLElement} */ element) => ({ list: list.id, el: anchorId(element) });
  return [
    ...actions.map(({ text, callback }) => ({
      text,
      note: powerUp.info.name,
      act: (/** @type {HTMLElement} */ element) => {
        powerUp.run(powerUp.bind(callback), where(element)).catch(() => {}); // shown in the log
      },
    })),
    ...sorters.map(({ text, callback }) => ({
      text: `Sort: ${text}`,
      note: powerUp.info.name,
      act: async (/** @type {HTMLElement} */ element) => {
        const cards = desk.store.state.board?.cards.filter(({ idList }) => idList === list.id) ?? [];
        const answer = await powerUp.run(powerUp.bind(callback), where(element), { cards }).catch(() => null);
        popups.close();
        if (Array.isArray(answer?.sortedIds)) await sort(desk, cards, answer.sortedIds);
      },
    })),
  ];
}

/** @param {Desk} desk @param {Card[]} cards @param {string[]} order */
function sort(desk, cards, order) {
  const here = order.filter((id) => cards.some((card) => card.id === id));
  const moves = () => Promise.all(here.map((id, index) => backend.updateCard(id, { pos: (index + 1) * STEP })));
  return desk.act(moves, "The list was not sorted");
}
