// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, uid } from "../lib/dom.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, connected: boolean, isAdmin: boolean}} Setup */

/** Where Slack messages go. The address is a secret: it is written, never shown again. Set `setup`. Emits changed. */
export class CloseloopSlack extends HTMLElement {
  #problem = document.createElement("closeloop-problem");

  /** @param {Setup} setup */
  set setup({ api, connected, isAdmin }) {
    this.#problem.clear();
    const input = h("input", {
      type: "url",
      id: uid("slack"),
      autocomplete: "off",
      spellcheck: "false",
      placeholder: connected ? "Unchanged" : "https://hooks.slack.com/services/…",
    });
    const save = h("button", { type: "submit" }, connected ? "Replace" : "Connect");
    const remove = h("button.subtle", { type: "button" }, "Disconnect");
    const form = h(
      "form.field",
      { novalidate: true },
      h("label", { for: input.id }, "Address of an incoming webhook"),
      h("div.copy-row", null, input, save),
      connected ? remove : null,
      this.#problem,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) void busy(save, () => this.#put(api, input.value.trim()), "Saving…");
    });
    remove.addEventListener("click", () => void busy(remove, () => this.#put(api, null), "Disconnecting…"));
    fill(
      this,
      h(
        "p",
        null,
        h("span", { class: connected ? "tag good" : "tag" }, connected ? "Connected" : "Not connected"),
        " Closeloop says there when something needs a person.",
      ),
      isAdmin ? form : null,
    );
  }

  /** @param {import('../lib/api.js').ApiClient} api @param {string | null} url */
  async #put(api, url) {
    try {
      await api.call("PUT", "/workspace", { body: { slack_webhook_url: url } });
      emit(this, "changed");
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-slack", CloseloopSlack);
