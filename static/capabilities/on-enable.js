// @ts-check
import * as trello from "../lib/trello.js";

/**
 * Whoever switches the Power-Up on is led to connecting the board.
 * @type {NonNullable<trello.Capabilities["on-enable"]>}
 */
export const onEnable = (t) => trello.openModal(t, { title: "Set up Closeloop", page: "settings" });
