// @ts-check
import { busy } from "../lib/busy.js";
import { h, uid } from "../lib/dom.js";
import * as drafts from "../lib/drafts.js";
import { requestId } from "../lib/request-id.js";
import { plural, RESOLUTION_TYPES } from "../lib/words.js";
import { Telling } from "./resolve-telling.js";
import "../elements/closeloop-problem.js";

const TYPES = /** @type {Api.ResolutionType[]} */ (Object.keys(RESOLUTION_TYPES));

/** @typedef {{type: Api.ResolutionType, evidence_url: string | null, note: string | null, message: string | null, request_id: string}} Body */

/** How was it resolved? Three choices, the evidence, and what the customers read. */
export class ResolveForm {
  /** Set by the page; says whether it was saved. @type {(body: Body) => Promise<boolean>} */ onSubmit = async () =>
    false;
  #detail;
  #draft;
  #id = requestId();
  #evidence = h("input", {
    type: "url",
    inputmode: "url",
    id: uid("evidence"),
    autocomplete: "off",
    spellcheck: "false",
  });
  #evidenceLabel = h("label", { for: this.#evidence.id });
  #evidenceSays = h("p.field-problem", { role: "alert", id: uid("says"), hidden: true });
  #note = h("textarea", { rows: "2", id: uid("note"), dir: "auto", placeholder: "For the team only" });
  #submit = h("button.primary.wide-button", { type: "submit" });
  #problem = document.createElement("closeloop-problem");
  #telling;
  element;

  /** @param {string} card @param {Api.CardDetail} detail */
  constructor(card, detail) {
    this.#detail = detail;
    this.#telling = new Telling(detail.links);
    this.#draft = `resolve:${card}`;
    this.element = this.#build();
    this.#problem.clear();
    this.#start();
    this.#listen();
    this.#chosen();
  }

  focus() {
    /** @type {HTMLElement | null} */ (
      this.element.querySelector("input[type=radio]:checked") ?? this.element.querySelector("input[type=radio]")
    )?.focus();
  }

  /** @param {unknown} error */
  showProblem(error) {
    this.#problem.show(error);
  }

  /** @returns {Api.ResolutionType | null} */
  get #type() {
    const input = /** @type {HTMLInputElement | null} */ (this.element.querySelector("input[type=radio]:checked"));
    return /** @type {any} */ (input?.value ?? null);
  }

  #build() {
    this.#evidence.setAttribute("aria-describedby", this.#evidenceSays.id);
    return h(
      "form.resolve",
      { novalidate: true },
      h(
        "fieldset.types",
        null,
        h("legend", null, "How was the cause resolved?"),
        TYPES.map((type) => this.#choice(type)),
      ),
      h("div.field", null, this.#evidenceLabel, this.#evidence, this.#evidenceSays),
      h("div.field", null, h("label", { for: this.#note.id }, "Note"), this.#note),
      this.#telling.element,
      this.#problem,
      this.#submit,
    );
  }

  /** @param {Api.ResolutionType} type */
  #choice(type) {
    const { name, about, key } = RESOLUTION_TYPES[type];
    const id = uid("type");
    return h(
      "label.choice",
      { for: id },
      h("input", { type: "radio", name: "type", value: type, id, "aria-keyshortcuts": key }),
      h("span.choice-words", null, h("strong", null, name), h("span.quiet", null, about)),
      h("kbd", { "aria-hidden": "true" }, key),
    );
  }

  /** From the resolution that is changed, or from what was typed before the popup closed. */
  #start() {
    const { resolution } = this.#detail;
    const kept = JSON.parse(drafts.load(this.#draft) || "{}");
    const type = kept.type ?? resolution?.type;
    const radio = /** @type {HTMLInputElement | null} */ (
      type ? this.element.querySelector(`input[value="${CSS.escape(type)}"]`) : null
    );
    if (radio) radio.checked = true;
    this.#evidence.value = kept.evidence ?? resolution?.evidence_url ?? "";
    this.#note.value = kept.note ?? resolution?.note ?? "";
    this.#telling.restore(kept.message);
    if (resolution?.told) this.#telling.leaveOut();
  }

  #listen() {
    const { element } = this;
    element.addEventListener("change", () => this.#chosen());
    this.#evidence.addEventListener("input", () => this.#proposed());
    this.#evidence.addEventListener("blur", () => this.#checkEvidence());
    element.addEventListener("input", () => this.#keep());
    element.addEventListener("keydown", (event) => this.#pressed(event));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.#send();
      return;
    }
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches("textarea, input:not([type=radio], [type=checkbox])");
    const type = TYPES.find((each) => RESOLUTION_TYPES[each].key === event.key);
    if (typing || !type || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const radio = /** @type {HTMLInputElement} */ (this.element.querySelector(`input[value="${type}"]`));
    radio.checked = true;
    radio.focus();
    this.#keep();
    this.#chosen();
  }

  #chosen() {
    const type = this.#type;
    const { evidence, placeholder } = RESOLUTION_TYPES[type ?? "code_fix"];
    this.#evidenceLabel.textContent = `Evidence: ${evidence.toLowerCase()}`;
    this.#evidence.placeholder = placeholder;
    this.#proposed();
    this.#telling.draw();
    const { count, possible } = this.#telling;
    this.#submit.textContent = count
      ? `Resolve and tell ${plural(count, "customer")}`
      : possible
        ? "Resolve, tell nobody"
        : "Resolve";
    this.#submit.setAttribute("aria-disabled", String(!type));
  }

  #proposed() {
    this.#telling.propose(this.#type, this.#evidence.value.trim());
  }

  #checkEvidence() {
    const typed = this.#evidence.value.trim();
    let says = "";
    try {
      const url = typed ? new URL(typed) : null;
      if (url && url.protocol !== "http:" && url.protocol !== "https:") says = "An address starts with https://";
    } catch {
      says = "This is no full address. One starts with https://";
    }
    this.#evidenceSays.textContent = says;
    this.#evidenceSays.hidden = !says;
    this.#evidence.setAttribute("aria-invalid", String(Boolean(says)));
    return !says;
  }

  #keep() {
    const kept = {
      type: this.#type,
      evidence: this.#evidence.value,
      note: this.#note.value,
      message: this.#telling.isEdited ? this.#telling.words : undefined,
    };
    drafts.save(this.#draft, JSON.stringify(kept));
  }

  #send() {
    const type = this.#type;
    if (!type) return this.focus();
    if (!this.#checkEvidence()) return this.#evidence.focus();
    if (!this.#telling.check()) return undefined;
    this.#problem.clear();
    const body = {
      type,
      evidence_url: this.#evidence.value.trim() || null,
      note: this.#note.value.trim() || null,
      message: this.#telling.message,
      request_id: this.#id,
    };
    return busy(
      this.#submit,
      async () => {
        if (await this.onSubmit(body)) drafts.save(this.#draft, "");
      },
      "Saving…",
    ).then(() => this.#chosen());
  }
}
