// @ts-check
import { openLink } from "../lib/popups.js";
import * as trello from "../lib/trello.js";

/**
 * The section with the card's threads. It is always there: an empty one teaches how to link the first thread.
 * @type {NonNullable<trello.Capabilities["card-back-section"]>}
 */
export function cardBackSection(t) {
  const mayLink = trello.isSignedIn(t) && trello.mayEditCard(t);
  return {
    title: "Customer threads",
    icon: trello.iconUrl("thread"),
    content: { type: "iframe", url: trello.signedPage(t, "card"), height: 180 },
    ...(mayLink ? { action: { text: "Link a thread", callback: linkThread } } : {}),
  };
}

/** @param {trello.T} t the callback's own: it knows where the button is. */
const linkThread = (t) => openLink(t);
