// @ts-check
/** The host's own menus, shown in the same popups as those of a Power-Up. */

import { h, webAddress } from "../dom.js";

/** @import {Button} from '../types' */
/** @import {Popups} from './popups.js' */

/** @typedef {{text: string, act: (element: HTMLElement) => void, note?: string, danger?: boolean}} MenuItem */

/** @param {Popups} popups @param {HTMLElement} anchor @param {string} title @param {MenuItem[]} items @param {string} [empty] @returns {HTMLElement} what is in the popup while it is open */
export function openMenu(popups, anchor, title, items, empty = "Nothing here") {
  const rows = items.map(({ text, act, note, danger }) => {
    const button = h(
      "button",
      { type: "button", class: `menu-item${danger ? " menu-danger" : ""}`, onclick: () => act(button) },
      text,
      note ? h("small", {}, note) : null,
    );
    return h("li", {}, button);
  });
  const body = h(
    "div",
    { class: "popup-body" },
    rows.length ? h("ul", { class: "popup-list" }, ...rows) : h("p", { class: "popup-note", role: "status" }, empty),
  );
  popups.open(anchor, { title, body }, { onTop: popups.holds(anchor) });
  return body;
}

/**
 * A button or link of a Power-Up (`callback`, or `url` with `target`).
 * @param {{text: string, callback?: unknown, url?: string, target?: string}} what
 * @param {{class: string, run: (element: HTMLElement) => void}} how
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function pressable(what, how, ...children) {
  const address = webAddress(what.url);
  const inside = children.length ? children : [what.text];
  if (what.callback) {
    const button = h("button", { type: "button", class: how.class, onclick: () => how.run(button) }, ...inside);
    return button;
  }
  if (address)
    return h(
      "a",
      { class: how.class, href: address, target: what.target ?? "_blank", rel: "noopener noreferrer" },
      ...inside,
    );
  return h("span", { class: how.class }, ...inside);
}

/** @typedef {{signedIn: boolean, canWrite: boolean, admin: boolean}} Viewer */

/** Whether a button is for this viewer: Trello's `condition`, which is `edit` unless said. @param {Pick<Button, 'condition'>} button @param {Viewer} viewer */
export function isFor({ condition = "edit" }, { signedIn, canWrite, admin }) {
  const rules = /** @type {Record<string, boolean>} */ ({
    always: true,
    admin,
    edit: canWrite,
    readOnly: !canWrite,
    signedIn,
    signedOut: !signedIn,
  });
  return rules[condition] ?? false;
}
