// @ts-check
import { forumOf, previewOf } from "../lib/board.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";

/** Trello waits 5 s. */
const PATIENCE_MS = 4_000;

/**
 * Pasting a thread's address where a card is made gives the card the thread's subject. Trello attaches the address itself.
 * The description stays short: it is readable by whoever sees the board. Of a private thread the card says nothing: not even its
 * address, which is made of the subject.
 * @type {NonNullable<trello.Capabilities["card-from-url"]>}
 */
export async function cardFromUrl(t, { url }) {
  const ticket = await ticketOf(t, url).catch(() => null);
  if (!ticket) throw trello.notHandled(t);
  if (ticket.private) return { name: "Private customer thread", desc: `A private thread on ${ticket.forum.name}.` };
  return { name: ticket.subject, desc: `Customer thread on ${ticket.forum.name}: ${ticket.url}` };
}

/** @param {trello.T} t @param {string} url @returns {Promise<Api.TicketSummary | null>} */
async function ticketOf(t, url) {
  if (!(await forumOf(t, url))) return null;
  const preview = await previewOf(t, url);
  if (!preview?.ours) return null;
  return preview.ticket ?? (await open(t).api.post("/ticket-lookups", { url }, { timeout: PATIENCE_MS })).ticket;
}
