// @ts-check
/** The line above the lists: the board's name, board buttons of Power-Ups, and the Power-Up menu. */

import { anchorId, fill, h, icon, webAddress } from "../dom.js";
import { isFor, openMenu, pressable } from "./menu.js";

/** @import {Button} from '../types' */
/** @import {Desk} from '../desk.js' */
/** @import {MenuItem} from './menu.js' */
/** @import {PowerUp} from '../protocol/powerup.js' */
/** @import {PowerUps} from '../powerups.js' */
/** @import {Popups} from './popups.js' */

export class BoardHeader {
  #desk;
  #popups;
  #powerUps;
  #name = h("h1");
  #buttons = h("div", { class: "board-buttons" });
  #menu = h(
    "button",
    { type: "button", class: "bar-button", "aria-haspopup": "dialog", onclick: () => this.#openMenu() },
    icon("plug"),
    "Power-Ups",
  );
  element = h("section", { class: "board-header", "aria-label": "This board" }, this.#name, this.#buttons, this.#menu);

  /** @param {Desk} desk @param {Popups} popups @param {PowerUps} powerUps those that are switched off or still loading too */
  constructor(desk, popups, powerUps) {
    this.#desk = desk;
    this.#popups = popups;
    this.#powerUps = powerUps;
  }

  draw() {
    const { board } = this.#desk.store.state;
    fill(this.#name, board?.name ?? "No board");
    this.#menu.hidden = !board;
  }

  async askButtons() {
    const viewer = this.#desk.viewer();
    const groups = await Promise.all(
      this.#desk.powerUps().map(async (powerUp) => {
        const offered = powerUp.can("board-buttons") ? await powerUp.ask("board-buttons", {}).catch(() => []) : [];
        const buttons = /** @type {Button[]} */ (Array.isArray(offered) ? offered : []).filter((button) =>
          isFor(button, viewer),
        );
        return buttons.map((button) => this.#button(powerUp, button));
      }),
    );
    fill(this.#buttons, ...groups.flat());
  }

  /** @param {PowerUp} powerUp @param {Button} button */
  #button(powerUp, button) {
    const source =
      typeof button.icon === "object" ? button.icon[this.#desk.theme() === "dark" ? "dark" : "light"] : button.icon;
    const address = webAddress(source);
    const image = address ? h("img", { src: address, alt: "", width: 16, height: 16 }) : null;
    const run = (/** @type {HTMLElement} */ element) => {
      if (button.callback) powerUp.run(powerUp.bind(button.callback), { el: anchorId(element) }).catch(() => {}); // shown in the log
    };
    return pressable(button, { class: "bar-button", run }, image, button.text);
  }

  async #openMenu() {
    const { all } = this.#powerUps;
    const waiting = all.filter(({ isLoading }) => isLoading);
    if (waiting.length === 0) {
      this.#showMenu((await Promise.all(all.map((powerUp) => this.#itemsOf(powerUp)))).flat());
      return;
    }
    const shown = this.#showMenu([], "Still loading…");
    await Promise.all(waiting.map(({ settled }) => settled));
    const items = (await Promise.all(all.map((powerUp) => this.#itemsOf(powerUp)))).flat();
    if (shown.isConnected) this.#showMenu(items);
  }

  /** @param {MenuItem[]} items */
  #showMenu(items, empty = "No Power-Up is enabled on this board.") {
    return openMenu(this.#popups, this.#menu, "Power-Ups", items, empty);
  }

  /** @param {PowerUp} powerUp @returns {Promise<MenuItem[]>} */
  async #itemsOf(powerUp) {
    const { name } = powerUp.info;
    const { signedIn, canWrite } = this.#desk.viewer();
    if (!this.#powerUps.isOn(powerUp))
      return canWrite ? [{ text: `Switch ${name} on`, act: () => this.#powerUps.turn(powerUp, true) }] : [];
    if (powerUp.capabilities.length === 0)
      return [{ text: `${name} did not answer`, note: "The Power-Up log below says why", act: () => {} }];
    const status = powerUp.can("authorization-status")
      ? await powerUp.ask("authorization-status", {}).catch(() => null)
      : null;
    /** @param {string} capability @returns {(element: HTMLElement) => void} */
    const asking = (capability) => (element) => {
      powerUp.ask(capability, { el: anchorId(element) }).catch(() => {}); // shown in the log
    };
    /** @type {(MenuItem | false)[]} */
    const items = [
      status?.authorized === false &&
        signedIn &&
        powerUp.can("show-authorization") && {
          text: "Authorize account",
          note: name,
          act: asking("show-authorization"),
        },
      powerUp.can("show-settings") && { text: "Settings", note: name, act: asking("show-settings") },
      powerUp.can("remove-data") &&
        signedIn && { text: "Remove personal settings", note: name, act: asking("remove-data") },
      canWrite && { text: `Switch ${name} off`, act: () => this.#powerUps.turn(powerUp, false), danger: true },
    ];
    return items.filter((item) => item !== false);
  }
}
