// @ts-check
import { forumOf, previewOf } from "../lib/board.js";
import * as trello from "../lib/trello.js";
import { TICKET_STATES, waiting } from "../lib/words.js";

/**
 * A thread's address, wherever Trello shows it, reads as its subject and who waits. Foreign addresses are let go at once.
 * @type {NonNullable<trello.Capabilities["format-url"]>}
 */
export async function formatUrl(t, { url }) {
  const preview = await look(t, url).catch(() => undefined);
  const ticket = preview?.ticket;
  if (!ticket) throw trello.notHandled(t);
  const state = waiting(ticket.waiting_on, ticket.waiting_since)?.text ?? TICKET_STATES[ticket.state];
  return {
    icon: trello.iconUrl("thread-colour"),
    text: ticket.subject,
    subtext: [ticket.forum.name, state].filter(Boolean).join(" · "),
  };
}

/** @param {trello.T} t @param {string} url */
async function look(t, url) {
  return (await forumOf(t, url)) ? previewOf(t, url) : undefined;
}
