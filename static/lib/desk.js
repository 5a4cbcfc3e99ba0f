// @ts-check
/** A page that fills a window: in Trello it uses Trello's word on who looks, on its own people sign in with Trello. */

import { isFramed, throughSignIn, throughTrello } from "../triage/door.js";
import { h } from "./dom.js";
import * as trello from "./trello.js";
import "../elements/closeloop-desk-nav.js";

/** @typedef {{api: import("./api.js").ApiClient, info: Api.SessionInfo}} Desk */

/** Who looks, and the way to our API; null when there is nothing to see, which the page then says. @returns {Promise<Desk | null>} */
export async function openDesk() {
  if (isFramed()) {
    const entered = await throughTrello();
    if (entered) closeOnEscape(trello.frame());
    return entered;
  }
  followSystemColours();
  const door = h("div.door-place");
  document.body.append(door);
  return throughSignIn(door);
}

/** Trello hears keys only outside our frame. @param {trello.T} t */
function closeOnEscape(t) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    void Promise.resolve(trello.closePopup(t)).catch(() => {});
  });
}

/** In Trello its library says which colours; on its own a page follows the system. */
function followSystemColours() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.colorMode = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
}
