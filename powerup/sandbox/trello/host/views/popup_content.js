// @ts-check
/** What a Power-Up's popup can hold: a page, a list (perhaps searched), a question, a date. */

import { anchorId, fill, h, webAddress } from "../dom.js";

/** @import {CallbackRef, Context, ListItem, PopupRequest} from '../types' */
/** @import {PowerUp} from '../protocol/powerup.js' */
/** @import {PopupView, Popups} from './popups.js' */

/** @typedef {{powerUp: PowerUp, request: PopupRequest, frame: HTMLIFrameElement, popups: Popups}} Asked */

const SEARCH_PAUSE_MS = 300;

/** @param {Asked} asked @returns {PopupView} */
export function popupView(asked) {
  const { type } = asked.request.content;
  const title = asked.request.title ?? asked.powerUp.info.name;
  if (type === "iframe") return framed(asked, title);
  if (type === "list") return { title, body: listed(asked) };
  if (type === "confirm") return { title, body: question(asked) };
  return { title, body: dated(asked) };
}

/** Runs a function of the Power-Up as if this element had been clicked. @param {Asked} asked @param {CallbackRef | undefined} ref @param {Element} element @param {unknown} [options] */
function run({ powerUp, request, frame }, ref, element, options) {
  if (!ref) return;
  powerUp
    .run(powerUp.bind(ref, frame), { ...placeOf(request.context), el: anchorId(element) }, options)
    .catch(() => {}); // shown in the log
}

/** @param {Context} context @returns {Partial<Context>} */
export const placeOf = ({ card, list }) => ({ ...(card ? { card } : {}), ...(list ? { list } : {}) });

/** @param {Asked} asked @param {string} title @returns {PopupView} */
function framed(asked, title) {
  const { powerUp, request, popups } = asked;
  const page = powerUp.open(request.content.url ?? "", title, {
    height: Math.min(request.content.height ?? 200, innerHeight - 120),
    said: (message) => {
      if (message !== "done") return;
      run(asked, request.callback, page);
      popups.close();
    },
  });
  return { title, body: h("div", { class: "popup-frame" }, page), frame: page, onClose: () => powerUp.close(page) };
}

/** @param {Asked} asked */
function listed(asked) {
  const { request, popups } = asked;
  const { search, items } = request.content;
  const results = h("ul", { class: "popup-list" });
  const note = h("p", { class: "popup-note", role: "status" });
  const show = (/** @type {ListItem[]} */ found) => {
    fill(results, ...found.map((item) => h("li", {}, itemElement(asked, item))));
    note.textContent = found.length ? "" : (search?.empty ?? "Nothing found");
    popups.place();
  };
  const find = async (/** @type {string} */ words) => {
    if (Array.isArray(items)) {
      const matching = words
        ? items.filter((item) => item.alwaysVisible || String(item.text).toLowerCase().includes(words.toLowerCase()))
        : items;
      show(search?.count ? matching.slice(0, search.count) : matching);
      return;
    }
    if (!items) return;
    note.textContent = search?.searching ?? "Searching…";
    const { powerUp, frame } = asked;
    const found = await powerUp
      .run(powerUp.bind(items, frame), placeOf(request.context), { search: words })
      .catch(() => []);
    if (!input || input.value === words) show(Array.isArray(found) ? found : []);
  };
  const input = search ? searchBox(search, find) : null;
  find("");
  return h("div", { class: "popup-body" }, input, note, results);
}

/** @param {NonNullable<PopupRequest['content']['search']>} search @param {(words: string) => void} find */
function searchBox(search, find) {
  let timer = 0;
  const pause = Math.max(SEARCH_PAUSE_MS, search.debounce ?? 0);
  const input = h("input", {
    type: "search",
    placeholder: search.placeholder ?? "Search",
    "aria-label": search.placeholder ?? "Search",
    oninput: () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => find(input.value), pause);
    },
  });
  return input;
}

/** @param {Asked} asked @param {ListItem} item */
function itemElement(asked, item) {
  const text = h("span");
  if (typeof item.text === "string") text.textContent = item.text;
  else
    asked.powerUp.run(asked.powerUp.bind(item.text, asked.frame), placeOf(asked.request.context)).then(
      (words) => fill(text, String(words)),
      () => {},
    );
  const address = webAddress(item.url);
  if (address && !item.callback)
    return h("a", { class: "menu-item", href: address, target: "_blank", rel: "noopener noreferrer" }, text);
  const button = h(
    "button",
    { type: "button", class: "menu-item", disabled: !item.callback, onclick: () => run(asked, item.callback, button) },
    text,
  );
  return button;
}

/** @param {Asked} asked */
function question(asked) {
  const { content } = asked.request;
  const yes = h(
    "button",
    {
      type: "button",
      class: content.confirmStyle === "danger" ? "danger" : "primary",
      onclick: () => run(asked, content.onConfirm, yes),
    },
    content.confirmText ?? "OK",
  );
  const no = content.cancelText
    ? h(
        "button",
        { type: "button", onclick: () => (content.onCancel ? run(asked, content.onCancel, yes) : asked.popups.pop()) },
        content.cancelText,
      )
    : null;
  return h("div", { class: "popup-body" }, h("p", {}, content.message ?? ""), h("div", { class: "buttons" }, yes, no));
}

/** @param {Asked} asked */
function dated(asked) {
  const { content } = asked.request;
  const timed = content.type === "datetime";
  const written = (/** @type {string | undefined} */ date) =>
    date ? new Date(date).toISOString().slice(0, timed ? 16 : 10) : "";
  const input = h("input", {
    type: timed ? "datetime-local" : "date",
    value: written(content.date),
    min: written(content.minDate),
    max: written(content.maxDate),
    required: true,
    "aria-label": asked.request.title ?? "Date",
  });
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    run(asked, content.callback, input, { date: new Date(input.value).toISOString() });
  };
  return h(
    "form",
    { class: "popup-body", onsubmit: send },
    input,
    h("div", { class: "buttons" }, h("button", { class: "primary" }, "Save")),
  );
}
