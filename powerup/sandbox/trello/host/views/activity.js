// @ts-check
/** Comments and what happened to an open card. */

import * as backend from "../backend.js";
import { ago, fill, h, icon } from "../dom.js";
import { markdown } from "../markdown.js";

/** @import {Action, Card} from '../types' */
/** @import {Desk} from '../desk.js' */

export class Activity {
  #desk;
  #text = h("textarea", { rows: 2, placeholder: "Write a comment", "aria-label": "Write a comment" });
  #form = h(
    "form",
    { class: "comment-form", onsubmit: (/** @type {SubmitEvent} */ event) => this.#send(event) },
    this.#text,
    h("button", { class: "primary" }, "Comment"),
  );
  #items = h("ol", { class: "activity", "aria-label": "Activity" });
  element = h(
    "section",
    { class: "card-section" },
    h("h2", {}, icon("comment"), "Comments and activity"),
    this.#form,
    this.#items,
  );
  /** @type {string | null} */ #idCard = null;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @param {Card} card */
  open(card) {
    this.#idCard = card.id;
    this.#form.hidden = !this.#desk.viewer().canWrite;
    fill(this.#items);
    this.update(card);
  }

  close() {
    this.#idCard = null;
    this.#text.value = "";
  }

  /** @param {Card} card */
  async update(card) {
    const actions = await backend.readActions(card.id).catch(() => null);
    if (this.#idCard !== card.id) return;
    if (!actions) {
      fill(this.#items, h("li", { class: "empty" }, "The activity could not be read."));
      return;
    }
    fill(this.#items, ...actions.map((action) => this.#item(action)));
  }

  /** @param {Action} action */
  #item(action) {
    const who = action.memberCreator;
    const when = h(
      "time",
      { dateTime: action.date, title: new Date(action.date).toLocaleString("en-GB") },
      ago(action.date),
    );
    const isComment = action.type === "commentCard";
    return h(
      "li",
      { class: isComment ? "comment" : "happening", "data-action": action.type },
      h("span", { class: "member", "aria-hidden": "true" }, who?.initials ?? "?"),
      h(
        "div",
        {},
        h(
          "p",
          { class: "activity-head" },
          h("strong", {}, who?.fullName ?? "Somebody"),
          " ",
          isComment ? "" : words(action),
          " ",
          when,
        ),
        isComment
          ? h(
              "div",
              { class: "comment-text prose" },
              markdown(action.data.text ?? "", (url) => this.#desk.links.link(url)),
            )
          : null,
      ),
    );
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    const idCard = this.#idCard;
    if (!text || !idCard) return;
    const done = await this.#desk.act(() => backend.addComment(idCard, text), "The comment was not saved");
    if (done) this.#text.value = "";
  }
}

/** @param {Action} action */
function words({ type, data, member }) {
  if (type === "createCard") return `added this card${data.list?.name ? ` to ${data.list.name}` : ""}`;
  if (type === "updateCard" && data.listAfter)
    return `moved this card from ${data.listBefore?.name} to ${data.listAfter.name}`;
  if (type === "updateCard") return "changed this card";
  if (type === "addAttachmentToCard") return `attached ${data.attachment?.name ?? "something"}`;
  if (type === "deleteAttachmentFromCard") return `removed the attachment ${data.attachment?.name ?? ""}`;
  if (type === "addLabelToCard") return "added a label";
  if (type === "removeLabelFromCard") return "removed a label";
  if (type === "addMemberToCard") return `added ${data.member?.name ?? member?.fullName ?? "somebody"} to this card`;
  return type.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}
