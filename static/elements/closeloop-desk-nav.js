// @ts-check
import { fill, h } from "../lib/dom.js";

const PAGES = /** @type {[string, string][]} */ ([
  ["triage", "Triage"],
  ["outages", "Outages"],
  ["digest", "Digest"],
  ["recorder", "Flight recorder"],
]);

/** The pages of the desk beside one another: `<closeloop-desk-nav page="outages">`. */
export class CloseloopDeskNav extends HTMLElement {
  connectedCallback() {
    const here = this.getAttribute("page");
    // In Trello's frame its library reads what it was opened with from the fragment.
    const [before, after] = window.parent === window ? ["", ""] : ["/pages", location.hash];
    fill(
      this,
      h(
        "nav",
        { "aria-label": "Pages" },
        PAGES.map(([name, words]) =>
          h("a", { href: `${before}/${name}${after}`, "aria-current": name === here ? "page" : null }, words),
        ),
      ),
    );
  }
}

customElements.define("closeloop-desk-nav", CloseloopDeskNav);
