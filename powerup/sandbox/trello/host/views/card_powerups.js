// @ts-check
/** What the Power-Ups add to an open card: detail badges, buttons, and the card back section. */

import { anchorId, fill, h, icon, webAddress } from "../dom.js";
import { isFor, pressable } from "./menu.js";
import { colourClass } from "./tile.js";

/** @import {Button, CallbackRef, Card, CardBackSection} from '../types' */
/** @import {Desk} from '../desk.js' */
/** @import {PowerUp} from '../protocol/powerup.js' */

const MAX_HEIGHT = 1500;
const DEFAULT_HEIGHT = 200;

export class CardPowerUps {
  badges = h("div", { class: "detail-badges" });
  buttons = h("section", { class: "card-section card-buttons", "aria-label": "Power-Ups", hidden: true });
  sections = h("div", { class: "powerup-sections" });
  #desk;
  /** @type {Map<PowerUp, HTMLElement>} */ #places = new Map();
  #round = 0;
  /** @type {string | null} */ #idCard = null;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @param {Card} card */
  open(card) {
    this.#idCard = card.id;
    this.#desk.detailBadges.ask(card);
    this.#askButtons(card);
    this.reload(card);
  }

  close() {
    if (this.#idCard) this.#desk.detailBadges.forget(this.#idCard);
    this.#idCard = null;
    this.#round += 1;
    for (const powerUp of this.#places.keys()) this.#closeSection(powerUp);
    fill(this.badges);
    fill(this.buttons);
    this.buttons.hidden = true;
  }

  /** @param {Card} card */
  update(card) {
    this.#desk.detailBadges.ask(card);
    for (const powerUp of this.#desk.powerUps()) powerUp.renderFrames(this.sections);
  }

  /** @param {string} idCard */
  drawBadges(idCard) {
    const drawn = this.#desk.detailBadges.of(idCard).map(({ powerUp, badge }) => {
      const chip = pressable(
        { ...badge, text: badge.text ?? "" },
        {
          class: `detail-badge ${colourClass(badge.color)}`,
          run: (element) => this.#run(powerUp, badge.callback, idCard, element),
        },
      );
      if (badge.color) chip.dataset.color = badge.color;
      return h("div", { class: "fact" }, h("h2", {}, badge.title ?? powerUp.info.name), chip);
    });
    fill(this.badges, ...drawn);
  }

  /** Asks for the card back sections again and loads their frames anew. @param {Card} card */
  reload(card) {
    this.#round += 1;
    const round = this.#round;
    for (const powerUp of this.#desk.powerUps()) {
      if (!powerUp.can("card-back-section")) continue;
      powerUp.ask("card-back-section", { card: card.id }).then(
        (section) => round === this.#round && this.#showSection(powerUp, section, card),
        () => round === this.#round && this.#closeSection(powerUp),
      );
    }
  }

  /** @param {PowerUp} powerUp */
  #closeSection(powerUp) {
    const place = this.#places.get(powerUp);
    const frame = place?.querySelector("iframe");
    if (frame) powerUp.close(frame);
    place?.remove();
    this.#places.delete(powerUp);
  }

  /** @param {PowerUp} powerUp @param {CardBackSection | null} section @param {Card} card */
  #showSection(powerUp, section, card) {
    this.#closeSection(powerUp);
    if (!section?.content?.url) return;
    const height = Math.min(section.content.height ?? DEFAULT_HEIGHT, MAX_HEIGHT);
    const frame = powerUp.open(section.content.url, section.title, { height });
    const { action } = section;
    const button = action
      ? h(
          "button",
          {
            type: "button",
            class: "section-action",
            onclick: () => this.#run(powerUp, action.callback, card.id, /** @type {HTMLElement} */ (button)),
          },
          action.text,
        )
      : null;
    const image = webAddress(section.icon);
    const place = h(
      "section",
      { class: "card-section powerup-section", "aria-label": section.title },
      h(
        "h2",
        {},
        image ? h("img", { src: image, alt: "", width: 18, height: 18, class: "monochrome" }) : icon("plug"),
        h("span", {}, section.title),
        button,
      ),
      frame,
    );
    this.#places.set(powerUp, place);
    this.sections.append(place);
  }

  /** @param {Card} card */
  async #askButtons(card) {
    const viewer = this.#desk.viewer();
    const groups = await Promise.all(
      this.#desk.powerUps().map(async (powerUp) => {
        const offered = powerUp.can("card-buttons")
          ? await powerUp.ask("card-buttons", { card: card.id }).catch(() => [])
          : [];
        const buttons = /** @type {Button[]} */ (Array.isArray(offered) ? offered : []).filter((button) =>
          isFor(button, viewer),
        );
        return buttons.map((button) => h("li", {}, this.#button(powerUp, button, card.id)));
      }),
    );
    if (this.#idCard !== card.id) return; // the card was closed meanwhile
    const drawn = groups.flat();
    fill(this.buttons, h("h2", {}, icon("plug"), "Power-Ups"), h("ul", {}, ...drawn));
    this.buttons.hidden = drawn.length === 0;
  }

  /** @param {PowerUp} powerUp @param {Button} button @param {string} idCard */
  #button(powerUp, button, idCard) {
    const source =
      typeof button.icon === "object" ? button.icon[this.#desk.theme() === "dark" ? "dark" : "light"] : button.icon;
    const address = webAddress(source);
    if (!address)
      return pressable(
        button,
        { class: "card-button", run: (element) => this.#run(powerUp, button.callback, idCard, element) },
        icon("plug"),
        button.text,
      );
    const tinted = new URL(address);
    tinted.searchParams.set("color", this.#desk.theme() === "dark" ? "b6c2cf" : "44546f");
    const image = h("img", { src: tinted.href, alt: "", width: 16, height: 16, class: "monochrome" });
    return pressable(
      button,
      { class: "card-button", run: (element) => this.#run(powerUp, button.callback, idCard, element) },
      image,
      button.text,
    );
  }

  /** @param {PowerUp} powerUp @param {CallbackRef | undefined} ref @param {string} idCard @param {HTMLElement} element */
  #run(powerUp, ref, idCard, element) {
    if (ref) powerUp.run(powerUp.bind(ref), { card: idCard, el: anchorId(element) }).catch(() => {}); // shown in the log
  }
}
