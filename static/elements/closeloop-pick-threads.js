// @ts-check
import { h, keyed, outside, uid } from "../lib/dom.js";
import "./closeloop-time.js";

/** Threads to choose from, all ticked at first; new ones join, ticked too. `show(threads)`; read `chosen`. */
export class CloseloopPickThreads extends HTMLElement {
  #legend = h("legend");
  #list = h("div.pick-list");

  connectedCallback() {
    if (this.firstChild) return;
    this.append(h("fieldset.field", null, this.#legend, this.#list));
    this.addEventListener("change", () => this.#count());
  }

  /** @param {Pages.OutageTicket[]} threads */
  show(threads) {
    keyed(
      this.#list,
      threads,
      ({ id }) => String(id),
      (thread) => line(thread),
    );
    this.#count();
  }

  /** @returns {number[]} */
  get chosen() {
    return Array.from(this.#list.querySelectorAll("input:checked"), (each) =>
      Number(/** @type {HTMLInputElement} */ (each).value),
    );
  }

  #count() {
    this.#legend.textContent = `Threads (${this.chosen.length} of ${this.#list.childElementCount})`;
  }
}

/** @param {Pages.OutageTicket} thread */
function line({ id, subject, url, created_at }) {
  const box = h("input", { type: "checkbox", id: uid("pick"), value: id, checked: true });
  return h(
    "div.pick",
    null,
    box,
    h("label", { for: box.id, dir: "auto" }, subject),
    h("closeloop-time", { datetime: created_at, mode: "short" }),
    outside(url, "Read"),
  );
}

customElements.define("closeloop-pick-threads", CloseloopPickThreads);
