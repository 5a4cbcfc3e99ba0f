// @ts-check
/** Making a card from what was typed; a lone address may become more through `card-from-url`, and is attached. */

import * as backend from "./backend.js";
import { webAddress } from "./dom.js";

/** @import {List} from './types' */
/** @import {Desk} from './desk.js' */

/** For a Power-Up that still loads when somebody is quick to paste. */
const CONNECTOR_WAIT_MS = 5_000;

/** @param {Desk} desk @param {List} list @param {string} text */
export async function addCard(desk, list, text) {
  const address = /^https?:\/\/\S+$/.test(text) ? webAddress(text) : null;
  const made = address ? await fromUrl(desk, text) : { name: text };
  await backend.createCard({ idList: list.id, ...made, ...(address ? { urlSource: text } : {}) });
  await desk.store.refresh();
}

/** @param {Desk} desk @param {string} url @returns {Promise<{name: string, desc?: string}>} */
async function fromUrl(desk, url) {
  await desk.loaded(CONNECTOR_WAIT_MS);
  for (const powerUp of desk.powerUps()) {
    if (!powerUp.can("card-from-url")) continue;
    try {
      const card = await powerUp.ask("card-from-url", {}, { url });
      if (card?.name) return { name: String(card.name), ...(card.desc ? { desc: String(card.desc) } : {}) };
    } catch {
      // not this Power-Up's address; the Power-Up log tells more
    }
  }
  return { name: url };
}
