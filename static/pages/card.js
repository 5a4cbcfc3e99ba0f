// @ts-check
/** The section on a card's back: its threads, what goes out, how it was resolved. */
import { fill, h } from "../lib/dom.js";
import { onBoardChange, onCardChange, tellCardChanged } from "../lib/news.js";
import { enter, failure, start } from "../lib/page.js";
import { meet } from "../lib/people.js";
import { Poll } from "../lib/poll.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";
import { CardView } from "./card-view.js";

const BUSY_MS = 5_000;
const CALM_MS = 10_000;

const t = start(trello.MAX_SECTION_HEIGHT);
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  const card = trello.cardId(t);
  const ends = new AbortController();
  onBoardChange(() => location.reload(), ends.signal);
  const info = await enter(t);
  if (!info || !card) return;

  const { api } = open(t);
  const view = new CardView(t, card, api, info);
  const place = h("div.card", null);
  let drawn = false;
  const fetchNews = async () => {
    try {
      const [detail] = await Promise.all([api.get(`/cards/${card}`), meet(t)]);
      if (view.take(detail)) tellCardChanged(card);
      if (!drawn) fill(main, place);
      drawn = true;
    } catch (error) {
      if (drawn) view.sayOld(error);
      else
        fill(
          main,
          failure(error, () => poll.now()),
        );
    }
  };
  const poll = new Poll(fetchNews, () => (view.isBusy ? BUSY_MS : CALM_MS), ends.signal);
  place.append(view.element);
  view.onStale = () => poll.now();
  onCardChange((changed, linked) => {
    if (changed !== card) return;
    if (linked !== null) view.expect(linked);
    void poll.now();
  }, ends.signal);
  trello.onRender(t, () => void poll.now());
  await poll.now();
}
