// @ts-check

import { fill, h } from "../lib/dom.js";
import { blobOf } from "../lib/files.js";

/** A picture that a customer attached, fetched through our server when it comes into view. Set `file` (and `alt`) before it is shown. */
export class CloseloopPicture extends HTMLElement {
  /** @type {Api.File | null} */ file = null;
  alt = "";
  #url = "";
  #ends = new AbortController();
  /** @type {IntersectionObserver | null} */ #watch = null;

  connectedCallback() {
    if (this.#url) return;
    this.#ends = new AbortController();
    if (!this.firstChild) fill(this, this.#waiting());
    this.#watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load();
      },
      { rootMargin: "200px" },
    );
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#ends.abort();
    this.#watch?.disconnect();
    this.#letGo();
    this.replaceChildren();
  }

  /** The browser keeps the bytes behind an address for as long as the page lives, unless it is told. */
  #letGo() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = "";
  }

  get #words() {
    return this.alt.trim() || this.file?.name || "Image";
  }

  #waiting() {
    return h("span.picture-waits", { role: "img", "aria-label": `${this.#words}, loading` });
  }

  async #load() {
    this.#watch?.disconnect();
    const { file } = this;
    if (!file) return;
    const { signal } = this.#ends;
    try {
      const blob = await blobOf(file, signal);
      // Taken out of the page just when it had come.
      if (signal.aborted) return;
      if (!blob.type.startsWith("image/")) {
        this.#fail("it is no picture that can be shown here.");
        return;
      }
      this.#url = URL.createObjectURL(blob);
      const image = h("img.shown-image", { alt: this.#words, src: this.#url });
      image.addEventListener("error", () => this.#fail("it cannot be read."));
      fill(this, image);
    } catch (error) {
      if (!signal.aborted) this.#fail(error instanceof Error ? error.message : "it could not be fetched.");
    }
  }

  /** @param {string} why */
  #fail(why) {
    this.#letGo();
    const again = h("button.link", { type: "button" }, "Try again");
    again.addEventListener("click", () => {
      fill(this, this.#waiting());
      void this.#load();
    });
    fill(this, h("span.image-gone", null, `The picture “${this.#words}” is not shown: ${why} `), again);
  }
}

customElements.define("closeloop-picture", CloseloopPicture);
