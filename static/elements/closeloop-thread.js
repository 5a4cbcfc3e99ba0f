// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, keyed, outside } from "../lib/dom.js";
import { plural, TICKET_STATES, waiting } from "../lib/words.js";
import "./closeloop-message.js";
import "./closeloop-outgoing.js";
import "./closeloop-pill.js";
import "./closeloop-reply.js";
import { privateMark } from "./closeloop-ticket.js";
import "./closeloop-time.js";

/** @typedef {import('./closeloop-outgoing.js').Outgoing} Outgoing */

/** So many messages are shown at first: the newest say what is to be done. */
const FIRST = 6;

/** A customer's thread with its reply box. `show(link, outgoing)` as often as news come: what is typed and scrolled stays. Emits older, unlink, and what its parts emit. */
export class CloseloopThread extends HTMLElement {
  /** @type {Api.Ticket | null} */ #ticket = null;
  /** Fetched on demand, by id. @type {Map<number, Api.Message>} */ #older = new Map();
  #before = /** @type {number | null} */ (null);
  #earlierCount = 0;
  #fetched = false;
  #shown = FIRST;
  #head = h("header.thread-head");
  #earlier = h("button.earlier", { type: "button" });
  #list = h("div.messages", { role: "log", "aria-label": "Messages", tabindex: "0" });
  #going = h("div.going");
  #reply = document.createElement("closeloop-reply");
  #pill = document.createElement("closeloop-pill");
  #since = h("span.since");
  #headSeen = "";

