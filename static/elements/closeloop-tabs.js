// @ts-check
import { emit, h, keyed } from "../lib/dom.js";
import { waiting } from "../lib/words.js";
import "./closeloop-pill.js";

/** Which of a card's threads is shown: a list of tabs when there are several. `show(links, chosen)`. Emits choose {ticketId}. */
export class CloseloopTabs extends HTMLElement {
  connectedCallback() {
    this.className = "tabs";
    this.setAttribute("role", "tablist");
    this.setAttribute("aria-orientation", "vertical");
    this.setAttribute("aria-label", "Threads of this card");
  }

  /** @param {Api.Link[]} links @param {number | null} chosen the ticket's id */
  show(links, chosen) {
    this.hidden = links.length < 2;
    keyed(
      this,
      links,
      ({ ticket }) => String(ticket.id),
      () => this.#tab(),
      (tab, { ticket }) => {
        const isChosen = ticket.id === chosen;
        tab.id = `tab-${ticket.id}`;
        tab.setAttribute("aria-controls", `thread-${ticket.id}`);
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        tab.querySelector(".tab-subject").textContent = ticket.subject;
        tab.querySelector(".tab-customer").textContent = ticket.customer.name || ticket.customer.username;
        tab.querySelector("closeloop-pill").saying = waiting(ticket.waiting_on, ticket.waiting_since);
      },
    );
  }

  #tab() {
    const tab = h(
      "button.tab",
      { type: "button", role: "tab" },
      h("span.tab-subject", { dir: "auto" }),
      h("span.tab-customer", { dir: "auto" }),
      h("closeloop-pill"),
    );
    tab.addEventListener("click", () => this.#choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = /** @type {HTMLElement[]} */ (Array.from(this.children));
      const next = all.at((all.indexOf(tab) + step) % all.length);
      if (next) this.#choose(next);
      next?.focus();
    });
    return tab;
  }

  /** @param {HTMLElement} tab */
  #choose(tab) {
    emit(this, "choose", { ticketId: Number(tab.dataset.key) });
  }
}

customElements.define("closeloop-tabs", CloseloopTabs);
