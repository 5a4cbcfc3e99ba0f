// @ts-check
/** Puts the page together: reads the board, starts its Power-Ups, and follows the address and what changes. */

import { addCard } from "./addcard.js";
import * as backend from "./backend.js";
import { Badges } from "./badges.js";
import { Desk } from "./desk.js";
import { fill, h } from "./dom.js";
import { openCardMenu, openListMenu } from "./listmenu.js";
import { PowerUps } from "./powerups.js";
import { makeAnswerer } from "./protocol/commands.js";
import { Overlays } from "./screen.js";
import { Store } from "./store.js";
import { BoardView } from "./views/board.js";
import { BoardHeader } from "./views/boardbar.js";
import { CardView } from "./views/card.js";
import { LogDrawer } from "./views/log.js";
import { topbar } from "./views/topbar.js";

/** @import {Card} from './types' */

const THEME_KEY = "sandbox-theme";

/** @type {'light' | 'dark'} */
let theme = localStorage.getItem(THEME_KEY) === "dark" ? "dark" : "light";
document.documentElement.dataset.colorMode = theme;

const store = new Store();
const log = new LogDrawer();
const topPlace = h("div", { class: "top" });
/** @type {Overlays} */
const overlays = new Overlays(
  () => ({ board: [topPlace, header.element, board.element], card: cardView.element }),
  () => cardView.idCard !== null,
);
const { popups } = overlays;

const desk = new Desk({
  store,
  theme: () => theme,
  starting: () => powerUps.all,
  complain: (message) => overlays.alerts.show(message, 8, "error"),
  badges: (powerUps) => ({
    badges: new Badges("card-badges", powerUps, (idCard) => board.drawCard(idCard)),
    detailBadges: new Badges("card-detail-badges", powerUps, () => cardView.drawBadges()),
  }),
});

const cardView = new CardView(desk, () => hideCard());
const board = new BoardView(() => store.state.board, desk.badges, {
  open: (card) => showCard(card),
  move: (card, idList, pos) => desk.move(card, idList, pos),
  add: (list, text) => addCard(desk, list, text),
  listMenu: (list, anchor) => openListMenu(desk, popups, list, anchor),
  cardMenu: (card, anchor) => openCardMenu(desk, popups, store.card(card.id) ?? card, anchor),
});

const answer = makeAnswerer(
  store,
  overlays.screen({
    showCard: (card) => showCard(card),
    hideCard: () => hideCard(),
    cardDataChanged: (idCard) => {
      const card = store.card(idCard);
      if (card) desk.badges.ask(card);
      if (idCard === cardView.idCard) cardView.reloadSection();
    },
  }),
);

const powerUps = new PowerUps(store, {
  answer,
  theme: () => theme,
  log: (line) => log.add(line),
  ready: (powerUp) => {
    desk.join(powerUp);
    for (const card of store.state.board?.cards ?? []) desk.badges.ask(card);
    header.askButtons();
    cardView.askPowerUps();
  },
});
/** @type {BoardHeader} */
const header = new BoardHeader(desk, popups, powerUps);

// ---- The address: /b/<board>, /c/<card> -----------------------------------------------------------------------------------------

/** @param {Card} card */
function showCard(card) {
  if (!location.pathname.startsWith(`/c/${card.shortLink}`)) history.pushState(null, "", `/c/${card.shortLink}`);
  followAddress();
}

function hideCard() {
  const shown = cardView.idCard;
  history.pushState(null, "", `/b/${store.state.board?.shortLink ?? ""}`);
  followAddress();
  if (shown) board.focusCard(shown);
}

function followAddress() {
  const where = whereIsThis();
  const card = where.card
    ? store.state.board?.cards.find(({ shortLink, id }) => shortLink === where.card || id === where.card)
    : undefined;
  popups.close({ refocus: false });
  if (card) cardView.open(card);
  else cardView.close();
  overlays.reach();
  document.title = `${card ? `${card.name} | ` : ""}${store.state.board?.name ?? "Sandbox board"}`;
}

/** @returns {{board?: string, card?: string}} */
function whereIsThis() {
  const [, kind, key] = location.pathname.split("/");
  if (kind === "c" && key) return { card: key };
  return kind === "b" && key ? { board: key } : {};
}

// ---- Drawing and changes ----------------------------------------------------------------------------------------------------------

const bar = () =>
  topbar(store.state, {
    theme,
    chooseBoard: (shortLink) => location.assign(`/b/${shortLink}`),
    choosePerson: async (key) => {
      await backend.signIn(key);
      location.reload();
    },
    toggleTheme: () => {
      theme = theme === "light" ? "dark" : "light";
      localStorage.setItem(THEME_KEY, theme);
      document.documentElement.dataset.colorMode = theme;
      top?.showTheme(theme);
      header.askButtons();
      for (const powerUp of desk.powerUps()) powerUp.tellTheme(theme);
    },
  });
/** @type {ReturnType<typeof topbar> | null} */ let top = null;

store.onChange(({ changedCards, first }) => {
  header.draw();
  board.draw(changedCards);
  if (first) return;
  for (const id of changedCards) {
    const card = store.card(id);
    if (card) desk.badges.ask(card);
    else desk.badges.forget(id);
  }
  if (cardView.idCard && !store.card(cardView.idCard)) hideCard();
  else if (cardView.idCard && changedCards.has(cardView.idCard)) cardView.update();
  if (changedCards.size) for (const powerUp of desk.powerUps()) powerUp.renderFrames(overlays.popups.element);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (!overlays.closeTop() && cardView.idCard) hideCard();
});
window.addEventListener("popstate", () => followAddress());

async function start() {
  await store.load(whereIsThis()).catch((error) => {
    fill(
      document.body,
      h(
        "main",
        { class: "lost" },
        h("h1", {}, "The sandbox does not answer"),
        h("p", {}, String(error.message ?? error)),
        h("a", { href: "/" }, "Try again"),
      ),
    );
    throw error;
  });
  top = bar();
  fill(topPlace, top.element);
  if (!store.state.board) {
    fill(
      board.element,
      h(
        "section",
        { class: "lost" },
        h("h2", {}, "There is no such board here, or you may not see it."),
        h("p", {}, "Choose another board, or be another person, in the bar above."),
      ),
    );
  }
  fill(
    document.body,
    topPlace,
    header.element,
    board.element,
    overlays.bar.element,
    cardView.element,
    overlays.modal.element,
    overlays.popups.element,
    overlays.alerts.element,
    log.element,
  );
  followAddress();
  powerUps.start();
  const leaving = new AbortController();
  window.addEventListener("pagehide", () => leaving.abort());
  await store.follow(leaving.signal);
}

start();
