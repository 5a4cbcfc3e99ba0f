// @ts-check
import { emit, fill, h, outside } from "../lib/dom.js";
import { nameOf } from "../lib/people.js";
import { RESOLUTION_TYPES, resolution as said, told } from "../lib/words.js";
import "./closeloop-pill.js";
import "./closeloop-time.js";

/** How the card was resolved: type, evidence, who and when, who was told. `show(resolution, mayWrite)`. Emits resolve, withdraw. */
export class CloseloopResolution extends HTMLElement {
  #seen = "";
  #asking = false;

  /** @param {Api.Resolution | null} resolution @param {{mayWrite: boolean, threads: number}} about */
  show(resolution, { mayWrite, threads }) {
    const now = JSON.stringify([resolution, mayWrite, threads, resolution && nameOf(resolution.marked_by)]);
    if (now === this.#seen) return;
    this.#seen = now;
    this.#asking = false;
    this.className = resolution ? `resolved ${resolution.state}` : "open";
    this.hidden = !resolution && (!mayWrite || threads === 0);
    if (resolution) this.#drawResolved(resolution, mayWrite);
    else this.#drawOpen();
  }

  #drawOpen() {
    fill(
      this,
      h("p", null, "Not resolved yet. When the cause is fixed, say how: the customers are told in one go."),
      h(
        "button",
        { type: "button", onclick: (/** @type {MouseEvent} */ event) => emit(this, "resolve", { mouseEvent: event }) },
        "Resolve…",
      ),
    );
  }

  /** @param {Api.Resolution} resolution @param {boolean} mayWrite */
  #drawResolved(resolution, mayWrite) {
    const pill = document.createElement("closeloop-pill");
    pill.saying = said(resolution, resolution.told < resolution.to_tell);
    fill(
      this,
      h(
        "div.resolution-head",
        null,
        h("h2", null, resolution.state === "came_back" ? "Resolved once, and came back" : "Resolved"),
        pill,
      ),
      h(
        "p",
        null,
        `${RESOLUTION_TYPES[resolution.type]?.name ?? resolution.type} by ${nameOf(resolution.marked_by)}, `,
        h("closeloop-time", { datetime: resolution.marked_at }),
        ". ",
        told(resolution),
      ),
      resolution.evidence_url
        ? h("p.evidence", null, "Evidence: ", outside(resolution.evidence_url, resolution.evidence_url))
        : h("p.evidence.quiet", null, "No evidence was given."),
      resolution.note
        ? h("p.resolution-note", { dir: "auto" }, h("span.quiet", null, "Note for the team: "), resolution.note)
        : null,
      mayWrite ? this.#ways(resolution) : null,
    );
  }

  /** @param {Api.Resolution} resolution */
  #ways(resolution) {
    const row = h("p.resolution-ways");
    const draw = () => {
      const change = h(
        "button.link",
        { type: "button", onclick: (/** @type {MouseEvent} */ event) => emit(this, "resolve", { mouseEvent: event }) },
        "Change",
      );
      const withdraw = h(
        "button.link",
        {
          type: "button",
          onclick: () => {
            this.#asking = true;
            draw();
          },
        },
        "Withdraw",
      );
      const sure = [
        h(
          "span",
          null,
          resolution.told
            ? "Withdraw? What customers were told stays on the forum. "
            : "Withdraw? Customers not told yet will not be. ",
        ),
        h("button.danger", { type: "button", onclick: () => emit(this, "withdraw") }, "Withdraw"),
        h(
          "button.subtle",
          {
            type: "button",
            onclick: () => {
              this.#asking = false;
              draw();
            },
          },
          "Keep it",
        ),
      ];
      fill(row, this.#asking ? sure : [change, withdraw]);
    };
    draw();
    return row;
  }
}

customElements.define("closeloop-resolution", CloseloopResolution);
