// @ts-check
/** The popup to link a thread: one box for an address or words. */
import { ProblemError } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { tellCardChanged } from "../lib/news.js";
import { enter, start, state } from "../lib/page.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";
import "../elements/closeloop-picker.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const t = start(620, { popup: true });
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const card = trello.cardId(t) ?? trello.argument(t, "card");
  const info = await enter(t);
  if (!info || !card) return;
  const { api } = open(t);
  const picker = document.createElement("closeloop-picker");
  fill(
    main,
    picker,
    h("p.quiet.foot-words", null, "A thread may be linked to several cards, and a card to several threads."),
  );
  // What is linked already is marked; a failure to learn it is no reason to wait: the server says so again.
  const linked = await api.get(`/cards/${card}`).then(
    (/** @type {Api.CardDetail} */ { links }) => links.map(({ ticket }) => ticket.id),
    () => [],
  );
  picker.setup = { api, forums: info.forums, linked: new Set(linked), recent: true };
  picker.focus();

  /** @param {Api.TicketSummary} ticket */
  const link = async (ticket) => {
    try {
      await api.post(`/cards/${card}/links`, { ticket_id: ticket.id });
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === "already_linked")) {
        picker.showProblem(error, () => link(ticket));
        return;
      }
    }
    tellCardChanged(card, ticket.id);
    fill(main, state("Linked", `“${ticket.subject}” is on this card now.`));
    await Promise.resolve(trello.closePopup(t)).catch(() => {});
  };
  let busy = false;
  picker.addEventListener("closeloop-picked", (event) => {
    if (busy) return;
    busy = true;
    void link(/** @type {CustomEvent} */ (event).detail.ticket).finally(() => {
      busy = false;
    });
  });
}
