// @ts-check
import { fill, h } from "../lib/dom.js";
import { plural, TICKET_STATES, waiting } from "../lib/words.js";
import { face } from "./closeloop-message.js";
import "./closeloop-pill.js";
import "./closeloop-time.js";

/** A thread in a few lines: whose, what about, who waits. Set `ticket`. */
export class CloseloopTicket extends HTMLElement {
  /** @param {Api.TicketSummary} ticket */
  set ticket(ticket) {
    const pill = document.createElement("closeloop-pill");
    pill.saying = waiting(ticket.waiting_on, ticket.waiting_since);
    const state = TICKET_STATES[ticket.state];
    fill(
      this,
      face(ticket.customer),
      h(
        "div.ticket-words",
        null,
        h("strong.ticket-subject", { dir: "auto" }, ticket.subject),
        h(
          "span.ticket-about",
          null,
          h("span", { dir: "auto" }, ticket.customer.name || ticket.customer.username),
          ` · ${ticket.forum.name} · ${plural(ticket.message_count, "message")} · `,
          h("closeloop-time", { datetime: ticket.last_message_at }),
        ),
        ticket.excerpt ? h("span.ticket-excerpt", { dir: "auto" }, ticket.excerpt) : null,
        h(
          "span.ticket-tags",
          null,
          pill,
          state ? h("span.tag", null, state) : null,
          ticket.private ? privateMark() : null,
        ),
      ),
    );
  }
}

/** Not everybody may read this thread on its forum. */
export function privateMark() {
  const lock = h("span.icon.icon-lock", { "aria-hidden": "true" });
  return h(
    "span.tag.private",
    { title: "Only its customer and your team can read this thread on the forum." },
    lock,
    "Private",
  );
}

customElements.define("closeloop-ticket", CloseloopTicket);
