// @ts-check

import { fill, h } from "../lib/dom.js";
import * as drafts from "../lib/drafts.js";
import { chooser, field } from "../lib/fields.js";

const PROMISES = /** @type {[string, string][]} */ ([
  ["15", "15 minutes"],
  ["30", "30 minutes"],
  ["60", "1 hour"],
  ["120", "2 hours"],
  ["240", "4 hours"],
  ["1440", "1 day"],
]);
const EXAMPLE = "Mei";

/**
 * @typedef {object} Setup
 * @property {string} label
 * @property {(promise: string) => string} [text] what is proposed, for a promise like "1 hour"
 * @property {string} [draft] the name under which what is written is kept
 * @property {number | null} [promise] minutes; null or nothing: no promise is asked for
 * @property {string} [hint]
 */

/** Words to many customers, with how one of them reads it, and the next promise of news. Set `setup`; read `text` and `promiseMinutes`. */
export class CloseloopOutageReply extends HTMLElement {
  #area = h("textarea", { name: "text", rows: 4, dir: "auto", spellcheck: "true", maxlength: 32_000 });
  #preview = h("p.reply-preview", { dir: "auto" });
  /** @type {HTMLSelectElement | null} */ #promise = null;

  /** @param {Setup} setup */
  set setup({ label, text = () => "", draft, promise = null, hint }) {
    this.#promise = promise ? chooser("promise_minutes", PROMISES, nearest(promise)) : null;
    const proposed = () => text(this.#promise?.selectedOptions[0]?.textContent ?? "1 hour");
    let last = proposed();
    this.#area.value = (draft ? drafts.load(draft) : "") || last;
    this.#area.addEventListener("input", () => {
      if (draft) drafts.save(draft, this.#area.value === last ? "" : this.#area.value);
      this.#draw();
    });
    // What nobody has touched yet goes on saying what is promised.
    this.#promise?.addEventListener("change", () => {
      if (this.#area.value === last) this.#area.value = proposed();
      last = proposed();
      this.#draw();
    });
    const words = field(
      label,
      this.#area,
      hint ?? "{name} becomes each customer’s name. It is posted in every thread.",
    );
    words.append(this.#preview);
    fill(this, words, this.#promise ? withClass(field("Promise the next news within", this.#promise)) : null);
    this.#draw();
  }

  get text() {
    return this.#area.value.trim();
  }

  get promiseMinutes() {
    return this.#promise ? Number(this.#promise.value) : null;
  }

  focus() {
    this.#area.focus();
  }

  #draw() {
    const { text } = this;
    this.#preview.hidden = !text.includes("{name}");
    this.#preview.textContent = text.replaceAll("{name}", EXAMPLE);
    this.#preview.title = `As a customer called ${EXAMPLE} reads it`;
  }
}

/** @param {HTMLElement} place */
function withClass(place) {
  place.classList.add("short-field");
  return place;
}

/** @param {number} minutes */
const nearest = (minutes) => PROMISES.find(([value]) => Number(value) >= minutes)?.[0] ?? "1440";

customElements.define("closeloop-outage-reply", CloseloopOutageReply);
