// @ts-check
/** Everything that lies above the board, and which of it the keyboard can reach. */

import { anchorElement, trapFocus } from "./dom.js";
import { Alerts } from "./views/alerts.js";
import { FramePlace } from "./views/frames.js";
import { popupView } from "./views/popup_content.js";
import { Popups } from "./views/popups.js";

/** @import {Card} from './types' */
/** @import {Screen} from './protocol/commands.js' */

const MAX_SECTION = 1500;

export class Overlays {
  popups = new Popups();
  alerts = new Alerts();
  modal = new FramePlace("modal", { changed: () => this.reach(), hold: trapFocus });
  bar = new FramePlace("board-bar", { changed: () => {} });
  #below;
  #cardOpen;

  /** @param {() => {board: HTMLElement[], card: HTMLElement}} below what a modal window covers @param {() => boolean} cardOpen */
  constructor(below, cardOpen) {
    this.#below = below;
    this.#cardOpen = cardOpen;
  }

  /** Only the topmost window can be reached with Tab. */
  reach() {
    const { board, card } = this.#below();
    for (const element of board) element.inert = this.modal.isOpen || this.#cardOpen();
    card.inert = this.modal.isOpen;
  }

  /** Escape closes one thing at a time. @returns {boolean} */
  closeTop() {
    if (this.popups.isOpen) this.popups.close();
    else if (this.modal.isOpen) this.modal.close();
    else return false;
    return true;
  }

  /**
   * What a Power-Up may do to the screen.
   * @param {{showCard: (card: Card) => void, hideCard: () => void, cardDataChanged: (idCard: string) => void}} acts
   * @returns {Screen}
   */
  screen(acts) {
    const { popups, alerts, modal, bar } = this;
    return {
      popup: (powerUp, request, frame) => {
        const clicked = anchorElement(request.context.el);
        const anchor = request.pos ? placeIn(frame, request.pos) : clicked?.isConnected ? clicked : null;
        if (!anchor) throw new Error("No popover in context. Are you using the correct t?");
        popups.open(anchor, popupView({ powerUp, request, frame, popups }), {
          onTop: popups.viewOf(frame) !== undefined || popups.holds(clicked),
        });
      },
      popPopup: () => popups.pop(),
      closePopup: () => popups.close(),
      modal: (powerUp, content, frame) => {
        popups.close({ refocus: false });
        modal.open(powerUp, content, frame);
      },
      updateModal: (_, content, frame) => modal.update(content, frame),
      closeModal: () => modal.close(),
      boardBar: (powerUp, content, frame) => {
        popups.close({ refocus: false });
        bar.open(powerUp, content, frame);
      },
      closeBoardBar: () => bar.close(),
      resize: (frame, height) => this.#resize(frame, height),
      alert: (message, seconds, display) => alerts.show(message, seconds, display),
      hideAlert: () => alerts.hide(),
      navigate: (url) => location.assign(url),
      ...acts,
    };
  }

  /** @param {HTMLIFrameElement} frame @param {number} height */
  #resize(frame, height) {
    if (!Number.isFinite(height) || height <= 0) throw new Error("resize needs a height");
    for (const place of [this.modal, this.bar]) {
      if (place.frame !== frame) continue;
      place.resize(height);
      return;
    }
    const most = this.popups.viewOf(frame) ? innerHeight - 120 : MAX_SECTION;
    frame.style.height = `${Math.min(height, most)}px`;
    this.popups.place();
  }
}

/** A place inside a frame, seen from the page. @param {HTMLIFrameElement} frame @param {{x: number, y: number}} pos */
function placeIn(frame, pos) {
  const box = frame.getBoundingClientRect();
  return { x: box.left + pos.x, y: box.top + pos.y };
}
