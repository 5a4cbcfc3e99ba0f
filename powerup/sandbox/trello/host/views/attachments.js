// @ts-check
/** Attachments of an open card: some claimed by Power-Ups as sections of their own, the rest as a list. */

import * as backend from "../backend.js";
import { ago, anchorId, fill, h, icon, webAddress } from "../dom.js";

/** @import {Attachment, AttachmentSection, Card} from '../types' */
/** @import {Desk} from '../desk.js' */
/** @import {PowerUp} from '../protocol/powerup.js' */

const DEFAULT_HEIGHT = 150;

/** @typedef {{powerUp: PowerUp, section: AttachmentSection, key: string}} Claim */

export class Attachments {
  #desk;
  #sections = h("div", { class: "attachment-sections" });
  #rest = h("ul", { class: "attachments" });
  #own = h("section", { class: "card-section" }, h("h2", {}, icon("clip"), "Attachments"), this.#rest);
  element = h("div", {}, this.#sections, this.#own);
  /** @type {Map<string, {powerUp: PowerUp, element: HTMLElement, frame: HTMLIFrameElement, title: HTMLElement}>} */ #drawn =
    new Map();
  #seen = "";
  #round = 0;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @param {Card} card */
  async open(card) {
    this.#seen = JSON.stringify(card.attachments);
    this.#round += 1;
    const round = this.#round;
    this.#drawRest(card, card.attachments);
    const claims = (await Promise.all(this.#desk.powerUps().map((powerUp) => this.#ask(powerUp, card)))).flat();
    if (round !== this.#round) return;
    const claimed = new Set(claims.flatMap(({ section }) => section.claimed.map(({ id }) => id)));
    this.#drawSections(claims, card);
    this.#drawRest(
      card,
      card.attachments.filter(({ id }) => !claimed.has(id)),
    );
  }

  /** @param {Card} card */
  update(card) {
    if (JSON.stringify(card.attachments) !== this.#seen) this.open(card);
    for (const powerUp of this.#desk.powerUps()) powerUp.renderFrames(this.#sections);
  }

  close() {
    this.#round += 1;
    for (const key of this.#drawn.keys()) this.#drop(key);
    fill(this.#rest);
  }

  /** @param {PowerUp} powerUp @param {Card} card @returns {Promise<Claim[]>} */
  async #ask(powerUp, card) {
    if (!powerUp.can("attachment-sections") || card.attachments.length === 0) return [];
    const entries = card.attachments.map(({ id, url, name }) => ({ id, url, name }));
    const sections = await powerUp.ask("attachment-sections", { card: card.id }, { entries }).catch(() => []);
    const valid = /** @type {AttachmentSection[]} */ (Array.isArray(sections) ? sections : []).filter(
      ({ claimed, content }) => claimed?.length && content?.url,
    );
    return valid.map((section) => ({
      powerUp,
      section,
      key: section.id ?? JSON.stringify(section.claimed.map(({ id }) => id)),
    }));
  }

  /** Trello does not load a section anew while it stays the same. @param {Claim[]} claims @param {Card} card */
  #drawSections(claims, card) {
    const keys = new Set(claims.map(({ key }) => key));
    for (const key of this.#drawn.keys()) if (!keys.has(key)) this.#drop(key);
    for (const claim of claims) {
      if (!this.#drawn.has(claim.key)) this.#drawSection(claim);
      this.#nameSection(claim, card);
    }
  }

  /** @param {Claim} claim @param {Card} card */
  async #nameSection({ powerUp, section, key }, card) {
    const drawn = this.#drawn.get(key);
    if (!drawn) return;
    const { title } = section;
    const words =
      typeof title === "string" ? title : await powerUp.run(powerUp.bind(title), { card: card.id }).catch(() => "");
    fill(drawn.title, String(words || powerUp.info.name));
    drawn.frame.title = String(words || powerUp.info.name);
  }

  /** @param {Claim} claim */
  #drawSection({ powerUp, section, key }) {
    const title = h("span", {}, "…");
    const frame = powerUp.open(section.content.url, powerUp.info.name, {
      height: section.content.height ?? DEFAULT_HEIGHT,
    });
    const image = webAddress(section.icon);
    const element = h(
      "section",
      { class: "card-section powerup-section" },
      h(
        "h2",
        {},
        image ? h("img", { src: image, alt: "", width: 18, height: 18, class: "monochrome" }) : icon("clip"),
        title,
      ),
      frame,
    );
    this.#drawn.set(key, { powerUp, element, frame, title });
    this.#sections.append(element);
  }

  /** @param {string} key */
  #drop(key) {
    const drawn = this.#drawn.get(key);
    drawn?.powerUp.close(drawn.frame);
    drawn?.element.remove();
    this.#drawn.delete(key);
  }

  /** @param {Card} card @param {Attachment[]} rest */
  #drawRest(card, rest) {
    this.#own.hidden = rest.length === 0;
    fill(this.#rest, ...rest.map((attachment) => this.#row(card, attachment)));
  }

  /** @param {Card} card @param {Attachment} attachment */
  #row(card, attachment) {
    const named = attachment.name && attachment.name !== attachment.url;
    const canWrite = this.#desk.viewer().canWrite;
    const remove = h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": `Delete the attachment ${attachment.name || attachment.url}`,
        onclick: () =>
          this.#desk.act(() => backend.deleteAttachment(card.id, attachment.id), "The attachment was not deleted"),
      },
      "Delete",
    );
    const save = this.#saveButton(card, attachment);
    const link = this.#desk.links.link(attachment.url, named ? attachment.name : undefined);
    this.#showThumbnail(card, attachment, link);
    return h(
      "li",
      { class: "attachment", "data-attachment": attachment.id },
      h(
        "div",
        { class: "attachment-words" },
        link,
        h(
          "small",
          {},
          attachment.date ? `Added ${ago(attachment.date)}` : "",
          named ? ` · ${hostOf(attachment.url)}` : "",
        ),
      ),
      save,
      canWrite ? remove : null,
    );
  }

  /** Where nobody formats the address, a Power-Up may have a thumbnail for it. @param {Card} card @param {Attachment} attachment @param {HTMLElement} link */
  async #showThumbnail(card, { url, name }, link) {
    if (await this.#desk.links.format(url)) return;
    for (const powerUp of this.#desk.powerUps()) {
      if (!powerUp.can("attachment-thumbnail")) continue;
      const thumbnail = await powerUp.ask("attachment-thumbnail", { card: card.id }, { url, name }).catch(() => null);
      if (!thumbnail?.title) continue;
      const image = webAddress(thumbnail.image?.url);
      fill(
        link,
        image ? h("img", { src: image, alt: "", width: 32, height: 32 }) : null,
        h("span", { class: "smart-link-text" }, String(thumbnail.title)),
      );
      return;
    }
  }

  /** @param {Card} card @param {Attachment} attachment */
  #saveButton(card, attachment) {
    const powerUp = this.#desk.powerUps().find((one) => one.can("save-attachment"));
    if (!powerUp) return null;
    const save = async () => {
      const answer = await powerUp.ask("save-attachment", { card: card.id }, { ...attachment }).catch(() => null);
      if (answer?.callback)
        powerUp.run(powerUp.bind(answer.callback), { card: card.id, el: anchorId(button) }).catch(() => {});
    };
    const button = h("button", { type: "button", class: "quiet", onclick: save }, `Save to ${powerUp.info.name}`);
    return button;
  }
}

/** @param {string} url */
const hostOf = (url) => (URL.canParse(url) ? new URL(url).host : url);
