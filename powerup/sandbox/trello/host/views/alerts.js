// @ts-check
/** One short message at a time, said aloud by screen readers. */

import { fill, h } from "../dom.js";

export class Alerts {
  element = h("div", { class: "alerts", role: "status", "aria-live": "polite" });
  #timer = 0;

  /** @param {string} message @param {number} [seconds] @param {string} [display] info, success, warning or error */
  show(message, seconds = 5, display = "info") {
    clearTimeout(this.#timer);
    fill(this.element, h("p", { class: `alert alert-${display}` }, message));
    this.#timer = window.setTimeout(() => this.hide(), seconds * 1000);
  }

  hide() {
    clearTimeout(this.#timer);
    fill(this.element);
  }
}
