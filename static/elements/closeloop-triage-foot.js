// @ts-check
import { emit, fill, h } from "../lib/dom.js";
import { KEYS, written } from "../triage/keys.js";

/** The most important keys, which are buttons too. `show(offers, selected)`. Emits act {name, key}. */
export class CloseloopTriageFoot extends HTMLElement {
  #seen = "";

  connectedCallback() {
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", "What to do with the thread");
    // A click must not take the focus from the queue: the next key is meant for it.
    this.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {import("../triage/teams.js").Offer[]} offers @param {number} selected */
  show(offers, selected) {
    const now = JSON.stringify([offers[0]?.choice?.team.name, selected]);
    if (now === this.#seen) return;
    this.#seen = now;
    const first = offers[0]?.choice ? offers[0] : undefined;
    fill(
      this,
      selected ? h("span.foot-count", null, `${selected} selected`) : null,
      KEYS.filter(({ foot }) => foot).map((key) => {
        const [sign] = written(key);
        const accept = selected > 1 ? "each as suggested" : selected ? "as suggested" : first?.team.name;
        const words = key.name === "accept" && accept ? accept : key.foot;
        return h(
          `button.foot-key.act-${key.name}`,
          {
            type: "button",
            title: key.does,
            hidden: key.name === "accept" && !first && !selected,
            onclick: () => emit(this, "act", { name: key.name === "team" ? "search" : key.name }),
          },
          h("kbd", { "aria-hidden": "true" }, sign === "Enter" ? "⏎" : sign),
          h("span", null, words),
        );
      }),
    );
  }
}

customElements.define("closeloop-triage-foot", CloseloopTriageFoot);