  connectedCallback() {
    if (this.firstChild) return;
    this.#earlier.addEventListener("click", () => void busy(this.#earlier, () => this.#more()));
    // Nobody should answer past a message that came while they wrote.
    this.#reply.addEventListener("closeloop-send", (event) => {
      /** @type {CustomEvent} */ (event).detail.seen = this.#newest();
    });
    this.append(this.#head, h("div.scroll", null, this.#earlier, this.#list, this.#going), this.#reply);
  }

  get reply() {
    return this.#reply;
  }

  /** @param {Api.Link} link @param {Outgoing[]} outgoing @param {{mayWrite: boolean, hasTab: boolean}} about */
  show(link, outgoing, { mayWrite, hasTab }) {
    this.#asPanel(link.ticket.id, hasTab);
    const ticket = link.ticket;
    const first = this.#ticket === null;
    const atEnd = this.#isAtEnd();
    this.#ticket = ticket;
    if (!this.#fetched) [this.#before, this.#earlierCount] = [ticket.messages_before, ticket.messages_earlier];
    for (const message of ticket.messages) this.#older.set(message.id, message);
    this.#drawHead(link, mayWrite);
    this.#drawMessages();
    const arrived = outgoing.length > this.#going.childElementCount;
    keyed(
      this.#going,
      outgoing,
      ({ key }) => key,
      () => document.createElement("closeloop-outgoing"),
      (element, item) => {
        element.outgoing = item;
      },
    );
    this.#reply.hidden = !mayWrite;
    this.#reply.setup = {
      draftKey: `${ticket.id}`,
      customer: ticket.customer.name || ticket.customer.username,
      forum: ticket.forum.name,
      features: ticket.features,
      missing: ticket.missing,
      isPrivate: ticket.private,
      confidential: Boolean(ticket.forum.confidential),
      state: ticket.state,
    };
    if (first || atEnd || arrived) this.#toEnd();
  }

  /** Id of the newest message that is shown. */
  #newest() {
    const all = [...this.#older.values()];
    return all.length ? all.reduce((one, other) => (other.number > one.number ? other : one)).id : null;
  }

  /** Messages that came on demand. @param {Api.Ticket} ticket */
  addOlder({ messages, messages_before, messages_earlier }) {
    for (const message of messages) this.#older.set(message.id, message);
    this.#fetched = true;
    [this.#before, this.#earlierCount] = [messages_before, messages_earlier];
    this.#shown = this.#older.size;
    this.#keepingPlace(() => this.#drawMessages());
  }

  async #more() {
    if (this.#shown < this.#older.size) {
      this.#shown = this.#older.size;
      this.#keepingPlace(() => this.#drawMessages());
      return;
    }
    const { promise, resolve } = deferred();
    emit(this, "older", { ticketId: this.#ticket?.id, before: this.#before, done: resolve });
    await promise;
  }

  #drawMessages() {
    const all = [...this.#older.values()].sort((one, other) => one.number - other.number || one.id - other.id);
    const shown = all.slice(-this.#shown);
    keyed(
      this.#list,
      shown,
      ({ id }) => String(id),
      () => document.createElement("closeloop-message"),
      (element, message) => {
        element.message = message;
      },
    );
    const hidden = all.length - shown.length + this.#earlierCount;
    this.#earlier.hidden = hidden === 0;
    this.#earlier.textContent = `Show ${plural(hidden, "earlier message")}`;
  }

  /** @param {Api.Link} link @param {boolean} mayWrite */
  #drawHead({ id, ticket }, mayWrite) {
    this.#pill.saying = waiting(ticket.waiting_on, ticket.waiting_since);
    const now = JSON.stringify([
      id,
      ticket.subject,
      ticket.customer,
      ticket.forum,
      ticket.state,
      ticket.url,
      ticket.message_count,
      ticket.assigned_to,
      ticket.other_cards,
      ticket.customer_threads,
      ticket.waiting_since,
      ticket.waiting_on,
      ticket.private,
      mayWrite,
    ]);
    if (now === this.#headSeen) return;
    this.#headSeen = now;
    const state = TICKET_STATES[ticket.state];
    fill(
      this.#since,
      ticket.waiting_since
        ? [
            ticket.waiting_on === "us" ? "waiting on us since " : "waiting on the customer since ",
            h("closeloop-time", { datetime: ticket.waiting_since, mode: "moment" }),
          ]
        : null,
    );
    this.#since.hidden = !ticket.waiting_since;
    fill(
      this.#head,
      h("div.thread-title", null, h("h2", { dir: "auto" }, ticket.subject), this.#pill),
      h(
        "p.thread-about",
        null,
        h("strong", { dir: "auto" }, ticket.customer.name || ticket.customer.username),
        ` on ${ticket.forum.name}`,
        ticket.private ? privateMark() : null,
        state ? h("span.tag", null, state) : null,
        ticket.assigned_to ? h("span.tag", null, `Assigned to ${ticket.assigned_to}`) : null,
        this.#since,
      ),
      h(
        "p.thread-ways",
        null,
        outside(ticket.url, "Open on the forum"),
        mayWrite
          ? h(
              "button.link",
              { type: "button", onclick: () => emit(this, "unlink", { linkId: id, ticket }) },
              "Unlink from this card",
            )
          : null,
      ),
      ticket.other_cards.length
        ? h(
            "p.thread-cards",
            null,
            "Also on ",
            ticket.other_cards.flatMap(({ name, url }, at) => [at ? ", " : "", outside(url, name)]),
            ".",
          )
        : null,
      otherThreads(ticket),
    );
  }

  /** With several threads each is the panel of a tab. @param {number} ticketId @param {boolean} hasTab */
  #asPanel(ticketId, hasTab) {
    this.id = `thread-${ticketId}`;
    for (const [name, value] of [
      ["role", "tabpanel"],
      ["aria-labelledby", `tab-${ticketId}`],
    ]) {
      if (hasTab) this.setAttribute(name, value);
      else this.removeAttribute(name);
    }
  }

  #scroller() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".scroll"));
  }

  #isAtEnd() {
    const box = this.#scroller();
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  }

  #toEnd() {
    requestAnimationFrame(() => {
      const box = this.#scroller();
      if (box) box.scrollTop = box.scrollHeight;
    });
  }

  /** What one reads stays where it is when something is put above it. @param {() => void} change */
  #keepingPlace(change) {
    const box = this.#scroller();
    const below = box ? box.scrollHeight - box.scrollTop : 0;
    change();
    if (box) box.scrollTop = box.scrollHeight - below;
  }
}

/** What else this person asked, on every forum where they are known by the same verified address. @param {Api.Ticket} ticket */
function otherThreads({ customer_threads: threads, forum }) {
  if (!threads.length) return null;
  return h(
    "details.thread-others",
    null,
    h("summary", null, `${plural(threads.length, "other thread")} of this customer`),
    h(
      "ul",
      null,
      threads.map((one) =>
        h(
          "li",
          null,
          outside(one.url, one.subject),
          h(
            "span.quiet",
            null,
            [one.forum.id === forum.id ? "" : one.forum.name, TICKET_STATES[one.state]].filter(Boolean).join(" · "),
            " ",
            h("closeloop-time", { datetime: one.created_at }),
            one.card_url ? [" · ", outside(one.card_url, "its card")] : null,
          ),
        ),
      ),
    ),
  );
}

/** @returns {{promise: Promise<void>, resolve: () => void}} */
function deferred() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (
    new Promise((done) => {
      resolve = done;
    })
  );
  return { promise, resolve };
}

customElements.define("closeloop-thread", CloseloopThread);
