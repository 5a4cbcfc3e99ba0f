// @ts-check
/** An open card: its facts on the left, Power-Ups and activity on the right. */

import { fill, h, icon, trapFocus } from "../dom.js";
import { markdown } from "../markdown.js";
import { Activity } from "./activity.js";
import { Attachments } from "./attachments.js";
import { CardPowerUps } from "./card_powerups.js";
import { labelChip, memberChip } from "./tile.js";

/** @import {Board, Card} from '../types' */
/** @import {Desk} from '../desk.js' */

export class CardView {
  #desk;
  #title = h("h1", { class: "card-title", id: "card-title" });
  #list = h("span", { class: "card-list" });
  #facts = h("div", { class: "card-facts" });
  #desc = h("div", { class: "card-desc prose" });
  #powerUps;
  #attachments;
  #activity;
  #window;
  /** @type {string | null} */ #idCard = null;
  /** @type {() => void} */ #letGo = () => {};

  /** @param {Desk} desk @param {() => void} close */
  constructor(desk, close) {
    this.#desk = desk;
    this.#powerUps = new CardPowerUps(desk);
    this.#attachments = new Attachments(desk);
    this.#activity = new Activity(desk);
    this.#window = h(
      "div",
      { class: "card-window", role: "dialog", "aria-modal": "true", "aria-labelledby": "card-title", tabIndex: -1 },
      h(
        "div",
        { class: "card-header" },
        h("div", {}, this.#title, this.#list),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Close card", onclick: close },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "card-columns" },
        h(
          "div",
          { class: "card-main" },
          this.#facts,
          h("section", { class: "card-section" }, h("h2", {}, icon("text"), "Description"), this.#desc),
          this.#powerUps.sections,
          this.#attachments.element,
        ),
        h(
          "aside",
          { class: "card-side", "aria-label": "Power-Ups and activity" },
          this.#powerUps.buttons,
          this.#activity.element,
        ),
      ),
    );
    this.element = h("div", { class: "card-layer", hidden: true }, this.#window);
    this.element.addEventListener("mousedown", (event) => {
      if (event.target === this.element) close();
    });
  }

  get idCard() {
    return this.#idCard;
  }

  get #card() {
    return this.#desk.store.card(this.#idCard ?? undefined);
  }

  /** @param {Card} card */
  open(card) {
    if (this.#idCard === card.id) return;
    this.close();
    this.#idCard = card.id;
    this.element.hidden = false;
    this.#draw();
    this.#window.scrollTop = 0;
    this.#letGo = trapFocus(this.#window);
    this.#window.focus({ preventScroll: true });
    this.#attachments.open(card);
    this.#activity.open(card);
    this.#powerUps.open(card);
  }

  close() {
    if (!this.#idCard) return;
    this.#attachments.close();
    this.#activity.close();
    this.#powerUps.close();
    this.#idCard = null;
    this.element.hidden = true;
    this.#letGo();
  }

  /** The card is different from before. */
  update() {
    const card = this.#card;
    if (!card) return;
    this.#draw();
    this.#attachments.update(card);
    this.#activity.update(card);
    this.#powerUps.update(card);
  }

  /** A Power-Up that started late joins in. */
  askPowerUps() {
    const card = this.#card;
    if (!card) return;
    this.#draw(); // addresses may have better names now
    this.#attachments.open(card);
    this.#activity.update(card);
    this.#powerUps.open(card);
  }

  drawBadges() {
    if (this.#idCard) this.#powerUps.drawBadges(this.#idCard);
  }

  /** Stored data of this card changed: Trello loads its card back section anew. */
  reloadSection() {
    const card = this.#card;
    if (card) this.#powerUps.reload(card);
  }

  #draw() {
    const card = this.#card;
    const board = this.#desk.store.state.board;
    if (!card || !board) return;
    fill(this.#title, card.name);
    fill(this.#list, "in list ", this.#listChoice(card, board));
    fill(this.#facts, ...facts(card, board), this.#powerUps.badges);
    fill(
      this.#desc,
      card.desc
        ? markdown(card.desc, (url) => this.#desk.links.link(url))
        : h("p", { class: "empty" }, "No description yet."),
    );
  }

  /** @param {Card} card @param {Board} board */
  #listChoice(card, board) {
    if (board.permission !== "write")
      return h("strong", {}, board.lists.find(({ id }) => id === card.idList)?.name ?? "");
    const choice = h(
      "select",
      { "aria-label": "List of this card", onchange: () => this.#desk.move(card, choice.value, "bottom") },
      ...board.lists.map(({ id, name }) => h("option", { value: id, selected: id === card.idList }, name)),
    );
    return choice;
  }
}

/** @param {Card} card @param {Board} board */
function facts(card, board) {
  const members = board.members.filter(({ id }) => card.idMembers.includes(id));
  return [
    members.length
      ? h("div", { class: "fact" }, h("h2", {}, "Members"), h("div", { class: "members" }, ...members.map(memberChip)))
      : null,
    card.labels.length
      ? h("div", { class: "fact" }, h("h2", {}, "Labels"), h("div", { class: "labels" }, ...card.labels.map(labelChip)))
      : null,
    card.due
      ? h(
          "div",
          { class: "fact" },
          h("h2", {}, "Due"),
          h("span", {}, new Date(card.due).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })),
        )
      : null,
  ];
}
