// @ts-check

/** A state in words and colour, the same as the badge on the board says. `saying` is from lib/words.js. */
export class CloseloopPill extends HTMLElement {
  /** @param {import('../lib/words.js').Saying | null} saying */
  set saying(saying) {
    this.hidden = saying === null;
    if (!saying) return;
    this.textContent = saying.text;
    this.title = saying.title;
    this.dataset.colour = saying.colour;
  }
}

customElements.define("closeloop-pill", CloseloopPill);
