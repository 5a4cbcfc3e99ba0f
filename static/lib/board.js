// @ts-check
/** What the connector knows of the board: its badges, its forums' URLs, previews of threads. One of each per page. */
import { BadgeCache } from "./badges.js";
import { Batch } from "./batch.js";
import { known } from "./forums.js";
import { onBoardChange, onCardChange } from "./news.js";
import { open } from "./session.js";
import * as trello from "./trello.js";

/** @type {trello.T} */
let current;

const cache = new BadgeCache(async (cards) => {
  const { api, session } = open(current);
  // A board that nobody connected has no badges: asking would only be refused.
  return (await session.info()).board.connected ? (await api.post("/badges", { cards })).cards : {};
});
const previews = new Batch(async (urls) => (await open(current).api.post("/previews", { urls })).previews, {
  limit: 50,
});

onCardChange((card) => cache.forget(card));
// The board was connected or a forum came: what the session said is no longer true. If asking fails now, the next question asks.
onBoardChange(
  () =>
    current &&
    open(current)
      .session.renew()
      .catch(() => {}),
);

/** @param {trello.T} t @returns {Promise<Api.CardBadges | undefined>} */
export async function badgesOf(t) {
  const card = trello.cardId(t);
  if (!card || !trello.isSignedIn(t)) return undefined;
  current = t;
  return cache.get(card);
}

/** The connected forum that a URL belongs to; undefined for everybody else's URLs. @param {trello.T} t @param {string} url */
export async function forumOf(t, url) {
  if (!/^https?:\/\//i.test(url) || !trello.isSignedIn(t)) return undefined;
  current = t;
  const forums = await known(t);
  return forums.find(url);
}

/** What we know of a thread's URL, without asking the forum. @param {trello.T} t @param {string} url @returns {Promise<Api.Preview | undefined>} */
export async function previewOf(t, url) {
  current = t;
  return previews.get(url);
}
