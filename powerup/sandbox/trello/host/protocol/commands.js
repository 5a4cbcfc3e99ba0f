// @ts-check
/** What a Power-Up may ask of the board: one function a command; an unknown command is "unsupported command". */

import * as backend from "../backend.js";
import { boardModel, cardModel, choose, listModel, memberModel } from "./models.js";
import { ProtocolError } from "./wire.js";

/** @import {Board, Card, IframeContent, PopupRequest} from '../types' */
/** @import {PowerUp} from './powerup.js' */
/** @import {Store} from '../store.js' */

/** Trello's limits on the JSON text of one scope and visibility; the library checks them too, but a page could write past it. */
const LIMITS = /** @type {Record<string, number>} */ ({ card: 4096, member: 4096, board: 8192, organization: 8192 });

/**
 * What the commands move on the screen.
 * @typedef {object} Screen
 * @property {(powerUp: PowerUp, request: PopupRequest, frame: HTMLIFrameElement) => void} popup
 * @property {() => void} popPopup
 * @property {() => void} closePopup
 * @property {(powerUp: PowerUp, content: IframeContent, frame: HTMLIFrameElement) => void} modal
 * @property {(powerUp: PowerUp, content: Partial<IframeContent>, frame: HTMLIFrameElement) => void} updateModal
 * @property {() => void} closeModal
 * @property {(powerUp: PowerUp, content: IframeContent, frame: HTMLIFrameElement) => void} boardBar
 * @property {() => void} closeBoardBar
 * @property {(frame: HTMLIFrameElement, height: number) => void} resize
 * @property {(message: string, seconds: number, display: string) => void} alert
 * @property {() => void} hideAlert
 * @property {(url: string) => void} navigate
 * @property {(card: Card) => void} showCard
 * @property {() => void} hideCard
 * @property {(idCard: string) => void} cardDataChanged
 */

/** @typedef {{powerUp: PowerUp, store: Store, screen: Screen, board: Board, args: any, frame: HTMLIFrameElement}} Asked */

/** @param {Asked} asked @returns {Card} */
function cardInContext({ board, args }) {
  const card = board.cards.find(({ id }) => id === args.context.card);
  if (!card) throw new ProtocolError("invalid context", "Invalid context, missing card");
  return card;
}

/** @param {Asked} asked */
function listInContext({ board, args }) {
  const idList = args.context.list ?? board.cards.find(({ id }) => id === args.context.card)?.idList;
  const list = board.lists.find(({ id }) => id === idList);
  if (!list) throw new ProtocolError("invalid context", "Invalid context, missing list");
  return list;
}

/** @param {Store} store */
function signedIn(store) {
  if (!store.state.member) throw new ProtocolError("", "Nobody is signed in");
  return store.state.member;
}

/** @param {Store} store @param {Board} board */
function mayWrite(store, board) {
  signedIn(store);
  if (board.permission !== "write") throw new ProtocolError("", "This member may not change the board");
}

/** A card by id or short link, which must be on this board. @param {Board} board @param {string | undefined} key */
const findCard = (board, key) => board.cards.find(({ id, shortLink }) => id === key || shortLink === key);

/** @param {Asked} asked */
async function data({ powerUp, store, board, args }) {
  const wanted = args.idCard ?? args.context.card;
  const card = findCard(board, wanted);
  if (wanted && !card) throw new ProtocolError("invalid context", "That card is not on this board");
  return backend.readPluginData({
    idPlugin: powerUp.info.id,
    idBoard: board.id,
    idCard: card?.id,
    idMember: store.state.member?.id,
  });
}

/** @param {Asked} asked */
async function set({ powerUp, store, screen, board, args }) {
  const { scope, visibility, data: value } = args;
  if (!(scope in LIMITS) || !["shared", "private"].includes(visibility) || typeof value !== "string")
    throw new ProtocolError("", "Malformed set");
  if (value.length > LIMITS[scope])
    throw new ProtocolError("", `PluginData length of ${LIMITS[scope]} characters exceeded`);
  const member = signedIn(store);
  if (visibility === "shared" && scope !== "member") mayWrite(store, board);
  const card =
    scope === "card"
      ? (findCard(board, args.idCard) ?? cardInContext(/** @type {Asked} */ ({ board, args })))
      : undefined;
  const idModel = { card: card?.id, board: board.id, organization: board.idOrganization, member: member.id }[
    /** @type {'card'} */ (scope)
  ];
  if (!idModel) throw new ProtocolError("not handled", `There is no ${scope} here`);
  const idMember = visibility === "private" ? member.id : null;
  await backend.writePluginData({ idPlugin: powerUp.info.id, scope, visibility, idModel, idMember, value });
  if (card) screen.cardDataChanged(card.id);
}

