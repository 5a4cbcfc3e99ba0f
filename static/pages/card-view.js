// @ts-check
import { badgeFacts } from "../lib/badges.js";
import { h, keyed } from "../lib/dom.js";
import { tellCardChanged } from "../lib/news.js";
import { outgoing } from "../lib/outgoing.js";
import { openLink, openResolve } from "../lib/popups.js";
import { Sending } from "../lib/sending.js";
import * as trello from "../lib/trello.js";
import { CardOwner } from "./card-owner.js";
import { emptyCard, linkAnother, oldNews } from "./card-parts.js";
import "../elements/closeloop-deliveries.js";
import "../elements/closeloop-history.js";
import "../elements/closeloop-picker.js";
import "../elements/closeloop-problem.js";
import "../elements/closeloop-resolution.js";
import "../elements/closeloop-tabs.js";
import "../elements/closeloop-thread.js";
import "../elements/closeloop-toast.js";

/** @typedef {import('../elements/closeloop-outgoing.js').Outgoing} Outgoing */

/** One card's threads on the screen. Parts stay for as long as what they show: nobody loses a word because news arrived. */
export class CardView {
  /** Set by the page: fetch the card again. @type {() => unknown} */ onStale = () => {};
  element = h("div.card-view");
  #t;
  #card;
  #api;
  #mayWrite;
  /** @type {Api.CardDetail | null} */ #detail = null;
  #sending;
  /** @type {number | null} */ #chosen = null;
  /** Shown as soon as it is here. @type {number | null} */ #expected = null;
  #lastState = "";
  #old = h("closeloop-problem");
  #problem = h("closeloop-problem");
  #toast = h("closeloop-toast");
  #resolution = h("closeloop-resolution");
  #tabs = h("closeloop-tabs");
  #owner;
  #threads = h("div.threads");
  #empty;
  #picker = h("closeloop-picker");
  #another;
  #deliveries = h("closeloop-deliveries");
  #history = h("closeloop-history");

  /** @param {trello.T} t @param {string} card @param {import('../lib/api.js').ApiClient} api @param {Api.SessionInfo} info */
  constructor(t, card, api, info) {
    this.#t = t;
    this.#card = card;
    this.#api = api;
    this.#sending = new Sending(card, api, () => this.#draw());
    this.#mayWrite = trello.mayEditCard(t);
    this.#owner = new CardOwner(api, info.member_id, this.#toast, (act) => this.#do(act, true));
    this.#picker.setup = { api, forums: info.forums, linked: new Set() };
    this.#empty = emptyCard(this.#mayWrite ? this.#picker : null);
    this.#another = linkAnother((event) => openLink(t, event));
    this.element.append(
      this.#old,
      this.#problem,
      this.#resolution,
      this.#tabs,
      this.#owner.element,
      this.#threads,
      this.#empty,
      this.#another,
      this.#toast,
      this.#deliveries,
      this.#history,
    );
    this.#old.clear();
    this.#problem.clear();
    this.#listen();
  }

