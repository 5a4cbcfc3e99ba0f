// @ts-check
/** Our popups. In a callback of Trello's, `t` knows the button; from inside a page the click must come along. */
import * as trello from "./trello.js";

/** @param {trello.T} t @param {MouseEvent} [mouseEvent] */
export const openLink = (t, mouseEvent) =>
  trello.openPopup(t, { title: "Link a thread", page: "link", height: 400, mouseEvent });

/** @param {trello.T} t @param {MouseEvent} [mouseEvent] */
export const openResolve = (t, mouseEvent) =>
  trello.openPopup(t, { title: "Resolve", page: "resolve", height: 560, mouseEvent });

/** @param {trello.T} t @param {MouseEvent} [mouseEvent] */
export const openSettings = (t, mouseEvent) =>
  trello.openPopup(t, { title: "Closeloop", page: "settings", height: 460, mouseEvent });

/** @param {trello.T} t @param {MouseEvent} [mouseEvent] */
export const openAuthorize = (t, mouseEvent) =>
  trello.openPopup(t, { title: "Connect Closeloop", page: "authorize", height: 320, mouseEvent });

/** The queue fills the window. @param {trello.T} t */
export const openTriage = (t) => trello.openFullscreen(t, { title: "Triage", page: "triage" });
