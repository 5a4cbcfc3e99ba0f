// @ts-check
import { openSettings } from "../lib/popups.js";

/** @type {NonNullable<import("../lib/trello.js").Capabilities["show-settings"]>} */
export const showSettings = (t) => openSettings(t);
