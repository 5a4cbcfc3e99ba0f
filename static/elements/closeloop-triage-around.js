// @ts-check
import { emit, fill, h, outside } from "../lib/dom.js";
import { TICKET_STATES, waiting } from "../lib/words.js";
import { STANDINGS } from "../triage/words.js";
import "./closeloop-pill.js";
import "./closeloop-time.js";

const ENDINGS = /** @type {Record<string, string>} */ ({
  reassigned: "passed on",
  handed_back: "handed back",
  unlinked: "unlinked from its card",
  undone: "undone",
});

/** What lies around a thread: open cards and threads like it, earlier threads of its customer, whose it was. Emits link {card}. */
export class CloseloopTriageAround extends HTMLElement {
  /** @param {Triage.Detail | null} detail */
  set detail(detail) {
    if (!detail) {
      fill(
        this,
        h("div.skeleton", { "aria-hidden": "true" }, h("div.skeleton-line.w-half"), h("div.skeleton-line.w-most")),
      );
      return;
    }
    const cards = cardsOf(detail);
    const threads = detail.alike.filter(({ card }) => !card);
    fill(
      this,
      part(
        "Similar open cards",
        cards.map((alike) => this.#card(alike)),
      ),
      part("Similar threads", threads.map(thread)),
      part("Earlier threads of this customer", detail.customer_threads.map(earlier)),
      part("Whose it was", detail.history.map(episode)),
    );
  }

  /** @param {Triage.Alike & {card: Triage.Card}} alike */
  #card({ card, likeness, words, ticket }) {
    return h(
      "li.around-card",
      null,
      h(
        "div.around-words",
        null,
        outside(card.url, card.name),
        h(
          "span.quiet",
          null,
          [card.team?.name, alikeWords(likeness), words.slice(0, 4).join(", ") || ticket.subject]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
      h("button.link-card", { type: "button", onclick: () => emit(this, "link", { card }) }, "Link"),
    );
  }
}

/** Each card once, with the thread that is most like this one. @param {Triage.Detail} detail */
export function cardsOf({ alike }) {
  /** @type {Map<number, Triage.Alike & {card: Triage.Card}>} */
  const cards = new Map();
  for (const one of alike) if (one.card && !cards.has(one.card.id)) cards.set(one.card.id, { ...one, card: one.card });
  return [...cards.values()];
}

/** Below one tenth a number would only look exact. @param {number} likeness */
export const alikeWords = (likeness) => (likeness >= 0.1 ? `${Math.round(likeness * 100)} % alike` : "");

/** @param {string} title @param {(HTMLElement | null)[]} items */
function part(title, items) {
  return items.length ? h("section.around", null, h("h3", null, title), h("ul", null, items)) : null;
}

/** @param {Triage.Alike} alike */
function thread({ ticket, likeness, assigned_team }) {
  const where = assigned_team?.name ?? STANDINGS[ticket.standing];
  return h(
    "li",
    null,
    outside(ticket.url, ticket.subject),
    h("span.quiet", null, [alikeWords(likeness), where].filter(Boolean).join(" · ")),
  );
}

/** @param {Triage.EarlierThread} one */
function earlier({ subject, url, state, created_at, card_url, waiting_on, forum }) {
  const pill = h("closeloop-pill");
  pill.saying = waiting(waiting_on, null);
  return h(
    "li",
    null,
    outside(url, subject),
    h(
      "span.quiet",
      null,
      `${forum.name} · `,
      h("closeloop-time", { datetime: created_at }),
      TICKET_STATES[/** @type {Api.TicketState} */ (state)]
        ? ` · ${TICKET_STATES[/** @type {Api.TicketState} */ (state)]}`
        : "",
      card_url ? [" · ", outside(card_url, "its card")] : null,
    ),
  );
}

/** @param {Triage.Episode} episode */
function episode({ team, person, by, at, ended_how, ended_why }) {
  const to = [team?.name ?? "A team", person?.name].filter(Boolean).join(", ");
  const end = ended_how ? ` · ${ENDINGS[ended_how] ?? ended_how}${ended_why ? `: ${ended_why}` : ""}` : "";
  return h(
    "li",
    null,
    `${to}${by ? `, by ${by.name}` : ""} `,
    h("span.quiet", null, h("closeloop-time", { datetime: at }), end),
  );
}

customElements.define("closeloop-triage-around", CloseloopTriageAround);
