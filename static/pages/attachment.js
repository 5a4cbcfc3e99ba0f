// @ts-check
/** The section for attached thread addresses: what each is about, and linking it where it is not. */
import { busy } from "../lib/busy.js";
import { fill, h, outside } from "../lib/dom.js";
import { onCardChange, tellCardChanged } from "../lib/news.js";
import { enter, failure, start } from "../lib/page.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";
import "../elements/closeloop-problem.js";
import "../elements/closeloop-ticket.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const t = start(trello.MAX_SECTION_HEIGHT);
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const urls = /** @type {string[]} */ (trello.argument(t, "urls", [])).slice(0, 50);
  const card = trello.cardId(t);
  const info = await enter(t);
  if (!info || !card) return;
  const { api } = open(t);
  const load = async () => {
    try {
      const [{ previews }, detail] = await Promise.all([api.post("/previews", { urls }), api.get(`/cards/${card}`)]);
      const linked = new Set(/** @type {Api.CardDetail} */ (detail).links.map(({ ticket }) => ticket.id));
      fill(
        main,
        h(
          "div.attachments",
          null,
          urls.map((url) => line(url, previews[url], linked)),
        ),
      );
    } catch (error) {
      fill(main, failure(error, load));
    }
  };

  /** @param {string} url @param {Api.Preview | undefined} preview @param {Set<number>} linked */
  const line = (url, preview, linked) => {
    const ticket = preview?.ticket ?? null;
    const about = /** @type {any} */ (document.createElement("closeloop-ticket"));
    if (ticket) about.ticket = ticket;
    const isLinked = ticket !== null && linked.has(ticket.id);
    return h(
      "div.attached",
      null,
      ticket ? about : h("p.attached-url", null, url),
      h(
        "p.attached-ways",
        null,
        isLinked ? h("span.tag.good", null, "Linked to this card") : trello.mayEditCard(t) ? linkButton(url) : null,
        outside(url, "Open on the forum"),
      ),
    );
  };

  /** @param {string} url */
  const linkButton = (url) => {
    const button = h("button", { type: "button" }, "Link to this card");
    button.addEventListener(
      "click",
      () =>
        void busy(
          button,
          async () => {
            try {
              const { link } = await api.post(`/cards/${card}/links`, { url }, { timeout: 30_000 });
              tellCardChanged(card, link.ticket.id);
              await load();
            } catch (error) {
              button.closest(".attached")?.append(failure(error, load));
            }
          },
          "Linking…",
        ),
    );
    return button;
  };

  onCardChange((changed) => changed === card && void load());
  await load();
}
