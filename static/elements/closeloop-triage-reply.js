// @ts-check
import { emit, fill, h, uid } from "../lib/dom.js";
import * as drafts from "../lib/drafts.js";
import { threads } from "../triage/words.js";
import { whoReads } from "./closeloop-reply.js";

/** What one message may have: the API's limit. */
const LIMIT = 32_000;

/** @typedef {{ids: number[], name: string, forum: string, isPrivate: boolean, confidential: boolean, why: string | null}} To `why` nothing can be written there */

/** A first reply, beside the thread that it answers. `open(to, text)`. Emits send {ids, text, cannedId}, keep {text}, closed. */
export class CloseloopTriageReply extends HTMLElement {
  #area = h("textarea", { rows: "5", dir: "auto", spellcheck: "true", maxlength: String(LIMIT) });
  #label = h("label");
  #hint = h("p.hint", { id: uid("hint") });
  #send = h("button.primary", { type: "submit" }, "Send");
  #why = h("p.why.taken");
  /** @type {To | null} */ #to = null;
  /** @type {number | null} */ #canned = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.hidden = true;
    this.#area.id = uid("reply");
    this.#label.setAttribute("for", this.#area.id);
    this.#area.setAttribute("aria-describedby", this.#hint.id);
    const form = h(
      "form",
      { novalidate: true },
      this.#label,
      this.#area,
      this.#why,
      h(
        "div.foot",
        null,
        this.#hint,
        h(
          "button.subtle",
          { type: "button", onclick: () => emit(this, "keep", { text: this.#area.value.trim() }) },
          "Save as canned reply",
        ),
        h("button.subtle", { type: "button", onclick: () => this.close() }, "Close"),
        this.#send,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#area.addEventListener("input", () => this.#typed());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#submit();
      }
    });
    this.append(form);
  }

  get isOpen() {
    return !this.hidden;
  }

  /** @param {To} to @param {string} [text] a canned reply @param {number} [cannedId] */
  open(to, text, cannedId) {
    this.#to = to;
    this.#canned = cannedId ?? null;
    this.#area.value = text ?? drafts.load(this.#key);
    this.#label.textContent =
      to.ids.length > 1 ? `Reply to the customers of ${threads(to.ids.length)}` : `Reply to ${to.name}`;
    fill(this.#hint, `${whoReads(to)}. {name} becomes the customer’s name. Ctrl+Enter sends.`);
    this.#why.textContent = to.why ?? "";
    this.#why.hidden = !to.why;
    this.#area.disabled = to.why !== null;
    this.hidden = false;
    this.#typed();
    this.#area.focus();
    this.#area.setSelectionRange(this.#area.value.length, this.#area.value.length);
  }

  /** What is written stays until it is sent. */
  close() {
    if (this.hidden) return;
    this.hidden = true;
    emit(this, "closed");
  }

  get #key() {
    return `triage-reply:${this.#to?.ids.join(",")}`;
  }

  #typed() {
    drafts.save(this.#key, this.#area.value);
    this.#send.disabled = this.#area.disabled || !this.#area.value.trim();
  }

  #submit() {
    const text = this.#area.value.trim();
    if (!this.#to || this.#send.disabled || !text) return;
    drafts.save(this.#key, "");
    emit(this, "send", { ids: this.#to.ids, text, cannedId: this.#canned });
    this.close();
  }
}

customElements.define("closeloop-triage-reply", CloseloopTriageReply);
