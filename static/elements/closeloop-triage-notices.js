// @ts-check
import { h } from "../lib/dom.js";

const LIFE_MS = 15_000;
const MOST = 4;

/** What did not go as it was meant, until it is read: not pushed away by the next thing that is done. `say(words)`. */
export class CloseloopTriageNotices extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "alert");
  }

  /** @param {string} words */
  say(words) {
    const close = h("button.subtle", { type: "button", "aria-label": "Dismiss" }, "×");
    const notice = h("p.notice", null, h("span", null, words), close);
    const timer = setTimeout(() => notice.remove(), LIFE_MS);
    close.addEventListener("click", () => {
      clearTimeout(timer);
      notice.remove();
    });
    this.append(notice);
    while (this.childElementCount > MOST) this.firstElementChild?.remove();
  }
}

customElements.define("closeloop-triage-notices", CloseloopTriageNotices);
