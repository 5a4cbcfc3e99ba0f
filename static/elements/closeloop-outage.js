// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, outside } from "../lib/dom.js";
import * as drafts from "../lib/drafts.js";
import { complain, forget } from "../lib/fields.js";
import { allClear, holdingReply, outageName, promiseWords } from "../lib/outages.js";
import { requestId } from "../lib/request-id.js";
import { plural } from "../lib/words.js";
import "./closeloop-outage-reply.js";
import "./closeloop-pick-threads.js";
import "./closeloop-pill.js";
import "./closeloop-problem.js";
import "./closeloop-time.js";

const SOON_MS = 10 * 60_000;

/** @typedef {{name: "news" | "join" | "over", send: string, path: string, method: string, reply: import('./closeloop-outage-reply.js').Setup, said: string}} Task */

/** An open outage: when news is due, who was told, and what can be said next. `show(outage, api)` as often as news come. Emits outages-changed. */
export class CloseloopOutage extends HTMLElement {
  #head = h("div.outage-head");
  #facts = h("div.outage-facts");
  #threads = h("details.fold");
  #summary = h("summary");
  #list = h("ul.thread-list");
  #problem = h("closeloop-problem");
  #ways = h("div.group-ways");
  #place = h("div");
  #pick = h("closeloop-pick-threads");
  #box = h("section.outage");
  /** The last news that was sent without an answer yet. @type {{text: string, id: string} | null} */ #news = null;
  /** @type {import('../lib/api.js').ApiClient | null} */ #api = null;
  /** @type {Pages.Outage | null} */ #outage = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.#threads.append(this.#summary, this.#list);
    this.#box.append(this.#head, this.#facts, this.#threads, this.#problem, this.#ways, this.#place);
    this.append(this.#box);
  }

  /** @param {Pages.Outage} outage @param {import('../lib/api.js').ApiClient} api */
  show(outage, api) {
    this.#outage = outage;
    this.#api = api;
    this.#drawHead(outage);
    this.#drawFacts(outage);
    this.#summary.textContent = plural(outage.tickets.length, "thread");
    fill(
      this.#list,
      outage.tickets.map(({ subject, url, created_at }) =>
        h(
          "li",
          { dir: "auto" },
          outside(url, subject),
          " ",
          h("closeloop-time", { datetime: created_at, mode: "short" }),
        ),
      ),
    );
    this.#pick.show(outage.candidates);
    if (!this.#place.firstChild) this.#drawWays();
  }

  get #given() {
    return /** @type {Pages.Outage} */ (this.#outage);
  }

  /** @param {Pages.Outage} outage */
  #drawHead({ title, area, team, opened_by, opened_at, card }) {
    const pill = h("closeloop-pill");
    pill.saying = { text: "Outage", colour: "red", title: "Outage mode is open." };
    fill(
      this.#head,
      pill,
      h("h2", null, outageName(title)),
      h(
        "p.quiet",
        null,
        `${area.name}, ${team.name}. Opened by ${opened_by?.name ?? "somebody"} `,
        opened_at ? h("closeloop-time", { datetime: opened_at }) : null,
        ". ",
        card ? outside(card.url, "Master card") : "Its card is being made.",
      ),
    );
  }

  /** @param {Pages.Outage} outage */
  #drawFacts({ next_word_at, late, told, to_tell }) {
    const left = next_word_at ? Date.parse(next_word_at) - Date.now() : Number.POSITIVE_INFINITY;
    const look = late ? "late" : left < SOON_MS ? "soon" : "";
    const rest = to_tell - told;
    fill(
      this.#facts,
      next_word_at
        ? h(
            "div",
            { class: `outage-fact ${look}` },
            h("span", null, late ? "News was promised" : "News promised"),
            h("strong", null, h("closeloop-time", { datetime: next_word_at })),
          )
        : null,
      h(
        "div.outage-fact",
        null,
        h("span", null, rest ? `${plural(rest, "message")} on the way` : "Messages to customers"),
        h("strong", null, `${told} of ${plural(to_tell, "message")} sent`),
      ),
    );
  }

  #drawWays() {
    const { candidates, area, promise_minutes, id } = this.#given;
    const news = /** @type {Task} */ ({
      name: "news",
      send: "Tell everybody",
      method: "POST",
      path: `/outages/${id}/updates`,
      reply: { label: "News for every customer", draft: `outage-news:${id}`, promise: promise_minutes },
      said: "The news is on its way to every customer.",
    });
    const join = /** @type {Task} */ ({
      name: "join",
      send: "Add to the outage",
      method: "POST",
      path: `/outages/${id}/tickets`,
      reply: { label: "Reply to them", text: () => holdingReply({ area }, promiseWords(promise_minutes)) },
      said: "Added. They are linked to the master card and told.",
    });
    const over = /** @type {Task} */ ({
      name: "over",
      send: "Give the all-clear",
      method: "PUT",
      path: `/outages/${id}`,
      reply: { label: "All-clear to every customer", text: allClear, draft: `outage-over:${id}` },
      said: "The outage is over. Every customer is told.",
    });
    const count = candidates.length;
    fill(
      this.#ways,
      h("button.primary", { type: "button", onclick: () => this.#ask(news) }, "Post an update…"),
      count
        ? h("button", { type: "button", onclick: () => this.#ask(join) }, `Add ${plural(count, "more thread")}…`)
        : null,
      h("button", { type: "button", onclick: () => this.#ask(over) }, "All-clear…"),
    );
  }

  /** @param {Task} task */
  #ask(task) {
    const reply = h("closeloop-outage-reply");
    reply.setup = task.reply;
    const send = h("button.primary", { type: "submit" }, task.send);
    const form = h(
      "form.inset",
      { novalidate: true },
      task.name === "join" ? this.#pick : null,
      reply,
      h("div.group-ways", null, send, h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void busy(send, () => this.#send(task, form, reply), "Sending…");
    });
    fill(this.#place, form);
    this.#ways.hidden = true;
    if (task.name === "join") this.#pick.show(this.#given.candidates);
    reply.focus();
  }

  #rest() {
    this.#place.replaceChildren();
    this.#ways.hidden = false;
    this.#problem.clear();
    this.#drawWays();
    this.#ways.querySelector("button")?.focus();
  }

  /** The same words sent again, because an answer was lost, tell nobody twice. @param {string} text */
  #newsId(text) {
    if (this.#news?.text !== text) this.#news = { text, id: requestId() };
    return this.#news.id;
  }

  /** @param {Task} task @param {HTMLFormElement} form @param {import('./closeloop-outage-reply.js').CloseloopOutageReply} reply */
  async #send(task, form, reply) {
    const bodies = {
      news: () => ({ text: reply.text, promise_minutes: reply.promiseMinutes, request_id: this.#newsId(reply.text) }),
      join: () => ({ ticket_ids: this.#pick.chosen, reply: reply.text }),
      over: () => ({ state: "over", text: reply.text }),
    };
    forget(form);
    this.#problem.clear();
    try {
      await this.#api?.call(task.method, task.path, { body: bodies[task.name](), timeout: 60_000 });
      if (task.reply.draft) drafts.save(task.reply.draft, "");
      this.#news = null;
      this.#rest();
      emit(this, "outages-changed", { said: task.said });
    } catch (error) {
      complain(form, this.#problem, error);
    }
  }
}

customElements.define("closeloop-outage", CloseloopOutage);
