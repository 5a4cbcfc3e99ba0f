// @ts-check
/** Addresses as the Power-Ups like to show them (`format-url`); each address is asked about once while the page lives. */

import { h, webAddress } from "./dom.js";

/** @import {FormattedUrl} from './types' */
/** @import {PowerUp} from './protocol/powerup.js' */

export class Links {
  /** @type {Map<string, Promise<FormattedUrl | null>>} */ #known = new Map();
  #powerUps;

  /** @param {() => PowerUp[]} powerUps */
  constructor(powerUps) {
    this.#powerUps = powerUps;
  }

  /** @param {string} url */
  format(url) {
    const known = this.#known.get(url) ?? this.#ask(url);
    this.#known.set(url, known);
    return known;
  }

  /** So that a card opened anew shows today's words. */
  forget() {
    this.#known.clear();
  }

  /** A link that starts as the plain address and takes its better name when that is known. @param {string} url @param {string} [fallback] */
  link(url, fallback) {
    const text = h("span", { class: "smart-link-text" }, fallback || url);
    const link = h(
      "a",
      { class: "smart-link", href: webAddress(url) ?? "#", target: "_blank", rel: "noopener noreferrer" },
      text,
    );
    this.format(url).then((formatted) => {
      if (!formatted) return;
      text.textContent = formatted.text;
      if (formatted.subtext) link.title = formatted.subtext;
      const image = webAddress(formatted.icon);
      if (image) link.prepend(h("img", { src: image, alt: "", width: 16, height: 16 }));
    });
    return link;
  }

  /** @param {string} url @returns {Promise<FormattedUrl | null>} */
  async #ask(url) {
    for (const powerUp of this.#powerUps()) {
      if (!powerUp.can("format-url")) continue;
      try {
        const formatted = await powerUp.ask("format-url", {}, { url });
        if (formatted?.text) return formatted;
      } catch {
        // not this Power-Up's address, or it was too slow; the Power-Up log tells which
      }
    }
    return null;
  }
}
