// @ts-check
/** Every word and colour for a state. Colour never speaks alone: the words say the same. */
import { impactSaying, pressing } from "./targets.js";
import { age, short } from "./time.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** @typedef {'blue'|'green'|'orange'|'red'|'yellow'|'purple'|'pink'|'sky'|'lime'|'light-gray'} Colour Trello's badge colours. */
/** @typedef {{text: string, colour: Colour, title: string}} Saying */

export const RESOLUTION_TYPES = /** @type {const} */ ({
  code_fix: {
    name: "Code fix",
    key: "1",
    about: "A bug was fixed in the product.",
    evidence: "Pull request, issue or release",
    placeholder: "https://github.com/…/pull/482",
    message: "Good news: we found the cause of this and fixed it{evidence}. Thank you for reporting it.",
  },
  ui_change: {
    name: "UI change",
    key: "2",
    about: "The screen was made clearer.",
    evidence: "Pull request, design or release",
    placeholder: "https://github.com/…/pull/491",
    message:
      "You were right that this was hard to find. We changed the screen so that it is clear now{evidence}. Thank you for telling us.",
  },
  docs: {
    name: "Docs",
    key: "3",
    about: "The answer is written down.",
    evidence: "Page in the documentation",
    placeholder: "https://docs.example.org/…",
    message:
      "We wrote this down so that the answer is easy to find{evidence}. Do tell us if anything there is still unclear.",
  },
});

/** @type {Record<Api.ResolutionState, {words: string, colour: Colour, title: string}>} */
const RESOLUTION_STATES = {
  marked: { words: "customers not told", colour: "lime", title: "Resolved; the customers do not know it yet." },
  shipped: { words: "shipped", colour: "lime", title: "The fix is out; the customers do not know it yet." },
  customers_told: { words: "customers told", colour: "green", title: "Resolved, and every linked customer was told." },
  came_back: { words: "came back", colour: "red", title: "Resolved once, but a customer has the problem again." },
};

/** @type {Record<Api.DeliveryState, string>} */
export const DELIVERY_STATES = {
  pending: "Waiting",
  running: "Sending…",
  done: "Sent",
  failed: "Failed",
  cancelled: "Discarded",
};

/** @type {Record<Api.DeliveryKind, string>} */
export const DELIVERY_KINDS = {
  forum_reply: "Reply to the customer",
  forum_note: "Internal note on the forum",
  forum_resolve: "Mark as solved on the forum",
  trello_comment: "Comment on this card",
  trello_attachment: "Thread attached to this card",
  trello_card: "New card",
  trello_detachment: "Take the thread’s address off this card",
  trello_move: "Card to the other team’s board",
  trello_archive: "Archive this card",
  trello_member: "Show the owner on the card",
  trello_impact: "Impact label on the card",
  trello_webhook: "Ask Trello to report changes of this board",
  forum_assign: "Show on the forum who owns it",
  forum_acknowledge: "Take it off the forum’s list of what waits",
  forum_tag: "Tag on the forum",
  slack_alert: "Slack message",
  slack_answer: "Answer to a press in Slack",
  team_alert: "Message to the team",
  team_digest: "Digest for the team",
};

/** @type {Record<Api.TicketState, string | null>} */
export const TICKET_STATES = {
  open: null,
  resolved: "Solved on the forum",
  closed: "Closed on the forum",
  deleted: "Deleted on the forum",
};

/** @type {Record<string, string>} */
export const FEATURES = {
  reply: "Reply",
  internal_note: "Internal notes",
  assign_person: "Assign a person",
  assign_team: "Assign a team",
  resolve: "Mark as solved",
  acknowledge: "Take off the forum’s waiting list",
  tag: "Tags",
  search: "Search",
  attachments: "Files and pictures",
  webhook: "Instant updates",
  signed_webhook: "Signed updates",
};

