// @ts-check
/** Outages: bursts that may be one, those that stand, those that are over. In Trello, and as a page of its own. */
import { openDesk } from "../lib/desk.js";
import { fill, h, keyed, outside } from "../lib/dom.js";
import { failure } from "../lib/page.js";
import { Poll } from "../lib/poll.js";
import { moment } from "../lib/time.js";
import { plural } from "../lib/words.js";
import "../elements/closeloop-outage.js";
import "../elements/closeloop-outage-proposal.js";
import "../elements/closeloop-problem.js";
import "../elements/closeloop-toast.js";

const NEWS_MS = 5_000;

const place = /** @type {HTMLElement} */ (document.querySelector(".desk-place"));
void show();

async function show() {
  const desk = await openDesk();
  if (!desk) return;
  const { api } = desk;
  const view = parts();

  const load = async () => {
    try {
      draw((await api.get("/outages")).outages);
      view.problem.clear();
      if (!view.element.isConnected) fill(place, view.element);
    } catch (error) {
      if (view.element.isConnected) view.problem.show(error, () => poll.now());
      else
        fill(
          place,
          failure(error, () => poll.now()),
        );
    }
  };

  /** @param {Pages.Outage[]} outages */
  const draw = (outages) => {
    const of = (/** @type {string} */ state) => outages.filter((each) => each.state === state);
    const [proposed, open, over] = [of("proposed"), of("open"), of("over")];
    view.nothing.hidden = proposed.length + open.length > 0;
    const id = (/** @type {Pages.Outage} */ each) => String(each.id);
    keyed(
      view.open,
      open,
      id,
      () => h("closeloop-outage"),
      (element, each) => element.show(each, api),
    );
    keyed(
      view.proposed,
      proposed,
      id,
      () => h("closeloop-outage-proposal"),
      (element, each) => element.show(each, api),
    );
    view.past.hidden = over.length === 0;
    keyed(view.list, over, (each) => JSON.stringify([each.id, each.told, each.card]), past);
  };

  const poll = new Poll(load, () => NEWS_MS, new AbortController().signal);
  view.element.addEventListener("closeloop-outages-changed", (event) => {
    view.toast.say(/** @type {CustomEvent} */ (event).detail.said);
    void poll.now();
  });
  await poll.now();
}

function parts() {
  const [open, proposed, list] = [h("div.outages"), h("div.outages"), h("ul.past")];
  const [problem, toast] = [h("closeloop-problem"), h("closeloop-toast.desk-toast")];
  const nothing = h(
    "p.nothing",
    null,
    h("strong", null, "No outage"),
    "When far more threads than usual come in about one area, it is proposed here and at the top of the queue.",
  );
  const past = h("section.desk-section", { hidden: true }, h("h2", null, "Over"), list);
  problem.clear();
  const element = h("div", null, problem, h("section.desk-section", null, open, proposed, nothing), past, toast);
  return { element, open, proposed, list, past, problem, toast, nothing };
}

/** @param {Pages.Outage} outage */
function past({ title, area, opened_at, ended_at, told, to_tell, tickets, card }) {
  return h(
    "li",
    null,
    h("strong", null, title),
    h(
      "p.quiet",
      null,
      `${area.name} · ${opened_at ? moment(opened_at) : ""} to ${ended_at ? moment(ended_at) : ""} · ${plural(tickets.length, "thread")} · ${told} of ${plural(to_tell, "message")} sent`,
      card ? [" · ", outside(card.url, "Master card")] : null,
    ),
  );
}
