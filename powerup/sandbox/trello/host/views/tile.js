// @ts-check
/** A card as it lies on the board. */

import { h, icon, webAddress } from "../dom.js";

/** @import {Badge, Board, Card, Label, Person} from '../types' */
/** @import {Badges} from '../badges.js' */

const COLOURS = ["blue", "green", "orange", "red", "yellow", "purple", "pink", "sky", "lime", "light-gray", "black"];

/** A class for a colour word; `green_dark` and `green_light` are green. @param {string | null | undefined} color */
export const colourClass = (color) => {
  const word = String(color ?? "").replace(/_(dark|light)$/, "");
  return COLOURS.includes(word) ? `colour-${word}` : "colour-none";
};

/** @param {Label} label */
export const labelChip = (label) =>
  h(
    "span",
    { class: `label ${colourClass(label.color)}`, title: `Label: ${label.name || label.color}` },
    label.name || label.color || "label",
  );

/** @param {Person} person */
export const memberChip = (person) =>
  h("span", { class: "member", title: person.fullName, "aria-label": person.fullName, role: "img" }, person.initials);

/** @param {Badge} badge */
export function badgeIcon(badge) {
  const address = webAddress(badge.icon);
  return address
    ? h("img", { src: address, alt: "", width: 14, height: 14, class: badge.monochrome === false ? "" : "monochrome" })
    : null;
}

/** @param {Card} card @param {Board} board @param {Badges} badges */
export function tileContent(card, board, badges) {
  const members = board.members.filter(({ id }) => card.idMembers.includes(id));
  const shown = badges.of(card.id).map(({ badge, powerUp }) =>
    h(
      "li",
      {
        class: `badge ${badge.color ? `coloured ${colourClass(badge.color)}` : ""}`,
        title: powerUp.info.name,
        "data-color": badge.color ?? undefined,
      },
      badgeIcon(badge),
      badge.text,
    ),
  );
  const facts = [
    card.desc
      ? h(
          "li",
          { class: "badge", title: "This card has a description" },
          icon("text"),
          h("span", { class: "hidden-words" }, "Has a description"),
        )
      : null,
    Number(card.badges?.comments)
      ? h("li", { class: "badge", title: "Comments" }, icon("comment"), String(card.badges?.comments))
      : null,
    card.attachments.length
      ? h("li", { class: "badge", title: "Attachments" }, icon("clip"), String(card.attachments.length))
      : null,
  ].filter((fact) => fact !== null);
  return [
    card.labels.length ? h("div", { class: "labels" }, ...card.labels.map(labelChip)) : null,
    h("a", { class: "tile-name", href: `/c/${card.shortLink}`, draggable: false }, card.name),
    h(
      "div",
      { class: "tile-foot" },
      h("ul", { class: "badges", "aria-label": "Badges" }, ...facts, ...shown),
      members.length ? h("div", { class: "members" }, ...members.map(memberChip)) : null,
    ),
  ];
}
