// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h } from "../lib/dom.js";
import { complain, field, forget, input } from "../lib/fields.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, workspace: Api.Workspace, isAdmin: boolean}} Setup */

/** The Slack app: messages to each team's own channel, with buttons that act. Secrets are written, never shown. Emits changed. */
export class CloseloopSlackApp extends HTMLElement {
  #problem = h("closeloop-problem");
  /** @type {Setup | null} */ #setup = null;

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    this.#rest();
  }

  #rest() {
    const { workspace, isAdmin } = /** @type {Setup} */ (this.#setup);
    const { slack_bot_connected: connected, slack_buttons: buttons } = workspace;
    this.#problem.clear();
    const says = connected
      ? buttons
        ? " Each team hears of its threads in its own channel, with buttons that act."
        : " Each team hears of its threads in its own channel. For the “Take it” button the signing secret is missing."
      : " With an app of your own each team hears of its threads in its own channel, and can take them there.";
    fill(
      this,
      h("h3", null, "Slack app"),
      h(
        "p",
        null,
        h("span", { class: connected ? "tag good" : "tag" }, connected ? "Connected" : "Not connected"),
        says,
      ),
      isAdmin && workspace.slack_request_url ? requestUrl(workspace.slack_request_url) : null,
      this.#problem,
      isAdmin ? this.#ways(connected) : null,
    );
  }

  /** @param {boolean} connected */
  #ways(connected) {
    const off = h("button.subtle", { type: "button" }, "Disconnect the app");
    off.addEventListener(
      "click",
      () => void busy(off, () => this.#put({ slack_bot_token: null, slack_signing_secret: null }), "Disconnecting…"),
    );
    return h(
      "div.group-ways",
      null,
      h(
        "button",
        { type: "button", onclick: () => this.#edit() },
        connected ? "Replace the keys" : "Connect a Slack app",
      ),
      connected ? off : null,
    );
  }

  #edit() {
    const { workspace } = /** @type {Setup} */ (this.#setup);
    const secret = { type: "password", autocomplete: "new-password" };
    const token = input("slack_bot_token", "", {
      ...secret,
      placeholder: workspace.slack_bot_connected ? "Unchanged" : "xoxb-…",
    });
    const signing = input("slack_signing_secret", "", {
      ...secret,
      placeholder: workspace.slack_buttons ? "Unchanged" : "",
    });
    const save = h("button.primary", { type: "submit" }, "Save");
    const form = h(
      "form.inset",
      { novalidate: true },
      field("Bot token", token, "Of your app at api.slack.com/apps: “OAuth & Permissions”, with the right chat:write."),
      field(
        "Signing secret",
        signing,
        "On the app’s “Basic Information” page. Presses of buttons are believed only when it fits.",
      ),
      this.#problem,
      h("div.group-ways", null, save, h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = {
        ...(token.value.trim() ? { slack_bot_token: token.value.trim() } : {}),
        ...(signing.value.trim() ? { slack_signing_secret: signing.value.trim() } : {}),
      };
      if (Object.keys(body).length) void busy(save, () => this.#put(body, form), "Checking…");
    });
    this.#problem.clear();
    this.querySelector(".group-ways")?.replaceWith(form);
    token.focus();
  }

  /** @param {Record<string, string | null>} body @param {HTMLFormElement} [form] */
  async #put(body, form) {
    const { api } = /** @type {Setup} */ (this.#setup);
    this.#problem.clear();
    if (form) forget(form);
    try {
      await api.call("PUT", "/workspace", { body, timeout: 40_000 });
      emit(this, "changed");
    } catch (error) {
      if (form) complain(form, this.#problem, error);
      else this.#problem.show(error);
    }
  }
}

/** @param {string} url */
function requestUrl(url) {
  const box = input("slack_request_url", url, { readonly: true });
  box.addEventListener("focus", () => box.select());
  const copy = h("button", { type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
      copy.textContent = "Copied";
    } catch {
      box.select();
      copy.textContent = "Press Ctrl+C";
    }
  });
  const place = field(
    "Request URL",
    box,
    "Enter it in the app under “Interactivity & Shortcuts”: pressed buttons come here.",
  );
  const row = h("div.copy-row");
  box.replaceWith(row);
  row.append(box, copy);
  return place;
}

customElements.define("closeloop-slack-app", CloseloopSlackApp);
