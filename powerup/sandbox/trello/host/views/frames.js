// @ts-check
/** The two large places a Power-Up can fill: a modal window and the bar at the bottom of the board. */

import { fill, h, icon, webAddress } from "../dom.js";

/** @import {IframeContent, ModalAction} from '../types' */
/** @import {PowerUp} from '../protocol/powerup.js' */

/** @typedef {{powerUp: PowerUp, content: IframeContent, page: HTMLIFrameElement, asker: HTMLIFrameElement}} Open */

const MAX_ACTIONS = 3;
/** In pixels, when the Power-Up names none: the client library's own defaults. */
const USUAL_HEIGHT = { modal: 400, "board-bar": 200 };
/** Colour words mean the board's own colours, dark enough for white words. */
const ACCENTS = /** @type {Record<string, string>} */ ({
  blue: "#114a86",
  green: "#135c34",
  orange: "#84400a",
  red: "#8f1d14",
  yellow: "#624f00",
  purple: "#57309b",
  pink: "#8c1f5c",
  sky: "#0b5673",
  lime: "#405c0c",
});

/** @param {string | undefined} color */
const accent = (color) => (color ? (ACCENTS[color] ?? color) : "");

/** Shared by both: a header with a title and actions, and one frame below. */
export class FramePlace {
  /** @type {Open | null} */ #open = null;
  #title = h("h2");
  #actions = h("div", { class: "frame-actions" });
  #body = h("div", { class: "frame-body" });
  #close = h("button", { type: "button", class: "icon-button", onclick: () => this.close() }, icon("close"));
  #header = h("div", { class: "frame-header" }, this.#actions, this.#title, this.#close);
  #window;
  #changed;
  /** @type {() => void} */ #letGo = () => {};

  /** @param {'modal' | 'board-bar'} kind @param {{changed: () => void, hold?: (window: HTMLElement) => () => void}} terms */
  constructor(kind, { changed, hold = () => () => {} }) {
    this.kind = kind;
    this.hold = hold;
    this.#changed = changed;
    const name = kind === "modal" ? "Close window" : "Close bar";
    this.#close.setAttribute("aria-label", name);
    this.#window = h(
      "div",
      { class: `frame-window ${kind}-window`, role: kind === "modal" ? "dialog" : "region", tabIndex: -1 },
      this.#header,
      this.#body,
    );
    if (kind === "modal") this.#window.setAttribute("aria-modal", "true");
    this.element = h("div", { class: `${kind}-layer`, hidden: true }, this.#window);
    this.element.addEventListener("mousedown", (event) => {
      if (kind === "modal" && event.target === this.element) this.close();
    });
  }

  get isOpen() {
    return this.#open !== null;
  }

  get frame() {
    return this.#open?.page;
  }

  /** @param {PowerUp} powerUp @param {IframeContent} content @param {HTMLIFrameElement} asker */
  open(powerUp, content, asker) {
    this.close();
    const page = powerUp.open(content.url, content.title ?? powerUp.info.name, {});
    this.#open = { powerUp, content, page, asker };
    fill(this.#body, page);
    this.element.hidden = false;
    this.#dress();
    this.resize(content.height ?? USUAL_HEIGHT[this.kind]);
    this.#letGo = this.hold(this.#window);
    page.focus();
    this.#changed();
  }

  /** @param {Partial<IframeContent>} content @param {HTMLIFrameElement} asker */
  update(content, asker) {
    if (!this.#open) return;
    this.#open.content = { ...this.#open.content, ...content };
    this.#open.asker = content.actions ? asker : this.#open.asker;
    this.#dress();
    if (content.fullscreen === false) this.resize(this.#open.content.height ?? USUAL_HEIGHT[this.kind]);
  }

  close() {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    this.element.hidden = true;
    // First whatever lies below can be reached again: what cannot takes no focus.
    this.#changed();
    this.#letGo();
    const { powerUp, content, page, asker } = open;
    const left = content.callback ? powerUp.run(powerUp.bind(content.callback, asker), {}) : Promise.resolve();
    // The page may be the owner of the callback, so it goes only after it was told.
    left.catch(() => {}).finally(() => powerUp.close(page));
    if (asker !== page) page.hidden = true;
  }

  /** @param {number} height */
  resize(height) {
    if (!this.#open || this.#open.content.fullscreen) return;
    const most = this.kind === "modal" ? innerHeight - 120 : innerHeight * 0.6;
    this.#open.page.style.height = `${Math.min(height, most)}px`;
  }

  #dress() {
    if (!this.#open) return;
    const { content, powerUp } = this.#open;
    fill(this.#title, content.title ?? powerUp.info.name);
    this.#window.setAttribute("aria-label", content.title ?? powerUp.info.name);
    this.#window.classList.toggle("fullscreen", Boolean(content.fullscreen));
    if (content.fullscreen) this.#open.page.style.height = "";
    this.#header.style.setProperty("--accent", accent(content.accentColor));
    this.#header.classList.toggle("accented", Boolean(content.accentColor));
    fill(this.#actions, ...(content.actions ?? []).slice(0, MAX_ACTIONS).map((action) => this.#action(action)));
  }

  /** @param {ModalAction} action */
  #action(action) {
    const image = h("img", { src: webAddress(action.icon) ?? "", alt: action.alt, width: 16, height: 16 });
    const address = webAddress(action.url);
    if (address)
      return h("a", { class: "icon-button", href: address, target: "_blank", rel: "noopener noreferrer" }, image);
    const act = () => {
      const open = this.#open;
      if (open && action.callback) open.powerUp.run(open.powerUp.bind(action.callback, open.asker), {}).catch(() => {});
    };
    return h("button", { type: "button", class: "icon-button", onclick: act }, image);
  }
}
