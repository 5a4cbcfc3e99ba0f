// @ts-check
import { badgesOf } from "../lib/board.js";
import { openResolve } from "../lib/popups.js";
import { impactSaying, target } from "../lib/targets.js";
import * as trello from "../lib/trello.js";
import { plural, resolution, waiting } from "../lib/words.js";
import { refreshOf } from "./card-badges.js";

/**
 * The same as on the front, with titles, on the open card.
 * @type {NonNullable<trello.Capabilities["card-detail-badges"]>}
 */
export async function cardDetailBadges(t) {
  const said = details(await badgesOf(t));
  return said.map(({ about }) => ({ dynamic: () => detail(t, about) }));
}

/** @param {trello.T} t @param {string} about */
async function detail(t, about) {
  const card = await badgesOf(t);
  const found = details(card).find((each) => each.about === about);
  return {
    title: found?.title ?? "Closeloop",
    text: found?.text ?? "Nothing",
    color: found?.color ?? null,
    callback: found?.callback,
    refresh: refreshOf(card),
  };
}

/** @typedef {{about: string, title: string, text: string, color: import("../lib/words.js").Colour, callback?: (t: trello.T) => unknown}} Detail */

/** @param {Api.CardBadges | undefined} card @returns {Detail[]} */
function details(card) {
  if (!card) return [];
  const waits = waiting(card.waiting_on, card.waiting_since);
  const resolved = resolution(card.resolution, card.pending > 0);
  /** @type {Detail[]} */
  const all = [];
  const impact = card.outage ? impactSaying("outage") : impactSaying(card.impact);
  if (impact) all.push({ about: "impact", title: "Impact", text: impact.text, color: impact.colour });
  if (resolved) {
    all.push({
      about: "resolution",
      title: "Resolution",
      text: resolved.text,
      color: resolved.colour,
      callback: (t) => openResolve(t),
    });
  }
  if (waits) {
    const title = card.tickets > 1 ? plural(card.tickets, "customer thread") : "Customer thread";
    all.push({ about: "waiting", title, text: waits.text, color: waits.colour });
  }
  // Why a badge is yellow or red: what was promised, and until when.
  const due = target(card);
  if (due) all.push({ about: "target", title: "Target", text: due.text, color: due.colour });
  const count = (/** @type {number} */ number) => plural(number, "delivery", "deliveries");
  if (card.failed) all.push({ about: "failed", title: "Not sent", text: count(card.failed), color: "red" });
  if (card.pending) all.push({ about: "pending", title: "On the way", text: count(card.pending), color: "light-gray" });
  return all;
}
