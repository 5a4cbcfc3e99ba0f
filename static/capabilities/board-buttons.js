// @ts-check
import { openTriage } from "../lib/popups.js";
import * as trello from "../lib/trello.js";

/**
 * The queue, one click from the board. Customers' words are for members: whoever only looks gets no button.
 * @type {NonNullable<trello.Capabilities["board-buttons"]>}
 */
export function boardButtons() {
  return [
    {
      icon: { dark: trello.iconUrl("triage-light"), light: trello.iconUrl("triage") },
      text: "Triage",
      condition: "edit",
      callback: (/** @type {trello.T} */ t) => openTriage(t),
    },
  ];
}