/** @type {Record<string, string>} */
const EVENTS = {
  "link.made": "linked a thread",
  "link.ended": "unlinked a thread",
  "resolution.marked": "marked this as resolved",
  "resolution.changed": "changed the resolution",
  "resolution.withdrawn": "withdrew the resolution",
  "resolution.told": "told every customer",
  "reply.written": "replied to the customer",
  "note.written": "wrote an internal note",
  "delivery.done": "sent something out",
  "delivery.failed": "could not send something",
  "delivery.retried": "tried a failed delivery again",
  "delivery.cancelled": "discarded a delivery",
  "ticket.found": "found a thread",
  "ticket.changed": "changed the thread",
  "ticket.deleted": "deleted the thread",
  "card.closed": "archived this card",
  "card.ordered": "asked for a card",
  "assignment.made": "gave the thread to a team",
  "assignment.taken": "took the thread",
  "assignment.reassigned": "passed the thread on",
  "assignment.handed_back": "handed the thread back to triage",
  "assignment.unlinked": "took the thread off the team",
  "assignment.undone": "undid an assignment",
  "ticket.impact_set": "changed the impact",
  "triage.undone": "undid a decision",
  "outage.opened": "opened outage mode",
  "outage.updated": "told every customer the news",
  "outage.over": "gave the all-clear",
};

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** @param {Api.Waiting} on @param {string | null} since @param {number} [now] @returns {Saying | null} */
export function waiting(on, since, now = Date.now()) {
  if (on === "customer")
    return { text: "Waiting on customer", colour: "sky", title: "We answered; it is the customer’s turn." };
  if (on !== "us") return null;
  const old = since !== null && age(since, now) >= DAY_MS;
  const text = since !== null && age(since, now) >= MINUTE_MS ? `Waiting on us ${short(since, now)}` : "Waiting on us";
  return { text, colour: old ? "red" : "orange", title: "A customer waits for our answer." };
}

/** While the messages are on their way. */
const TELLING = {
  words: "telling customers",
  colour: /** @type {Colour} */ ("lime"),
  title: "Resolved; the customers are being told.",
};

/** @param {{type: Api.ResolutionType, state: Api.ResolutionState} | null} resolution @param {boolean} telling messages to customers are on their way @returns {Saying | null} */
export function resolution(resolution, telling) {
  if (!resolution) return null;
  const state =
    telling && resolution.state === "marked"
      ? TELLING
      : (RESOLUTION_STATES[resolution.state] ?? RESOLUTION_STATES.marked);
  const name = RESOLUTION_TYPES[resolution.type]?.name ?? "Resolved";
  return { text: `${name} · ${state.words}`, colour: state.colour, title: state.title };
}

/** The badges on a card's front: few, most urgent first. @param {Api.CardBadges | undefined} card @param {number} [now] @returns {Saying[]} */
export function badges(card, now = Date.now()) {
  if (!card || card.tickets + card.failed + card.pending === 0)
    return card?.resolution ? kept([resolution(card.resolution, false)]) : [];
  const waits =
    card.resolution && card.waiting_on === "customer" ? null : waiting(card.waiting_on, card.waiting_since, now);
  return kept([
    card.outage ? impactSaying("outage") : null,
    card.failed
      ? {
          text: card.failed === 1 ? "Sending failed" : `${card.failed} not sent`,
          colour: "red",
          title: "Something could not be sent. The card says why.",
        }
      : null,
    pressing(card, now),
    card.impact === "high" ? impactSaying("high") : null,
    resolution(card.resolution, card.pending > 0),
    waits,
    card.tickets > 1 ? threads(card.tickets) : null,
    card.tickets === 1 && !waits && !card.resolution
      ? { text: "Thread", colour: "light-gray", title: "A customer thread is linked." }
      : null,
  ]);
}

/** @param {number} count @returns {Saying} */
const threads = (count) => ({
  text: plural(count, "thread"),
  colour: "light-gray",
  title: "Customer threads linked to this card.",
});

/** @param {(Saying | null)[]} sayings @returns {Saying[]} */
const kept = (sayings) => /** @type {Saying[]} */ (sayings.filter((saying) => saying !== null));

/** One line of a card's history, without the name. @param {Api.HistoryEvent} event */
export function happened(event) {
  return EVENTS[event.verb] ?? event.verb.replaceAll(/[._]/g, " ");
}

/** "2 of 3 customers told". @param {Api.Resolution} resolution */
export function told({ told: done, to_tell: all }) {
  if (all === 0) return "No customer was to be told.";
  return done >= all ? `${plural(all, "customer")} told.` : `${done} of ${plural(all, "customer")} told so far.`;
}

/** What is proposed to write to the customers. @param {Api.ResolutionType} type @param {string} evidence */
export function messageFor(type, evidence) {
  return RESOLUTION_TYPES[type].message.replace("{evidence}", evidence ? `: ${evidence}` : "");
}
