// @ts-check
import { badgesOf } from "../lib/board.js";
import * as trello from "../lib/trello.js";
import { badges } from "../lib/words.js";

/** Half a minute: the cache's own life, so that asking again costs one request for the whole board. */
export const REFRESH_SECONDS = 30;
/** While something is on its way. Trello asks no oftener. */
const BUSY_SECONDS = 10;
const MOST = 3;

/** When Trello should ask again. @param {Api.CardBadges | undefined} card */
export const refreshOf = (card) => (card?.pending ? BUSY_SECONDS : REFRESH_SECONDS);

/**
 * Who waits and how it was resolved, on the card's front. One dynamic badge for each thing to say, so that ages go on.
 * @type {NonNullable<trello.Capabilities["card-badges"]>}
 */
export async function cardBadges(t) {
  const said = badges(await badgesOf(t));
  return said.slice(0, MOST).map((_saying, at) => ({ dynamic: () => badge(t, at) }));
}

/** @param {trello.T} t @param {number} at */
async function badge(t, at) {
  const card = await badgesOf(t);
  const saying = badges(card).slice(0, MOST)[at];
  const refresh = refreshOf(card);
  if (!saying) return { refresh };
  return {
    text: saying.text,
    color: saying.colour,
    icon: at === 0 ? trello.iconUrl("thread") : undefined,
    refresh,
  };
}
