// @ts-check
/** The bar at the top: which board, who looks, light or dark, and the way to the other sandboxes. */

import { fill, h, icon } from "../dom.js";

/** @import {State} from '../types' */

/**
 * @param {State} state
 * @param {{theme: 'light' | 'dark', chooseBoard: (shortLink: string) => void, choosePerson: (key: string | null) => void, toggleTheme: () => void}} acts
 */
export function topbar(state, acts) {
  const boards = h(
    "select",
    { "aria-label": "Board", onchange: () => acts.chooseBoard(boards.value) },
    ...state.boards.map((board) => option(board.shortLink, board.name, board.id === state.board?.id)),
  );
  if (!state.board) boards.prepend(option("", "Choose a board", true));
  const people = h(
    "select",
    { "aria-label": "Who looks", onchange: () => acts.choosePerson(people.value || null) },
    ...state.people.map((person) =>
      option(
        person.key,
        person.blurb ? `${person.fullName}: ${person.blurb}` : person.fullName,
        person.id === state.member?.id,
      ),
    ),
    option("", "Signed out", !state.member),
  );
  const theme = h(
    "button",
    { type: "button", class: "bar-button", onclick: acts.toggleTheme },
    ...themeWords(acts.theme),
  );
  const element = h(
    "header",
    { class: "topbar" },
    h("a", { class: "brand", href: "/" }, icon("brand"), "Sandbox board"),
    h("label", { class: "bar-field" }, h("span", {}, "Board"), boards),
    h(
      "nav",
      { class: "bar-links", "aria-label": "Other sandboxes" },
      ...state.links.map(({ label, url }) =>
        h("a", { class: "bar-button", href: url, target: "_blank", rel: "noopener" }, label, icon("out")),
      ),
    ),
    h(
      "label",
      { class: "bar-field" },
      h("span", {}, "You are"),
      h("span", { class: "member", "aria-hidden": "true" }, state.member?.initials ?? "–"),
      people,
    ),
    theme,
  );
  return {
    element,
    /** @param {'light' | 'dark'} now */
    showTheme: (now) => fill(theme, ...themeWords(now)),
  };
}

/** @param {'light' | 'dark'} theme */
const themeWords = (theme) => (theme === "light" ? [icon("moon"), "Dark"] : [icon("sun"), "Light"]);

/** @param {string} value @param {string} text @param {boolean} selected */
const option = (value, text, selected) => h("option", { value, selected }, text);