  /** Whether something is on its way, so that news are worth asking for often. */
  get isBusy() {
    return (
      this.#sending.isBusy ||
      (this.#detail?.deliveries ?? []).some(({ state }) => state === "pending" || state === "running")
    );
  }

  /** News. @param {Api.CardDetail} detail @returns {boolean} whether the card's badges may say something else now. */
  take(detail) {
    this.#detail = detail;
    this.#old.clear();
    this.#draw();
    const now = badgeFacts(detail);
    const changed = this.#lastState !== "" && now !== this.#lastState;
    this.#lastState = now;
    return changed;
  }

  /** This thread was linked just now: whoever linked it wants to see it. @param {number} ticketId */
  expect(ticketId) {
    this.#expected = ticketId;
    this.#draw();
  }

  /** News could not be fetched: what is shown stays. @param {unknown} error */
  sayOld(error) {
    this.#old.show(oldNews(error), async () => this.onStale());
  }

  #listen() {
    /** @param {string} name @param {(detail: any, target: any) => unknown} act */
    const on = (name, act) =>
      this.element.addEventListener(
        `closeloop-${name}`,
        (event) => void act(/** @type {CustomEvent} */ (event).detail, event.target),
      );
    on("send", (detail, target) => this.#send(Number(target.closest("closeloop-thread").dataset.ticket), detail));
    on("retry", (/** @type {Outgoing} */ item) => this.#retry(item));
    on("discard", (/** @type {Outgoing} */ item) => this.#discard(item));
    on("choose", ({ ticketId }) => this.#choose(ticketId));
    on("older", (detail, target) => this.#older(detail, target));
    on("unlink", (detail) => this.#unlink(detail));
    on("picked", ({ ticket }) => this.#link(ticket));
    on("resolve", ({ mouseEvent }) => openResolve(this.#t, mouseEvent));
    on("withdraw", () => this.#do(() => this.#api.call("DELETE", `/cards/${this.#card}/resolution`), true));
  }

  #draw() {
    const detail = this.#detail;
    if (!detail) return;
    const { links } = detail;
    const going = outgoing(detail, this.#sending.locals);
    this.#chooseAmong(links.map(({ ticket }) => ticket.id));
    this.#resolution.show(detail.resolution, { mayWrite: this.#mayWrite, threads: links.length });
    this.#tabs.show(links, this.#chosen);
    this.#owner.show(detail, this.#chosen, this.#mayWrite);
    keyed(
      this.#threads,
      links,
      ({ ticket }) => String(ticket.id),
      (link) => this.#newThread(link),
      (thread, link) => {
        thread.hidden = link.ticket.id !== this.#chosen;
        thread.show(
          link,
          going.filter(({ ticketId }) => ticketId === link.ticket.id),
          { mayWrite: this.#mayWrite, hasTab: links.length > 1 },
        );
      },
    );
    this.#empty.hidden = links.length > 0;
    this.#another.hidden = links.length === 0 || !this.#mayWrite;
    this.#deliveries.content = { deliveries: detail.deliveries, mayWrite: this.#mayWrite };
    this.#history.events = detail.history;
  }

  /** @param {Api.Link} link */
  #newThread(link) {
    const thread = h("closeloop-thread");
    thread.dataset.ticket = String(link.ticket.id);
    return thread;
  }

  /** @param {number[]} tickets that are linked */
  #chooseAmong(tickets) {
    const arrived = tickets.find((id) => id === this.#expected);
    if (arrived !== undefined) [this.#chosen, this.#expected] = [arrived, null];
    if (!tickets.some((id) => id === this.#chosen)) this.#chosen = tickets[0] ?? null;
  }

  /** @param {number} ticket */
  #choose(ticket) {
    [this.#chosen, this.#expected] = [ticket, null];
    this.#draw();
  }

  /** @param {number} ticketId @param {{text: string, internal: boolean, seen: number | null}} message */
  async #send(ticketId, message) {
    await this.#sending.send(ticketId, message);
    // Also when it was refused: somebody else may have written.
    await this.onStale();
  }

  /** @param {{key: string, deliveryId: number | null}} item */
  async #retry(item) {
    const local = this.#sending.find(item.key);
    if (!local?.error) await this.#do(() => this.#api.post(`/deliveries/${item.deliveryId}/attempts`, {}), true);
    else if (await this.#sending.post(local)) await this.onStale();
  }

  /** @param {Outgoing} item */
  async #discard(item) {
    const path = `/deliveries/${item.deliveryId}`;
    if (item.deliveryId !== null && !(await this.#do(() => this.#api.call("DELETE", path), true))) return;
    this.#sending.drop(item.key);
    if (!item.text) return;
    const restore = () => this.#threadOf(item.ticketId)?.reply.restore(item.text, item.internal);
    this.#toast.say("Discarded.", { text: "Put the text back", run: restore });
  }

  /** @param {number} ticketId @returns {any} */
  #threadOf(ticketId) {
    return this.#threads.querySelector(`[data-ticket="${ticketId}"]`);
  }

  /** @param {{ticketId: number, before: number, done: () => void}} asked @param {any} thread */
  async #older({ ticketId, before, done }, thread) {
    try {
      const ticket = await this.#api.get(`/tickets/${ticketId}?before=${before}&limit=100`);
      thread.addOlder(ticket);
    } catch (error) {
      this.#problem.show(error);
    } finally {
      done();
    }
  }

  /** @param {{linkId: number, ticket: Api.Ticket}} link */
  async #unlink({ linkId, ticket }) {
    const done = await this.#do(() => this.#api.call("DELETE", `/cards/${this.#card}/links/${linkId}`), true);
    if (done)
      this.#toast.say(`“${ticket.subject}” is no longer linked.`, { text: "Undo", run: () => void this.#link(ticket) });
  }

  /** @param {Api.TicketSummary} ticket */
  async #link(ticket) {
    try {
      await this.#api.post(`/cards/${this.#card}/links`, { ticket_id: ticket.id });
      this.#expected = ticket.id;
      await this.#changed();
    } catch (error) {
      if (this.#empty.hidden) this.#problem.show(error);
      else this.#picker.showProblem(error, () => this.#link(ticket));
    }
  }

  /** @param {() => Promise<unknown>} act @param {boolean} changes @returns {Promise<boolean>} whether it worked; if not, it is said. */
  async #do(act, changes) {
    this.#problem.clear();
    try {
      await act();
      if (changes) await this.#changed();
      return true;
    } catch (error) {
      this.#problem.show(error);
      return false;
    }
  }

  async #changed() {
    tellCardChanged(this.#card);
    await this.onStale();
  }
}
