// @ts-check
import { ProblemError } from "../lib/api.js";
import { h } from "../lib/dom.js";

/** What a card without threads says: what this is for, and the box to begin with. @param {HTMLElement | null} picker null: may not link */
export function emptyCard(picker) {
  return h(
    "section.empty",
    { hidden: true },
    h("h2", null, "No customer thread here yet"),
    h(
      "p",
      null,
      "Link the thread of a customer who has this problem. You read and answer it here, and when the card is resolved every linked customer is told.",
    ),
    picker ?? h("p.quiet", null, "Members who may edit this card can link one."),
  );
}

/** Below the threads: the way to one more. @param {(event: MouseEvent) => unknown} open */
export const linkAnother = (open) =>
  h("p.another", null, h("button.link", { type: "button", onclick: open }, "Link another thread…"));

/** What is said of news that could not be fetched: a failure that passes does not take away what is shown. @param {unknown} error */
export function oldNews(error) {
  if (!(error instanceof ProblemError && error.isPassing)) return error;
  return new ProblemError({
    code: error.code,
    title: "What you see may be old",
    detail: `${error.detail} We keep trying.`,
  });
}
