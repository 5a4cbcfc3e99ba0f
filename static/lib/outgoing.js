// @ts-check
/** What is on its way from this card: messages that only this page knows, joined with the deliveries that the server knows. */
import { plainText } from "./thread-html.js";

/** @typedef {import('../elements/closeloop-outgoing.js').Outgoing} Outgoing */
/** @typedef {{requestId: string, ticketId: number, text: string, internal: boolean, seen: number | null, at: number, deliveryId: number | null, error: string | null, retryable: boolean}} Local */

/** A sent message is shown as such until the forum's copy arrives, or so long. */
const SENT_MS = 120_000;

const STATES = /** @type {Record<Api.DeliveryState, Outgoing['state']>} */ ({
  pending: "waiting",
  running: "sending",
  done: "sent",
  failed: "failed",
  cancelled: "sent",
});

/** @param {Api.Delivery} delivery */
const isMessage = ({ kind }) => kind === "forum_reply" || kind === "forum_note";

/**
 * @param {Api.CardDetail} detail @param {Map<string, Local>} locals by request id; those that have arrived are removed.
 * @param {number} [now]
 * @returns {Outgoing[]} oldest first.
 */
export function outgoing(detail, locals, now = Date.now()) {
  const deliveries = detail.deliveries.filter(isMessage);
  /** @type {Outgoing[]} */
  const shown = [];
  for (const local of [...locals.values()]) {
    const delivery = deliveries.find((each) => each.request_id === local.requestId);
    // The answer was lost, but our server has it.
    if (delivery) [local.deliveryId, local.error] = [delivery.id, null];
    if (
      delivery?.state === "cancelled" ||
      (delivery?.state === "done" && (hasArrived(detail, local) || now - local.at > SENT_MS))
    )
      locals.delete(local.requestId);
    else shown.push(ofLocal(local, delivery));
  }
  const known = new Set([...locals.values()].map(({ deliveryId }) => deliveryId));
  for (const delivery of deliveries) {
    if (!known.has(delivery.id) && ["pending", "running", "failed"].includes(delivery.state))
      shown.push(ofDelivery(delivery));
  }
  return shown.sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}

/** @param {Local} local @param {Api.Delivery} [delivery] @returns {Outgoing} */
function ofLocal(local, delivery) {
  return {
    key: `r${local.requestId}`,
    ticketId: local.ticketId,
    text: local.text,
    internal: local.internal,
    state: local.error
      ? "failed"
      : delivery
        ? delivery.state === "pending" && !delivery.reason
          ? "sending"
          : STATES[delivery.state]
        : "sending",
    reason: local.error ?? delivery?.reason ?? null,
    nextAt: delivery?.next_attempt_at ?? null,
    deliveryId: local.deliveryId,
    approval: delivery?.awaiting_approval ?? false,
    retryable: local.error ? local.retryable : (delivery?.retryable ?? false),
    createdAt: new Date(local.at).toISOString(),
  };
}

/** @param {Api.Delivery} delivery @returns {Outgoing} */
function ofDelivery(delivery) {
  return {
    key: `d${delivery.id}`,
    ticketId: delivery.ticket_id ?? 0,
    text: delivery.text ?? delivery.summary,
    internal: delivery.kind === "forum_note",
    state: STATES[delivery.state],
    reason: delivery.reason,
    nextAt: delivery.next_attempt_at,
    deliveryId: delivery.id,
    approval: delivery.awaiting_approval,
    retryable: delivery.retryable,
    createdAt: delivery.created_at,
  };
}

/** Whether the forum's copy of what was sent is among the messages. @param {Api.CardDetail} detail @param {Local} local */
function hasArrived(detail, local) {
  const ticket = detail.links.find((link) => link.ticket.id === local.ticketId)?.ticket;
  const wanted = letters(local.text);
  return (ticket?.messages ?? []).some(
    (message) =>
      Date.parse(message.created_at) > local.at - 120_000 && letters(plainText(message.html)).startsWith(wanted),
  );
}

/** Markdown and its HTML share their letters, more or less: enough to know the message again. @param {string} text */
const letters = (text) => text.replaceAll(/[^\p{L}\p{N}]/gu, "").slice(0, 60);
