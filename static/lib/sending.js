// @ts-check
import { ProblemError } from "./api.js";
import * as drafts from "./drafts.js";
import { requestId } from "./request-id.js";

/** @typedef {import("./outgoing.js").Local} Local */

/**
 * Messages that this page sends, until our server has them. The same request id each time: what the server took already is
 * not sent twice. What it has not taken outlives a reload of the frame.
 */
export class Sending {
  /** By request id. @type {Map<string, Local>} */ locals = new Map();
  #card;
  #api;
  #changed;

  /** @param {string} card @param {import("./api.js").ApiClient} api @param {() => unknown} changed something about `locals` did */
  constructor(card, api, changed) {
    this.#card = card;
    this.#api = api;
    this.#changed = changed;
    for (const local of JSON.parse(drafts.load(this.#key) || "[]")) {
      this.locals.set(local.requestId, {
        ...local,
        error: "the card was closed before it was sent.",
        retryable: true,
      });
    }
  }

  /** Whether something waits for our server's answer. */
  get isBusy() {
    return [...this.locals.values()].some(({ error }) => !error);
  }

  /** @param {string} key of an outgoing message @returns {Local | undefined} */
  find(key) {
    return this.locals.get(key.slice(1));
  }

  /**
   * @param {number} ticketId
   * @param {{text: string, internal: boolean, seen?: number | null}} message `seen`: id of the newest message that the writer had before them
   * @returns {Promise<boolean>}
   */
  send(ticketId, { text, internal, seen = null }) {
    const id = requestId();
    /** @type {Local} */
    const local = {
      requestId: id,
      ticketId,
      text,
      internal,
      seen: internal ? null : seen,
      at: Date.now(),
      deliveryId: null,
      error: null,
      retryable: true,
    };
    this.locals.set(id, local);
    return this.post(local);
  }

  /** @param {Local} local @returns {Promise<boolean>} whether our server has it now. */
  async post(local) {
    local.error = null;
    this.#keep();
    this.#changed();
    try {
      const { text, internal, seen } = local;
      const body = { card_id: this.#card, text, internal, seen, request_id: local.requestId };
      const { delivery } = await this.#api.post(`/tickets/${local.ticketId}/replies`, body);
      local.deliveryId = delivery.id;
    } catch (error) {
      local.error = error instanceof Error ? error.message : "it could not be sent.";
      const overtaken = error instanceof ProblemError && error.code === "overtaken";
      local.retryable = !(error instanceof ProblemError) || error.isPassing || error.status === 401 || overtaken;
      // Whoever sends it again has been told.
      if (overtaken) local.seen = null;
    }
    this.#keep();
    this.#changed();
    return local.deliveryId !== null;
  }

  /** @param {string} key */
  drop(key) {
    this.locals.delete(key.slice(1));
    this.#keep();
    this.#changed();
  }

  get #key() {
    return `unsent:${this.#card}`;
  }

  #keep() {
    const unsent = [...this.locals.values()].filter(({ deliveryId }) => deliveryId === null);
    drafts.save(this.#key, unsent.length ? JSON.stringify(unsent) : "");
  }
}
