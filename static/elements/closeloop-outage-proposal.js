// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h } from "../lib/dom.js";
import { complain, field, forget, input } from "../lib/fields.js";
import { evidenceInWords, holdingReply } from "../lib/outages.js";
import { plural } from "../lib/words.js";
import "./closeloop-outage-reply.js";
import "./closeloop-pick-threads.js";
import "./closeloop-problem.js";

/** A burst that may be an outage: look at its threads, then open outage mode or say that it is none. `show(outage, api)`. Emits outages-changed. */
export class CloseloopOutageProposal extends HTMLElement {
  #words = h("h2");
  #about = h("p.quiet");
  #place = h("div.proposal-place");
  #problem = h("closeloop-problem");
  #pick = h("closeloop-pick-threads");
  #box = h("section.outage.proposal");
  /** @type {import('../lib/api.js').ApiClient | null} */ #api = null;
  /** @type {Pages.Outage | null} */ #outage = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.#box.append(this.#words, this.#about, this.#problem, this.#place);
    this.append(this.#box);
    this.#rest();
  }

  /** @param {Pages.Outage} outage @param {import('../lib/api.js').ApiClient} api */
  show(outage, api) {
    this.#outage = outage;
    this.#api = api;
    this.#words.textContent = evidenceInWords(outage);
    this.#about.textContent = `Is it an outage? ${outage.team.name} has this area; ${plural(outage.candidates.length, "thread")} of it ${outage.candidates.length === 1 ? "waits" : "wait"} in the queue.`;
    this.#pick.show(outage.candidates);
    if (this.isConnected && !this.#place.firstChild) this.#rest();
  }

  get #given() {
    return /** @type {Pages.Outage} */ (this.#outage);
  }

  #rest() {
    const none = h("button", { type: "button" }, "No outage");
    none.addEventListener("click", () => void busy(none, () => this.#dismiss(), "Setting aside…"));
    fill(
      this.#place,
      h(
        "div.group-ways",
        null,
        h("button.danger", { type: "button", onclick: () => this.#ask() }, "Open outage mode…"),
        none,
      ),
    );
  }

  #ask() {
    const outage = this.#given;
    const title = input("title", outage.title, { maxlength: 250, spellcheck: "true" });
    const reply = h("closeloop-outage-reply");
    reply.setup = {
      label: "Reply to all of them now",
      text: (promise) => holdingReply(outage, promise),
      promise: outage.promise_minutes,
      hint: "{name} becomes each customer’s name. Empty says nothing yet.",
    };
    const open = h("button.danger", { type: "submit" }, "Open outage mode");
    const form = h(
      "form.inset",
      { novalidate: true },
      field("What is wrong", title, "The name of the one card that stands for all of them."),
      this.#pick,
      reply,
      h("div.group-ways", null, open, h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Not yet")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void busy(open, () => this.#open(form, title.value.trim(), reply), "Opening…");
    });
    fill(this.#place, form);
    this.#pick.show(outage.candidates);
    title.focus();
    title.select();
  }

  /** @param {HTMLFormElement} form @param {string} title @param {import('./closeloop-outage-reply.js').CloseloopOutageReply} reply */
  async #open(form, title, reply) {
    const { area } = this.#given;
    const body = {
      area_id: area.id,
      title,
      ticket_ids: this.#pick.chosen,
      reply: reply.text,
      promise_minutes: reply.promiseMinutes,
    };
    forget(form);
    this.#problem.clear();
    try {
      await this.#api?.post("/outages", body, { timeout: 60_000 });
      emit(this, "outages-changed", { said: `Outage mode is open for ${area.name}. Its customers are being told.` });
    } catch (error) {
      complain(form, this.#problem, error);
    }
  }

  async #dismiss() {
    const { id, area } = this.#given;
    this.#problem.clear();
    try {
      await this.#api?.call("PUT", `/outages/${id}`, { body: { state: "dismissed" } });
      emit(this, "outages-changed", { said: `No outage. ${area.name} is proposed again only after it was quiet.` });
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-outage-proposal", CloseloopOutageProposal);
