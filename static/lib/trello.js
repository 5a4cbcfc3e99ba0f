// @ts-check
/**
 * The one file that touches Trello's client library. Everything else holds `t` as an opaque ticket and hands it back here.
 *
 * https://developer.atlassian.com/cloud/trello/power-ups/client-library/
 */
import { config } from "./config.js";

/** @typedef {import("../types/trello.js").TrelloClient} T Trello's client object: elsewhere it is passed on, never called. */
/** @typedef {import("../types/trello.js").Capabilities} Capabilities */

/** Trello shows a card-back section at most this high. */
export const MAX_SECTION_HEIGHT = 1500;

function library() {
  if (!window.TrelloPowerUp) throw new Error("Trello's library did not load");
  return window.TrelloPowerUp;
}

/** Whether Trello's library arrived: it comes from another host, which a firewall may block. */
export const isPresent = () => Boolean(window.TrelloPowerUp);

/** @param {Capabilities} capabilities */
export function initialize(capabilities) {
  library().initialize(capabilities, { targetOrigin: config.targetOrigin });
}

/** @type {T | null} */
let own = null;

/** The page's own `t`, in a popup, section or window: one, however often it is asked for. @returns {T} */
export function frame() {
  own ??= library().iframe({ targetOrigin: config.targetOrigin });
  return own;
}

/** Run `draw` now and whenever Trello says that something changed. @param {T} t @param {() => unknown} draw */
export function onRender(t, draw) {
  t.render(draw);
}

/** A signed statement by Trello of who is looking at which board. @param {T} t @returns {Promise<string>} */
export const jwt = (t) => t.jwt({});

/** @param {T} t @returns {string | undefined} */
export const cardId = (t) => t.getContext().card;

/** @param {T} t @returns {boolean} */
export const isSignedIn = (t) => t.isMemberSignedIn();

/** Whether the person may change this card. What they may really do is decided on the server. @param {T} t @returns {boolean} */
export const mayEditCard = (t) => t.memberCanWriteToModel("card");

/** What the opener passed to this page. @param {T} t @param {string} name @param {unknown} [otherwise] @returns {any} */
export const argument = (t, name, otherwise) => t.arg(name, otherwise);

/** @param {T} t @returns {Error} "This is not mine", for capabilities that are asked about every URL. */
export const notHandled = (t) => t.NotHandled();

/** Full names by member id: Trello knows them, so that we need not store them. @param {T} t @returns {Promise<Map<string, string>>} */
export async function memberNames(t) {
  const { members } = await t.board("members");
  return new Map((members ?? []).map(({ id, fullName, username }) => [id, fullName || username]));
}

/** @param {T} t @returns {Promise<string>} */
export const cardName = async (t) => (await t.card("name")).name ?? "";

/** @param {string} name */
export const iconUrl = (name) => new URL(`../icons/${name}.svg`, import.meta.url).href;

/** @param {string} name */
const pageUrl = (name) => new URL(`/pages/${name}`, config.baseUrl || location.origin).href;

/** The address of one of our pages, signed so that it may talk to Trello. @param {T} t @param {string} name @param {object} [args] @returns {string} */
export const signedPage = (t, name, args) => t.signUrl(pageUrl(name), args);

/**
 * Open one of our pages as a popup. From inside a page pass the click: Trello anchors the popup to it.
 * @param {T} t @param {{title: string, page: string, args?: object, height?: number, mouseEvent?: MouseEvent, onDone?: () => void}} popup
 */
export function openPopup(t, { title, page, args, height = 320, mouseEvent, onDone }) {
  return t.popup({ title, url: pageUrl(page), args, height, mouseEvent, callback: onDone });
}

/** @param {T} t @param {{title: string, page: string, height?: number}} modal */
export const openModal = (t, { title, page, height = 560 }) =>
  t.modal({ title, url: pageUrl(page), args: { modal: true }, height, accentColor: "blue" });

/** A page that fills the whole window, below a bar with its title. @param {T} t @param {{title: string, page: string}} modal */
export const openFullscreen = (t, { title, page }) =>
  t.modal({ title, url: pageUrl(page), args: { modal: true }, fullscreen: true, accentColor: "blue" });

/** Close the window that this page is in. @param {T} t */
export const closePopup = (t) => (t.arg("modal", false) ? t.closeModal() : t.closePopup());

/** A short message at the foot of the board. @param {T} t @param {string} message */
export const alert = (t, message) => t.alert({ message: message.slice(0, 140), duration: 6 });

/** @param {T} t @param {number} height */
export const resize = (t, height) => t.sizeTo(Math.max(1, Math.ceil(height)));
