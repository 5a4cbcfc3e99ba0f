// @ts-check
/** A thread by its own address: what came by e-mail is on no forum's page. Reading only; one answers on the card. */

import { openDesk } from "../lib/desk.js";
import { fill, h, outside } from "../lib/dom.js";
import { failure } from "../lib/page.js";
import { plural, waiting } from "../lib/words.js";
import "../elements/closeloop-message.js";
import "../elements/closeloop-pill.js";
import "../elements/closeloop-time.js";

const place = /** @type {HTMLElement} */ (document.querySelector(".desk-place"));
void show();

async function show() {
  const desk = await openDesk();
  if (!desk) return;
  const { api } = desk;
  const load = async () => {
    try {
      const { ticket } = await api.post("/ticket-lookups", { url: location.origin + location.pathname });
      draw(await api.get(`/tickets/${ticket.id}?limit=200`));
    } catch (error) {
      fill(place, failure(error, load));
    }
  };
  await load();
}

/** @param {Api.Ticket} ticket */
function draw(ticket) {
  document.title = ticket.subject;
  const pill = h("closeloop-pill");
  pill.saying = waiting(ticket.waiting_on, ticket.waiting_since);
  const messages = ticket.messages.map((message) => {
    const shown = document.createElement("closeloop-message");
    shown.message = message;
    return shown;
  });
  fill(
    place,
    h(
      "section.desk-section.mail-thread",
      null,
      h("h2", { dir: "auto" }, ticket.subject, " ", pill),
      h("p.quiet", null, `${ticket.customer.name || ticket.customer.username} on ${ticket.forum.name}`),
      cards(ticket),
      ticket.messages_earlier
        ? h("p.quiet", null, `${plural(ticket.messages_earlier, "earlier message")} not shown here.`)
        : null,
      h("div.messages", null, messages),
    ),
  );
}

/** @param {Api.Ticket} ticket */
function cards({ other_cards: cards }) {
  if (!cards.length)
    return h("p.quiet", null, "No card stands for it yet: it waits in triage, or was set aside there.");
  return h(
    "p",
    null,
    cards.length === 1 ? "Its card: " : "Its cards: ",
    cards.flatMap(({ name, url }, at) => [at ? ", " : "", outside(url, name)]),
    ". One answers there.",
  );
}
