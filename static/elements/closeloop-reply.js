// @ts-check
import { emit, fill, h, uid } from "../lib/dom.js";
import * as drafts from "../lib/drafts.js";

/** What one message may have: the API's limit, which is Discourse's own. */
const LIMIT = 32_000;
/** From here on the count is shown. */
const NEAR = 28_000;

/** @typedef {{draftKey: string, customer: string, forum: string, features: Api.Feature[], missing: Partial<Record<Api.Feature, string>>, isPrivate: boolean, confidential: boolean, state: Api.TicketState}} Setup */

/** Where somebody writes: a reply that the customer reads, or a note that they cannot. Emits send {text, internal}. */
export class CloseloopReply extends HTMLElement {
  #ends = new AbortController();
  /** @type {Setup | null} */ #setup = null;
  #internal = false;
  #area = h("textarea", { rows: "3", dir: "auto", spellcheck: "true" });
  #send = h("button.primary", { type: "submit" });
  #hint = h("p.hint", { id: uid("hint") });
  #count = h("span.count", { "aria-live": "polite" });
  #label = h("label.hidden-words");
  #why = h("p.why");
  #switch = h("div.switch", { role: "radiogroup", "aria-label": "Who may read this" });

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.firstChild) this.#build();
    this.#area.addEventListener("input", () => this.#typed(), { signal });
    this.#area.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          this.#submit();
        }
      },
      { signal },
    );
    this.querySelector("form")?.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        this.#submit();
      },
      { signal },
    );
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  /** What may be done here. Set again at each poll: what is typed stays. @param {Setup} setup */
  set setup(setup) {
    const now = JSON.stringify(setup);
    if (now === JSON.stringify(this.#setup)) return;
    const first = this.#setup === null;
    this.#setup = setup;
    if (first || !this.#may(this.#internal)) this.#choose(this.#may(true) && !this.#may(false));
    else this.#draw();
  }

  focus() {
    this.#area.focus();
  }

  /** Put words back that could not be sent. @param {string} text @param {boolean} internal */
  restore(text, internal) {
    this.#choose(internal);
    this.#area.value = this.#area.value.trim() ? `${text}\n\n${this.#area.value}` : text;
    this.#typed();
    this.focus();
  }

  #build() {
    this.#area.id = uid("reply");
    this.#area.setAttribute("aria-describedby", this.#hint.id);
    this.#label.setAttribute("for", this.#area.id);
    this.append(
      h(
        "form",
        { novalidate: true },
        this.#switch,
        this.#label,
        this.#area,
        h("div.foot", null, this.#hint, this.#count, this.#send),
        this.#why,
      ),
    );
  }

  /** @param {boolean} internal */
  #may(internal) {
    return this.#setup?.features.includes(internal ? "internal_note" : "reply") ?? false;
  }

  #key() {
    return `${this.#setup?.draftKey}:${this.#internal ? "note" : "reply"}`;
  }

  /** @param {boolean} internal */
  #choose(internal) {
    this.#internal = internal;
    this.#area.value = drafts.load(this.#key());
    this.#draw();
  }

  #draw() {
    const setup = this.#setup;
    if (!setup) return;
    const may = this.#may(this.#internal);
    const gone = setup.state === "deleted";
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest?.(".switch") === this.#switch;
    this.classList.toggle("internal", this.#internal);
    fill(this.#switch, this.#option(false, "Reply to customer"), this.#option(true, "Internal note"));
    if (focused) /** @type {HTMLElement | null} */ (this.#switch.querySelector("[aria-checked=true]"))?.focus();
    this.#area.disabled = !may || gone;
    this.#area.placeholder = this.#internal
      ? "Write for your team. Customers cannot see this."
      : `Write to ${setup.customer}…`;
    this.#label.textContent = this.#internal ? "Internal note" : `Reply to ${setup.customer}`;
    this.#send.textContent = this.#internal ? "Add internal note" : "Send reply";
    this.#hint.textContent = this.#internal
      ? `Staff of ${setup.forum} see it in the thread. Ctrl+Enter adds it.`
      : `${whoReads(setup)}. Ctrl+Enter sends.`;
    const why = gone ? "The thread was deleted on the forum: nothing can be written there." : this.#explained();
    this.#why.textContent = why;
    this.#why.hidden = !why;
    this.#typed(false);
  }

  /** Why something is missing here, so that nobody searches for it. */
  #explained() {
    const missing = this.#setup?.missing ?? {};
    const says = [];
    if (!this.#may(false))
      says.push(`Replies are not possible here: ${missing.reply ?? "this forum is connected for reading only."}`);
    if (!this.#may(true))
      says.push(`Internal notes are not possible here: ${missing.internal_note ?? "this forum has none."}`);
    return says.join(" ");
  }

  /** @param {boolean} internal @param {string} words */
  #option(internal, words) {
    const chosen = this.#internal === internal;
    const may = this.#may(internal);
    const option = h(
      "button",
      {
        type: "button",
        role: "radio",
        "aria-checked": String(chosen),
        tabindex: chosen ? "0" : "-1",
        "aria-disabled": may ? null : "true",
      },
      internal
        ? h("span.icon.icon-lock", { "aria-hidden": "true" })
        : h("span.icon.icon-reply", { "aria-hidden": "true" }),
      words,
    );
    option.addEventListener("click", () => may && this.#choose(internal));
    option.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      if (this.#may(!internal)) this.#choose(!internal);
    });
    return option;
  }

  #typed(keep = true) {
    const length = this.#area.value.length;
    if (keep && this.#setup) drafts.save(this.#key(), this.#area.value);
    this.#send.disabled = this.#area.disabled || !this.#area.value.trim() || length > LIMIT;
    this.#count.hidden = length < NEAR;
    this.#count.classList.toggle("over", length > LIMIT);
    this.#count.textContent =
      length > LIMIT
        ? `${(length - LIMIT).toLocaleString("en")} characters too many`
        : `${(LIMIT - length).toLocaleString("en")} characters left`;
    this.#grow();
  }

  /** As high as the words need, within reason: a scrollbar inside a small box hides what one wrote. */
  #grow() {
    const lines = this.#area.value.split("\n").length + Math.floor(this.#area.value.length / 90);
    this.#area.rows = Math.min(14, Math.max(3, lines + 1));
  }

  #submit() {
    const text = this.#area.value.trim();
    if (this.#send.disabled || !text) return;
    const internal = this.#internal;
    this.#area.value = "";
    this.#typed();
    emit(this, "send", { text, internal });
    // The button that was pressed is disabled now: focus must not fall off the page.
    this.#area.focus();
  }
}

/** @param {{isPrivate: boolean, confidential: boolean, forum: string}} about */
export function whoReads({ isPrivate, confidential, forum }) {
  if (confidential) return `Sent to the customer by ${forum}`;
  return `${isPrivate ? "Posted in the private thread" : "Posted publicly"} on ${forum}`;
}

customElements.define("closeloop-reply", CloseloopReply);
