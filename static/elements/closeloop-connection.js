// @ts-check
import { ProblemError } from "../lib/api.js";
import { busy } from "../lib/busy.js";
import { askTrello, connect } from "../lib/connect.js";
import { emit, fill, h, uid } from "../lib/dom.js";
import { nameOf } from "../lib/people.js";
import { open } from "../lib/session.js";
import { relative } from "../lib/time.js";
import "./closeloop-problem.js";

/** @typedef {{t: import("../lib/trello.js").T, board: Api.Board | null, isAdmin: boolean}} Setup */

/** The board's connection to Trello: made by a click, taken back by two. Set `setup`. Emits changed. */
export class CloseloopConnection extends HTMLElement {
  /** @type {Setup | null} */ #given = null;
  #problem = document.createElement("closeloop-problem");
  #ways = h("div.group-ways");

  /** @param {Setup} setup */
  set setup(setup) {
    this.#given = setup;
    this.#problem.clear();
    this.className = "group";
    if (setup.board) this.#connected(setup.board);
    else this.#unconnected();
  }

  get #setup() {
    if (!this.#given) throw new Error("The element was used before its setup was set");
    return this.#given;
  }

  #unconnected() {
    fill(
      this,
      h("h2", null, "Connect this board"),
      h(
        "p",
        null,
        "Closeloop needs your permission in Trello to see who is a member here and to write on cards. Only members of this board will see customers’ threads.",
      ),
      this.#problem,
      this.#ways,
      this.#code(),
    );
    fill(this.#ways, this.#button("Connect with Trello…", "primary"));
  }

  /** @param {Api.Board} board */
  #connected(board) {
    const fine = board.account_state === "working";
    fill(
      this,
      h("h2", null, "This board"),
      h(
        "p",
        null,
        h("span.tag", { class: fine ? "tag good" : "tag bad" }, fine ? "Connected" : "Must be connected again"),
        ` ${board.name}, workspace ${board.workspace.name}.`,
      ),
      h("p.quiet", null, `By ${nameOf(board.connected_by)}, ${relative(board.connected_at)}.`),
      fine
        ? null
        : h(
            "p",
            null,
            "Trello no longer accepts the permission that was given. Until somebody gives it again nothing is written on cards.",
          ),
      this.#problem,
      this.#setup.isAdmin ? this.#ways : null,
    );
    this.#rest(fine);
  }

  /** @param {boolean} fine */
  #rest(fine) {
    fill(
      this.#ways,
      fine ? null : this.#button("Connect again…", "primary"),
      h("button", { type: "button", onclick: () => this.#sure(fine) }, "Disconnect…"),
    );
  }

  /** @param {boolean} fine */
  #sure(fine) {
    const yes = h("button.danger", { type: "button" }, "Disconnect");
    yes.addEventListener(
      "click",
      () =>
        void busy(
          yes,
          () => this.#try(() => open(this.#setup.t).api.call("DELETE", "/boards/current/connection")),
          "Disconnecting…",
        ),
    );
    fill(
      this.#ways,
      h("p", null, "Cards keep their links; nobody sees threads on this board until it is connected again."),
      yes,
      h("button.subtle", { type: "button", onclick: () => this.#rest(fine) }, "Keep it"),
    );
    yes.focus();
  }

  /** @param {string} words @param {string} look */
  #button(words, look) {
    const button = h(`button.${look}`, { type: "button" }, words);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-busy") === "true") return;
      const asked = askTrello();
      void busy(button, () => this.#try(async () => connect(this.#setup.t, await asked)), "Waiting for Trello…");
    });
    return button;
  }

  /** For browsers in which the window cannot speak to this page. */
  #code() {
    const input = h("input", { type: "password", id: uid("code"), autocomplete: "off" });
    const use = h("button", { type: "button" }, "Use this code");
    use.addEventListener(
      "click",
      () => void busy(use, () => this.#try(async () => connect(this.#setup.t, input.value.trim())), "Connecting…"),
    );
    return h(
      "details.fold",
      null,
      h("summary", null, "I have a code"),
      h("div.field", null, h("label", { for: input.id }, "The code that Trello’s window showed"), input, use),
    );
  }

  /** @param {() => Promise<unknown>} act */
  async #try(act) {
    this.#problem.clear();
    try {
      await act();
      emit(this, "changed");
    } catch (error) {
      if (error instanceof ProblemError && error.code === "cancelled")
        this.querySelector("details")?.setAttribute("open", "");
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-connection", CloseloopConnection);
