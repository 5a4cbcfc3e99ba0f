// @ts-check
import { requestId } from "../lib/request-id.js";
import { threads } from "./words.js";

/** So long a reply can be taken back: after that customers may have read it. */
const HELD_MS = 5_000;

/** First replies from the queue: held for a moment, then sent like every decision. */
export class Replies {
  /** @type {Triage.Canned[]} */ canned = [];
  #outbox;
  #decisions;
  #tell;

  /** @param {{outbox: import("./outbox.js").Outbox, decisions: import("./decisions.js").Decisions, tell: import("./decisions.js").Teller}} parts */
  constructor({ outbox, decisions, tell }) {
    this.#outbox = outbox;
    this.#decisions = decisions;
    this.#tell = tell;
  }

  /** @param {{ids: number[], text: string, cannedId: number | null}} reply @param {string} to whom @param {(text: string) => void} reopen when it is taken back */
  send({ ids, text, cannedId }, to, reopen) {
    const id = requestId();
    const words = ids.length > 1 ? `Reply to ${threads(ids.length)}` : `Reply to ${to}`;
    this.#outbox.add(
      {
        key: id,
        method: "POST",
        path: "/triage/replies",
        body: { ticket_ids: ids, text, request_id: id, ...(cannedId === null ? {} : { canned_id: cannedId }) },
        words,
        done: ({ refused = [] }) => {
          for (const { detail } of refused) this.#tell.warn(detail);
        },
        failed: (error) => {
          this.#tell.warn(`The reply was not sent: ${error.message}`);
          reopen(text);
        },
      },
      HELD_MS,
    );
    this.#decisions.remember({
      words,
      take: () => {
        if (this.#outbox.drop(id)) reopen(text);
        else this.#tell.warn("The reply is on its way already and cannot be taken back.");
      },
    });
  }
}
