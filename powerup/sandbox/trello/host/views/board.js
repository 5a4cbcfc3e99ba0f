// @ts-check
/** The lists of a board side by side, their cards, and ways to add and move cards. */

import { fill, h, icon } from "../dom.js";
import { composer } from "./composer.js";
import { tileContent } from "./tile.js";

/** @import {Board, Card, List} from '../types' */
/** @import {Badges} from '../badges.js' */

/**
 * @typedef {object} BoardActs
 * @property {(card: Card) => void} open
 * @property {(card: Card, idList: string, pos: number | 'top' | 'bottom') => void} move
 * @property {(list: List, text: string) => Promise<void>} add
 * @property {(list: List, anchor: HTMLElement) => void} listMenu
 * @property {(card: Card, anchor: HTMLElement) => void} cardMenu
 */

/** @typedef {{element: HTMLElement, cards: HTMLElement, name: HTMLElement, count: HTMLElement}} Column */

export class BoardView {
  element = h("main", { class: "board", id: "board", tabIndex: -1 });
  /** @type {Map<string, Column>} */ #columns = new Map();
  /** @type {Map<string, HTMLElement>} */ #tiles = new Map();
  /** @type {string | null} */ #dragged = null;
  #badges;
  #acts;
  #board;

  /** @param {() => Board | null} board @param {Badges} badges @param {BoardActs} acts */
  constructor(board, badges, acts) {
    this.#board = board;
    this.#badges = badges;
    this.#acts = acts;
  }

  /** @param {Set<string>} changedCards */
  draw(changedCards) {
    const board = this.#board();
    if (!board) return;
    this.element.setAttribute("aria-label", `Board ${board.name}`);
    const columns = board.lists.map((list) => this.#column(list, board));
    keepOrder(
      this.element,
      columns.map(({ element }) => element),
    );
    for (const id of changedCards) this.drawCard(id);
    for (const list of board.lists) {
      const cards = board.cards.filter(({ idList }) => idList === list.id).sort((a, b) => a.pos - b.pos);
      const column = this.#columns.get(list.id);
      if (!column) continue;
      keepOrder(
        column.cards,
        cards.map((card) => this.#tile(card)),
      );
      fill(column.count, String(cards.length));
    }
  }

  /** @param {string} idCard */
  drawCard(idCard) {
    const board = this.#board();
    const card = board?.cards.find(({ id }) => id === idCard);
    if (!board || !card) {
      this.#tiles.get(idCard)?.remove();
      this.#tiles.delete(idCard);
      return;
    }
    const tile = this.#tile(card);
    const hadFocus = tile.querySelector("a") === document.activeElement;
    const menu = /** @type {HTMLElement} */ (tile.lastElementChild);
    tile.replaceChildren(.../** @type {Node[]} */ (tileContent(card, board, this.#badges).filter(Boolean)), menu);
    if (hadFocus) tile.querySelector("a")?.focus();
  }

  /** @param {string} idCard */
  focusCard(idCard) {
    this.#tiles.get(idCard)?.querySelector("a")?.focus();
  }

  /** @param {List} list @param {Board} board */
  #column(list, board) {
    const known = this.#columns.get(list.id);
    if (known) {
      fill(known.name, list.name);
      return known;
    }
    const canWrite = board.permission === "write";
    const name = h("h2", {}, list.name);
    const count = h("span", { class: "list-count", title: "Cards in this list" });
    const cards = h("ul", { class: "cards", "aria-label": `Cards in ${list.name}` });
    const menu = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Actions of the list ${list.name}`,
        onclick: () => this.#acts.listMenu(list, menu),
      },
      icon("more"),
    );
    const element = h(
      "section",
      { class: "list", "data-list": list.id, "aria-label": list.name },
      h("header", { class: "list-header" }, name, count, menu),
      cards,
      canWrite ? composer((text) => this.#acts.add(list, text)) : null,
    );
    if (canWrite) this.#acceptDrops(element, cards, list);
    const column = { element, cards, name, count };
    this.#columns.set(list.id, column);
    return column;
  }

  /** @param {Card} card */
  #tile(card) {
    const known = this.#tiles.get(card.id);
    if (known) return known;
    const canWrite = this.#board()?.permission === "write";
    const menu = h(
      "button",
      {
        type: "button",
        class: "icon-button tile-menu",
        "aria-label": `Move ${card.name}`,
        hidden: !canWrite,
        onclick: () => this.#acts.cardMenu(card, menu),
      },
      icon("move"),
    );
    const tile = h("li", { class: "tile", "data-card": card.id, draggable: canWrite }, menu);
    tile.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (event.metaKey || event.ctrlKey || target.closest(".tile-menu")) return;
      event.preventDefault();
      const now = this.#board()?.cards.find(({ id }) => id === card.id);
      if (now) this.#acts.open(now);
    });
    tile.addEventListener("dragstart", (event) => {
      this.#dragged = card.id;
      event.dataTransfer?.setData("text/plain", card.name);
      requestAnimationFrame(() => tile.classList.add("dragged"));
    });
    tile.addEventListener("dragend", () => {
      this.#dragged = null;
      tile.classList.remove("dragged");
    });
    this.#tiles.set(card.id, tile);
    return tile;
  }

  /** @param {HTMLElement} element @param {HTMLElement} cards @param {List} list */
  #acceptDrops(element, cards, list) {
    element.addEventListener("dragover", (event) => {
      const tile = this.#dragged ? this.#tiles.get(this.#dragged) : undefined;
      if (!tile) return;
      event.preventDefault();
      cards.insertBefore(tile, tileBelow(cards, tile, event.clientY));
    });
    element.addEventListener("drop", (event) => {
      const card = this.#board()?.cards.find(({ id }) => id === this.#dragged);
      if (!card) return;
      event.preventDefault();
      this.#acts.move(card, list.id, this.#positionIn(cards, card));
    });
  }

  /** Halfway between the neighbours, as Trello numbers cards. @param {HTMLElement} cards @param {Card} card */
  #positionIn(cards, card) {
    const board = this.#board();
    const order = [...cards.children].map((tile) => tile.getAttribute("data-card"));
    const at = order.indexOf(card.id);
    const pos = (/** @type {number} */ index) => board?.cards.find(({ id }) => id === order[index])?.pos;
    const [above, below] = [pos(at - 1), pos(at + 1)];
    if (above === undefined) return "top";
    return below === undefined ? "bottom" : (above + below) / 2;
  }
}

/** @param {HTMLElement} cards @param {HTMLElement} moving @param {number} y */
function tileBelow(cards, moving, y) {
  const others = [...cards.children].filter((tile) => tile !== moving);
  return others.find((tile) => y < tile.getBoundingClientRect().top + tile.getBoundingClientRect().height / 2) ?? null;
}

/** Makes these the children, in this order, moving as little as possible (a moved element loses its focus). @param {HTMLElement} parent @param {HTMLElement[]} wanted */
function keepOrder(parent, wanted) {
  for (const child of [...parent.children]) if (!wanted.includes(/** @type {HTMLElement} */ (child))) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
