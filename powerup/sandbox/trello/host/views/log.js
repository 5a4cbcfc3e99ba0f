// @ts-check
/** The drawer at the bottom that shows what the board and the Power-Up say to each other: for whoever develops the Power-Up. */

import { fill, h } from "../dom.js";

/** @import {LogLine} from '../protocol/wire.js' */

/** @typedef {LogLine & {at: Date, isFirst: boolean}} Line */

const KEPT = 300;
/** Trello waits 5 s. An answer that came later than this is slow; a first one, which opens a session too, only when it came too late. */
const SLOW_MS = 3_000;

export class LogDrawer {
  /** @type {Line[]} */ #lines = [];
  /** When a message was answered first. @type {Map<string, number>} */ #answered = new Map();
  #count = h("span", { class: "log-count" });
  #rows = h("tbody");
  #drawn = false;
  #onlyTrouble = h("input", { type: "checkbox", onchange: () => this.#draw() });
  #details = h(
    "details",
    { class: "log", ontoggle: () => this.#draw() },
    h("summary", {}, "Power-Up log", this.#count),
    h(
      "div",
      { class: "log-body" },
      h(
        "div",
        { class: "log-tools" },
        h("label", {}, this.#onlyTrouble, " Only failures and slow answers"),
        h("button", { type: "button", class: "quiet", onclick: () => this.clear() }, "Clear"),
      ),
      h(
        "div",
        {
          class: "log-scroll",
          tabIndex: 0,
          role: "region",
          "aria-label": "Power-Up messages",
        },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ...["Time", "Who asks", "Message", "Took", "Outcome"].map((name) => h("th", { scope: "col" }, name)),
            ),
          ),
          this.#rows,
        ),
      ),
    ),
  );

  get element() {
    return this.#details;
  }

  /** @param {LogLine} line */
  add(line) {
    const message = `${line.direction} ${line.command}`;
    const now = performance.now();
    const first = this.#answered.get(message) ?? now;
    this.#answered.set(message, first);
    // A board asks for all its cards at once: whatever was asked before the first answer is a first one too.
    this.#lines.push({ ...line, at: new Date(), isFirst: now - line.ms <= first });
    if (this.#lines.length > KEPT) this.#lines.shift();
    if (this.#drawn) return;
    this.#drawn = true; // many messages come at once: draw them together
    requestAnimationFrame(() => {
      this.#drawn = false;
      this.#draw();
    });
  }

  clear() {
    this.#lines = [];
    this.#draw();
  }

  #draw() {
    const failures = this.#lines.filter(troubled).length;
    fill(
      this.#count,
      `${this.#lines.length} messages`,
      failures ? h("strong", { class: "log-failures" }, `, ${failures} failed or slow`) : null,
    );
    if (!this.#details.open) return;
    const shown = this.#onlyTrouble.checked ? this.#lines.filter(troubled) : this.#lines;
    fill(this.#rows, ...shown.toReversed().map(row));
  }
}

/** "Not handled" is an answer, not a failure. @param {Line} line */
const troubled = ({ outcome, ms, isFirst }) =>
  outcome === "timeout" || outcome === "refused" || (ms > SLOW_MS && !isFirst);

/** @param {Line} line */
const row = (line) =>
  h(
    "tr",
    { class: troubled(line) ? "trouble" : "" },
    h("td", {}, line.at.toLocaleTimeString("en-GB")),
    h("td", {}, line.direction === "out" ? "board" : "Power-Up"),
    h("td", {}, h("code", {}, line.command)),
    h("td", { class: "number" }, `${Math.round(line.ms)} ms`),
    h("td", {}, line.outcome, line.detail ? h("span", { class: "log-detail" }, `: ${line.detail}`) : null),
  );
