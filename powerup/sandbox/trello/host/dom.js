// @ts-check
/** Small helps for making elements and keeping the keyboard where it belongs. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with properties, `on…` listeners, `data-…`/`aria-…` attributes, and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [props] @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for" || name === "list")
      element.setAttribute(name, String(value));
    else if (name === "class") element.className = value;
    else Object.assign(element, { [name]: value });
  }
  fill(element, ...children);
  return element;
}

/** Replaces what is inside. @param {Element} element @param {...(Child | Child[])} children */
export function fill(element, ...children) {
  const given = children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "");
  element.replaceChildren(.../** @type {(Node | string)[]} */ (given));
}

/** An icon of the host's own, drawn with the colour of the text. @param {string} name */
export function icon(name) {
  const element = h("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
  return element;
}

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), iframe, [tabindex]:not([tabindex="-1"])';

/** Keeps Tab inside a dialog and gives the focus back when it closes. @param {HTMLElement} dialog @returns {() => void} */
export function trapFocus(dialog) {
  const before = document.activeElement;
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Tab" || !dialog.contains(document.activeElement)) return;
    const stops = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll(FOCUSABLE)]).filter(
      (stop) => stop.offsetParent !== null,
    );
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement !== edge && document.activeElement !== dialog) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  };
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("keydown", onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
}

/** Opaque names for clicked elements (`context.el`), by which a popup finds where it belongs. */
const anchors = /** @type {Map<string, WeakRef<Element>>} */ (new Map());
let anchorCount = 0;

/** @param {Element} element */
export function anchorId(element) {
  anchorCount += 1;
  const id = `el-${anchorCount}`;
  anchors.set(id, new WeakRef(element));
  return id;
}

/** @param {string | undefined} id */
export const anchorElement = (id) => (id ? anchors.get(id)?.deref() : undefined);

/** @param {string} date */
export function ago(date) {
  const minutes = Math.round((Date.now() - Date.parse(date)) / 60_000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (minutes < 1) return "just now";
  if (minutes < 60) return words.format(-minutes, "minute");
  if (minutes < 60 * 24) return words.format(-Math.round(minutes / 60), "hour");
  return words.format(-Math.round(minutes / 60 / 24), "day");
}

/** Only web addresses become links. @param {string | undefined} url */
export function webAddress(url) {
  if (!url || !URL.canParse(url, location.href)) return null;
  const address = new URL(url, location.href);
  return ["http:", "https:"].includes(address.protocol) ? address.href : null;
}
