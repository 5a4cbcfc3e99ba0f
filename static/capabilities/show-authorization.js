// @ts-check
import { openAuthorize } from "../lib/popups.js";

/** @type {NonNullable<import("../lib/trello.js").Capabilities["show-authorization"]>} */
export const showAuthorization = (t) => openAuthorize(t);