/** @type {Record<string, (asked: Asked) => any>} */
const COMMANDS = {
  data,
  set,

  board: ({ board, args }) => choose(boardModel(board), args.fields),
  lists: ({ board, args }) => board.lists.map((list) => choose(listModel(list, board), args.fields)),
  list: (asked) => choose(listModel(listInContext(asked), asked.board), asked.args.fields),
  cards: ({ board, args }) => board.cards.map((card) => choose(cardModel(card, board), args.fields)),
  card: (asked) => choose(cardModel(cardInContext(asked), asked.board), asked.args.fields),
  member: ({ store, args }) => choose(memberModel(signedIn(store)), args.fields),
  organization: ({ board, args }) => {
    if (!board.organization) throw new ProtocolError("not handled", "This board belongs to no workspace");
    return choose(
      { id: board.organization.id, name: board.organization.displayName ?? board.organization.name },
      args.fields,
    );
  },
  "attach-to-card": async (asked) => {
    mayWrite(asked.store, asked.board);
    const { url, name } = asked.args;
    if (typeof url !== "string") throw new ProtocolError("", "attach needs a url");
    const made = await backend.addAttachment(cardInContext(asked).id, { url, ...(name ? { name } : {}) });
    await asked.store.refresh();
    return { id: made.id, name: made.name, url: made.url };
  },

  popup: ({ screen, powerUp, args, frame }) => screen.popup(powerUp, args, frame),
  "pop-popup": ({ screen }) => screen.popPopup(),
  "close-popup": ({ screen }) => screen.closePopup(),
  modal: ({ screen, powerUp, args, frame }) => screen.modal(powerUp, args.content, frame),
  "update-modal": ({ screen, powerUp, args, frame }) => screen.updateModal(powerUp, args.content, frame),
  "close-modal": ({ screen }) => screen.closeModal(),
  overlay: ({ screen, powerUp, args, frame }) => screen.modal(powerUp, { fullscreen: true, ...args.content }, frame),
  "close-overlay": ({ screen }) => screen.closeModal(),
  "board-bar": ({ screen, powerUp, args, frame }) => screen.boardBar(powerUp, args.content, frame),
  "close-board-bar": ({ screen }) => screen.closeBoardBar(),
  resize: ({ screen, args, frame }) => screen.resize(frame, Number(args.height)),
  alert: ({ screen, args }) =>
    screen.alert(
      String(args.message).slice(0, 140),
      Math.min(30, Math.max(5, Number(args.duration) || 5)),
      args.display ?? "info",
    ),
  hideAlert: ({ screen }) => screen.hideAlert(),
  navigate: ({ screen, args }) => {
    if (new URL(args.url, location.href).origin !== location.origin)
      throw new ProtocolError("", "navigate is for addresses of this site only");
    screen.navigate(args.url);
  },
  showCard: ({ screen, board, args }) => {
    const card = findCard(board, args.idCard);
    if (!card) throw new ProtocolError("", "That card is not on this board");
    screen.showCard(card);
  },
  hideCard: ({ screen }) => screen.hideCard(),
  confetti: () => null,

  jwt: async ({ powerUp, store, board, args }) => {
    const member = signedIn(store);
    const made = await backend.makeJwt({
      idBoard: board.id,
      idMember: member.id,
      state: String(args.state ?? ""),
      idPlugin: powerUp.info.id,
    });
    return made.jwt;
  },
};

/** @param {Store} store @param {Screen} screen */
export function makeAnswerer(store, screen) {
  /** @param {PowerUp} powerUp @param {string} command @param {any[]} args @param {HTMLIFrameElement} frame */
  return async (powerUp, command, args, frame) => {
    const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (!act) throw new ProtocolError("unsupported command", `The sandbox does not know ${command}`);
    const board = store.state.board;
    const given = args[0] ?? {};
    if (!board || given.context?.board !== board.id)
      throw new ProtocolError("invalid context", "Invalid context, missing board");
    return act({ powerUp, store, screen, board, args: given, frame });
  };
}
