// @ts-check
import { openLink, openResolve } from "../lib/popups.js";
import * as trello from "../lib/trello.js";

/**
 * Two things to do on a card. Each callback gets a `t` of its own that knows where the button is.
 * @type {NonNullable<trello.Capabilities["card-buttons"]>}
 */
export function cardButtons() {
  return [
    {
      icon: trello.iconUrl("link"),
      text: "Link a thread",
      condition: "edit",
      callback: (/** @type {trello.T} */ t) => openLink(t),
    },
    {
      icon: trello.iconUrl("resolve"),
      text: "Resolve",
      condition: "edit",
      callback: (/** @type {trello.T} */ t) => openResolve(t),
    },
  ];
}
