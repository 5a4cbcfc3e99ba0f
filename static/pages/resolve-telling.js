// @ts-check
import { fill, h, uid } from "../lib/dom.js";
import { messageFor, plural } from "../lib/words.js";

/** Threads named before "and 3 more". */
const NAMED = 4;

/** What the customers are told, and exactly where it will be posted. */
export class Telling {
  /** Whether somebody wrote their own words; a proposal is not theirs. */ isEdited = false;
  element;
  #all;
  /** Whose forum takes a reply from us. */ #links;
  #check = h("input", { type: "checkbox", id: uid("tell"), checked: true });
  #message = h("textarea", { rows: "5", id: uid("message"), dir: "auto" });
  #says = h("p.field-problem", { role: "alert", hidden: true });
  #where = h("div.where");

  /** @param {Api.Link[]} links of the card */
  constructor(links) {
    this.#all = links;
    this.#links = links.filter(({ ticket }) => ticket.features.includes("reply") && ticket.state !== "deleted");
    this.#message.addEventListener("input", () => {
      this.isEdited = this.#message.value.trim() !== "";
      this.#says.hidden = true;
    });
    this.element = this.#links.length ? this.#build() : h("p.quiet", null, this.#nobody());
  }

  /** How many customers are told. */
  get count() {
    return this.#check.checked ? this.#links.length : 0;
  }

  get possible() {
    return this.#links.length;
  }

  /** @returns {string | null} null tells nobody. */
  get message() {
    return this.count ? this.#message.value.trim() || null : null;
  }

  get words() {
    return this.#message.value;
  }

  /** @param {string | undefined} words somebody's own, kept from before */
  restore(words) {
    this.#message.value = words ?? "";
    this.isEdited = Boolean(words);
  }

  /** Who was told already is not told again unless somebody wants it. */
  leaveOut() {
    this.#check.checked = false;
  }

  /** @param {Api.ResolutionType | null} type @param {string} evidence */
  propose(type, evidence) {
    this.#message.placeholder = type
      ? "Write what the customers are told"
      : "Choose how it was resolved; the message is suggested here";
    if (type && !this.isEdited) this.#message.value = messageFor(type, evidence);
  }

  /** An empty message tells nobody, which is not what the box says. @returns {boolean} whether all is well; if not, it is said. */
  check() {
    const empty = this.count > 0 && this.message === null;
    this.#says.hidden = !empty;
    this.#says.textContent = empty ? "Write what the customers are told, or untick the box." : "";
    if (empty) this.#message.focus();
    return !empty;
  }

  draw() {
    this.#message.disabled = this.count === 0;
    if (this.count === 0) {
      this.#where.textContent = "Nobody is told. The loop stays open until the customers know.";
      return;
    }
    const left = this.#all.length - this.#links.length;
    const more = this.#links.length - NAMED;
    fill(
      this.#where,
      `This will be ${this.#manner()} to ${plural(this.#links.length, "thread")}:`,
      h("ul", null, this.#links.slice(0, NAMED).map(named), more > 0 ? h("li", null, `and ${more} more`) : null),
      left ? `${plural(left, "linked thread")} cannot be answered from here.` : null,
    );
  }

  #build() {
    const count = this.#links.length;
    const words = `Tell ${count === 1 ? "the customer" : `all ${count} customers`}`;
    return h(
      "div.field.telling",
      null,
      h("label.check", { for: this.#check.id }, this.#check, words),
      h("label.hidden-words", { for: this.#message.id }, "Message to the customers"),
      this.#message,
      this.#says,
      this.#where,
    );
  }

  #nobody() {
    return this.#all.length
      ? "The linked threads cannot be answered from here, so nobody is told: their forum is connected for reading only, or they were deleted."
      : "No thread is linked to this card, so nobody is told. Threads linked later do not get this message.";
  }

  #manner() {
    const open = this.#links.filter(({ ticket }) => !ticket.private).length;
    if (open === this.#links.length) return "posted publicly";
    return open === 0 ? "posted" : "posted (publicly where the thread is public)";
  }
}

/** @param {Api.Link} link */
function named({ ticket: { subject, customer } }) {
  return h("li", null, h("bdi", null, subject), " (", h("bdi", null, customer.name || customer.username), ")");
}
