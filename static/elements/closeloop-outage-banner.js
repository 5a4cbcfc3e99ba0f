// @ts-check
import { emit, h, keyed } from "../lib/dom.js";
import { evidenceInWords, outageName } from "../lib/outages.js";
import "./closeloop-pill.js";
import "./closeloop-time.js";

/** @typedef {Api.OutageNotice | Pages.Outage} Notice */

/** What the queue says of outages at its top: bursts that may be one, and those that stand. Set `outages`. Emits look-at-outage {id}, dismiss-outage {id}. */
export class CloseloopOutageBanner extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Outages");
    if (!this.firstChild) this.hidden = true;
  }

  /** @param {Notice[]} outages */
  set outages(outages) {
    const standing = outages.filter(({ state }) => state === "proposed" || state === "open");
    this.hidden = standing.length === 0;
    keyed(
      this,
      standing,
      (each) => JSON.stringify([each.id, each.state, each.title, each.evidence, each.next_word_at, each.late]),
      (each) => (each.state === "open" ? this.#open(each) : this.#proposed(each)),
    );
  }

  /** @param {Notice} outage */
  #proposed(outage) {
    return h(
      "div.outage-notice.proposed",
      null,
      h("strong", null, evidenceInWords(outage)),
      h("span", null, "Is it an outage?"),
      h("button", { type: "button", onclick: () => emit(this, "look-at-outage", { id: outage.id }) }, "Look…"),
      h(
        "button.subtle",
        { type: "button", onclick: () => emit(this, "dismiss-outage", { id: outage.id }) },
        "No outage",
      ),
    );
  }

  /** @param {Notice} outage */
  #open({ id, title, area, next_word_at, late }) {
    const pill = h("closeloop-pill");
    pill.saying = { text: "Outage", colour: "red", title: "Outage mode is open." };
    return h(
      "div",
      { class: `outage-notice open${late ? " late" : ""}` },
      pill,
      h("strong", null, outageName(title) || area.name),
      next_word_at
        ? h(
            "span",
            null,
            late ? "News were promised " : "News promised ",
            h("closeloop-time", { datetime: next_word_at }),
          )
        : null,
      h(
        "button",
        { type: "button", onclick: () => emit(this, "look-at-outage", { id }) },
        late ? "Post an update…" : "Look…",
      ),
    );
  }
}

customElements.define("closeloop-outage-banner", CloseloopOutageBanner);
