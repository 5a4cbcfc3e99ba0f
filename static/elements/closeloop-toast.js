// @ts-check
import { fill, h } from "../lib/dom.js";

const LIFE_MS = 12_000;

/** One line that says what was done, with a way back. It stays while somebody is on it. */
export class CloseloopToast extends HTMLElement {
  #timer = 0;
  #ends = new AbortController();

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    this.setAttribute("role", "status");
    this.hidden = true;
    for (const name of ["pointerenter", "focusin"])
      this.addEventListener(name, () => clearTimeout(this.#timer), { signal });
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.#later(), { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#ends.abort();
  }

  /** @param {string} words @param {{text: string, run: () => void}} [way] */
  say(words, way) {
    this.hidden = false;
    fill(
      this,
      h("span", null, words),
      way
        ? h(
            "button.link",
            {
              type: "button",
              onclick: () => {
                this.hidden = true;
                way.run();
              },
            },
            way.text,
          )
        : null,
    );
    this.#later();
  }

  /** Withdraw it, if it still says this. @param {string} words */
  unsay(words) {
    if (this.firstElementChild?.textContent === words) this.hidden = true;
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.hidden = true;
    }, LIFE_MS);
  }
}

customElements.define("closeloop-toast", CloseloopToast);
