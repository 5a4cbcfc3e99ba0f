// @ts-check
import { ProblemError } from "../lib/api.js";
import { emit, fill, h, uid } from "../lib/dom.js";
import { Forums, listed, notOurs, withForums } from "../lib/forums.js";
import "./closeloop-problem.js";
import "./closeloop-ticket.js";

const PAUSE_MS = 250;
const MOST = 8;

/** @typedef {{api: import('../lib/api.js').ApiClient, forums: (Api.ForumRef & {base_url: string})[], linked: Set<number>, verb?: string, recent?: boolean}} Setup */

/** One box that takes a thread's address or words to search for. Shows what is meant before it is taken. Emits picked {ticket}. */
export class CloseloopPicker extends HTMLElement {
  #ends = new AbortController();
  /** @type {AbortController | null} */ #asking = null;
  /** @type {Setup | null} */ #setup = null;
  /** @type {Api.TicketSummary[]} */ #found = [];
  #active = -1;
  #timer = 0;
  /** What is listed does not answer what is typed yet. */ #pending = false;
  /** Enter was pressed before the answer to what is typed was there. */ #entered = false;
  #input = h("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    placeholder: "https://… or words to search for",
  });
  #list = h("div.options", { role: "listbox", id: uid("options"), "aria-label": "Threads" });
  #says = h("p.picker-says", { role: "status" });
  #problem = document.createElement("closeloop-problem");

  connectedCallback() {
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    if (!this.firstChild) this.#build();
    this.#input.addEventListener("input", () => this.#typed(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#ends.abort();
  }

  /** @param {Setup} setup */
  set setup(setup) {
    const first = this.#setup === null;
    this.#setup = setup;
    // Somebody may have pasted before we knew the forums.
    if (first) this.#begin();
  }

  focus() {
    this.#input.focus();
  }

  /** Linking did not work: say so here, where the eyes are. @param {unknown} error @param {() => Promise<unknown>} [retry] */
  showProblem(error, retry) {
    this.#problem.show(error, error instanceof ProblemError && error.isPassing ? retry : undefined);
  }

  #build() {
    this.#input.id = uid("picker");
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.#problem.clear();
    this.append(
      h("label", { for: this.#input.id }, "Address of the thread, or words from it"),
      this.#input,
      this.#says,
      this.#problem,
      this.#list,
    );
  }

  #typed() {
    this.#entered = false;
    this.#begin();
  }

  #begin() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#problem.clear();
    const typed = this.#input.value.trim();
    this.#wait(typed !== "");
    if (!this.#setup) return;
    if (!typed) this.#nothingTyped();
    else if (/^https?:\/\//i.test(typed)) this.#look(typed);
    else this.#timer = window.setTimeout(() => void this.#search(typed), PAUSE_MS);
  }

  /** Nothing is marked while an answer is awaited: what was listed before is not what is meant now. @param {boolean} pending */
  #wait(pending) {
    this.#pending = pending;
    if (pending) this.#mark(-1);
    this.#list.setAttribute("aria-busy", String(pending));
  }

  #nothingTyped() {
    this.#offer([]);
    const names = this.#setup?.forums.map(({ name }) => name) ?? [];
    this.#says.textContent = names.length
      ? `Threads of ${listed(names)} can be linked.`
      : "No forum is connected yet: an admin of this board adds one in the settings of Closeloop.";
    if (this.#setup?.recent && names.length) void this.#search("");
  }

  /** @param {string} url */
  #look(url) {
    const forums = this.#setup?.forums ?? [];
    this.#offer([]);
    if (new Forums(forums).find(url)) {
      this.#wait(true);
      void this.#ask(
        "Looking at the thread…",
        async (signal) => [(await this.#api().post("/ticket-lookups", { url }, { signal, timeout: 30_000 })).ticket],
        () => this.#look(url),
      );
      return;
    }
    this.#says.textContent = "";
    this.#problem.show(notOurs(forums));
  }

  /** @param {string} words */
  #search(words) {
    const query = new URLSearchParams({ q: words, limit: String(MOST) });
    return this.#ask(
      words ? "Searching…" : "",
      async (signal) => (await this.#api().get(`/tickets?${query}`, { signal })).tickets,
      () => void this.#search(words),
    );
  }

  #api() {
    if (!this.#setup) throw new Error("The picker was used before its setup was set");
    return this.#setup.api;
  }

  /** @param {string} words @param {(signal: AbortSignal) => Promise<Api.TicketSummary[]>} work @param {() => void} again */
  async #ask(words, work, again) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    if (words) this.#says.textContent = words;
    this.#input.setAttribute("aria-busy", "true");
    try {
      const found = await work(asking.signal);
      if (asking.signal.aborted) return;
      this.#offer(found);
      if (words)
        this.#says.textContent = found.length
          ? `${found.length === 1 ? "One thread" : `${found.length} threads`}. Enter links the marked one.`
          : "No thread has these words. Fewer words find more; an address finds any thread.";
      // Of several nobody has chosen one yet.
      if (this.#entered && found.length === 1) this.#pick(0);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#offer([]);
      this.#says.textContent = "";
      this.showProblem(withForums(error, this.#setup?.forums ?? []), async () => again());
    } finally {
      if (this.#asking === asking) this.#input.removeAttribute("aria-busy");
    }
  }

  /** @param {Api.TicketSummary[]} found */
  #offer(found) {
    this.#wait(false);
    this.#found = found;
    fill(
      this.#list,
      found.map((ticket, at) => this.#option(ticket, at)),
    );
    this.#input.setAttribute("aria-expanded", String(found.length > 0));
    this.#mark(this.#input.value.trim() ? found.findIndex(({ id }) => !this.#setup?.linked.has(id)) : -1);
  }

  /** @param {Api.TicketSummary} ticket @param {number} at */
  #option(ticket, at) {
    const linked = this.#setup?.linked.has(ticket.id) ?? false;
    const element = document.createElement("closeloop-ticket");
    const option = h(
      "div.option",
      { role: "option", id: uid("option"), "aria-selected": "false", "aria-disabled": linked ? "true" : null },
      element,
      linked
        ? h("span.tag", null, "Linked to this card already")
        : h("span.option-way", null, this.#setup?.verb ?? "Link"),
    );
    /** @type {import('./closeloop-ticket.js').CloseloopTicket} */ (element).ticket = ticket;
    option.addEventListener("click", () => this.#pick(at));
    return option;
  }

  /** @param {number} at */
  #mark(at) {
    this.#active = at;
    const options = /** @type {HTMLElement[]} */ (Array.from(this.#list.children));
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === at));
    const active = options[at];
    if (active) {
      this.#input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const { length } = this.#found;
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.#pending) this.#entered = true;
      else this.#pick(this.#active);
    } else if (length && !this.#pending && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#mark((this.#active + (event.key === "ArrowDown" ? 1 : length + (this.#active < 0 ? 0 : -1))) % length);
    }
  }

  /** @param {number} at */
  #pick(at) {
    const ticket = this.#found[at];
    if (!ticket || this.#setup?.linked.has(ticket.id)) return;
    this.#problem.clear();
    this.#entered = false;
    emit(this, "picked", { ticket });
  }
}

customElements.define("closeloop-picker", CloseloopPicker);
