// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h } from "../lib/dom.js";

/**
 * @typedef {object} Outgoing A message on its way.
 * @property {string} key
 * @property {number} ticketId
 * @property {string} text
 * @property {boolean} internal
 * @property {'sending'|'waiting'|'sent'|'failed'} state
 * @property {string | null} reason
 * @property {string | null} nextAt
 * @property {number | null} deliveryId null: our own server has not taken it yet.
 * @property {boolean} approval the forum wants a moderator's approval before it shows it.
 * @property {boolean} retryable
 * @property {string} createdAt
 */

/** A message on its way to the forum, with its state in words. Set `outgoing`. Emits retry, discard. */
export class CloseloopOutgoing extends HTMLElement {
  #seen = "";

  /** @param {Outgoing} outgoing */
  set outgoing(outgoing) {
    const now = JSON.stringify(outgoing);
    if (now === this.#seen) return;
    this.#seen = now;
    this.setAttribute("role", "article");
    this.className = `staff outgoing ${outgoing.state}${outgoing.internal ? " internal" : ""}`;
    fill(
      this,
      outgoing.internal
        ? h(
            "p.note-mark",
            null,
            h("span.icon.icon-lock", { "aria-hidden": "true" }),
            "Internal note: customers cannot see this",
          )
        : null,
      h("div.words.plain", { dir: "auto" }, outgoing.text),
      h("p.delivery-state", { role: "status" }, h("span.dot", { "aria-hidden": "true" }), said(outgoing)),
      outgoing.state === "failed" ? this.#ways(outgoing) : null,
    );
  }

  /** @param {Outgoing} outgoing */
  #ways(outgoing) {
    const copy = h("button.subtle", { type: "button" }, "Copy text");
    copy.addEventListener("click", () => void busy(copy, () => copied(copy, outgoing.text)));
    return h(
      "div.ways",
      null,
      outgoing.retryable
        ? h("button.primary", { type: "button", onclick: () => emit(this, "retry", outgoing) }, "Retry")
        : null,
      copy,
      h("button.subtle", { type: "button", onclick: () => emit(this, "discard", outgoing) }, "Discard"),
    );
  }
}

/** @param {Outgoing} outgoing @returns {(Node | string)[]} */
function said({ state, reason, nextAt, internal, approval }) {
  if (state === "sending") return ["Sending…"];
  if (state === "sent")
    return [
      approval
        ? "Sent. A moderator of the forum has to approve it before it is shown."
        : internal
          ? "Added to the forum"
          : "Sent",
    ];
  if (state === "failed") return [`Failed: ${reason || "no reason was given"}`];
  if (!reason) return ["Waiting to be sent…"];
  return [`Not sent yet: ${reason} `, ...(nextAt ? ["Next try ", h("closeloop-time", { datetime: nextAt }), "."] : [])];
}

/** @param {HTMLElement} button @param {string} text */
async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select the text above and copy it";
  }
}

customElements.define("closeloop-outgoing", CloseloopOutgoing);
