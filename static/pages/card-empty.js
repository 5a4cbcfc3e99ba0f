// @ts-check
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
