// @ts-check
import { h, uid } from "../lib/dom.js";
import { KEYS, written } from "../triage/keys.js";

const GROUPS = /** @type {const} */ (["Decide", "Look", "Select"]);

/** All keys and what each does. `open()`. */
export class CloseloopTriageHelp extends HTMLElement {
  #dialog = h("dialog.help");

  connectedCallback() {
    if (this.firstChild) return;
    const title = h("h2", { id: uid("help") }, "Keys");
    this.#dialog.setAttribute("aria-labelledby", title.id);
    this.#dialog.append(
      h("header", null, title, h("button.subtle", { type: "button", onclick: () => this.#dialog.close() }, "Close")),
      h("div.help-groups", null, GROUPS.map(group)),
      h("p.quiet", null, "The keys rest while you write. With Ctrl, Alt or ⌘ they are your browser’s."),
    );
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key !== "?") return;
      event.preventDefault();
      this.#dialog.close();
    });
    this.append(this.#dialog);
  }

  open() {
    this.#dialog.showModal();
  }
}

/** @param {string} name */
function group(name) {
  const keys = KEYS.filter((key) => key.group === name);
  return h(
    "section",
    null,
    h("h3", null, name),
    h(
      "dl",
      null,
      keys.map((key) =>
        h(
          "div",
          null,
          h(
            "dt",
            null,
            written(key).map((one) => h("kbd", null, one)),
          ),
          h("dd", null, key.does),
        ),
      ),
    ),
  );
}

customElements.define("closeloop-triage-help", CloseloopTriageHelp);
