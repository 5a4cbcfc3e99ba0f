// @ts-check
/** The popup to say how a card's problem was resolved, and to tell the customers. */
import { ProblemError } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { tellCardChanged } from "../lib/news.js";
import { enter, failure, start, state } from "../lib/page.js";
import { meet, nameOf } from "../lib/people.js";
import { open } from "../lib/session.js";
import { relative } from "../lib/time.js";
import * as trello from "../lib/trello.js";
import { RESOLUTION_TYPES, told } from "../lib/words.js";
import { ResolveForm } from "./resolve-form.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const t = start(760, { popup: true });
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const card = trello.cardId(t) ?? trello.argument(t, "card");
  const info = await enter(t);
  if (!info || !card) return;
  const { api } = open(t);

  const load = async () => {
    try {
      const [detail] = await Promise.all([api.get(`/cards/${card}`), meet(t)]);
      draw(detail);
    } catch (error) {
      fill(main, failure(error, load));
    }
  };

  /** @param {Api.CardDetail} detail */
  const draw = (detail) => {
    if (detail.resolution)
      fill(
        main,
        resolved(detail.resolution, () => edit(detail), withdraw),
      );
    else edit(detail);
  };

  /** @param {Api.CardDetail} detail */
  const edit = (detail) => {
    const form = new ResolveForm(card, detail);
    fill(main, form.element);
    form.focus();
    form.onSubmit = async (body) => {
      try {
        await api.call(detail.resolution ? "PATCH" : "POST", `/cards/${card}/resolution`, { body });
        tellCardChanged(card);
        fill(
          main,
          state(
            "Resolved",
            body.message ? "The customers will be told. The card shows how far that is." : "The card says so now.",
          ),
        );
        await Promise.resolve(trello.closePopup(t)).catch(() => {});
        return true;
      } catch (error) {
        if (error instanceof ProblemError && error.code === "already_resolved") {
          tellCardChanged(card);
          race(error, load);
        } else form.showProblem(error);
        return false;
      }
    };
  };

  const withdraw = async () => {
    try {
      await api.call("DELETE", `/cards/${card}/resolution`);
      tellCardChanged(card);
      await load();
    } catch (error) {
      fill(main, failure(error, withdraw));
    }
  };

  await load();
}

/** Somebody else was first, while this popup was open. @param {ProblemError} error @param {() => Promise<unknown>} look */
function race(error, look) {
  const { by, at, resolution_type: type } = /** @type {any} */ (error.problem);
  const name = RESOLUTION_TYPES[/** @type {Api.ResolutionType} */ (type)]?.name;
  const words = by
    ? `${nameOf(by)} marked it${name ? ` as ${name}` : ""}${at ? ` ${relative(at)}` : ""}. Yours was not saved and no customer was told twice.`
    : error.detail;
  const button = h("button.primary", { type: "button", onclick: () => void look() }, "See that resolution");
  fill(main, state("Somebody was first", words, button));
  button.focus();
}

/** @param {Api.Resolution} resolution @param {() => void} change @param {() => Promise<void>} withdraw */
function resolved(resolution, change, withdraw) {
  const ways = h("p.state-ways");
  const sure = () =>
    fill(
      ways,
      h(
        "span",
        null,
        resolution.told ? "What customers were told stays on the forum." : "Customers not told yet will not be.",
      ),
      h("button.danger", { type: "button", onclick: () => void withdraw() }, "Withdraw"),
      h("button.subtle", { type: "button", onclick: () => ask() }, "Keep it"),
    );
  const ask = () =>
    fill(
      ways,
      h("button.primary", { type: "button", onclick: change }, "Change…"),
      h("button.subtle", { type: "button", onclick: sure }, "Withdraw…"),
    );
  ask();
  const name = RESOLUTION_TYPES[resolution.type]?.name ?? resolution.type;
  return h(
    "section.state",
    null,
    h("h2", null, `Resolved: ${name}`),
    h("p", null, `By ${nameOf(resolution.marked_by)}, ${relative(resolution.marked_at)}. ${told(resolution)}`),
    resolution.state === "came_back"
      ? h("p.problem-title", null, "A customer has the problem again: it came back.")
      : null,
    resolution.evidence_url ? h("p.evidence", null, resolution.evidence_url) : null,
    ways,
  );
}
