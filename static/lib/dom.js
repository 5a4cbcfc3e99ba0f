// @ts-check
/** Building elements without HTML strings: text is always text. */

/** What may stand inside an element; lists are taken apart, nothing is left out. @typedef {Node | string | number | false | null | undefined | Child[]} Child */
/**
 * @template {string} S
 * @typedef {S extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[S]
 *   : S extends `${infer N extends keyof HTMLElementTagNameMap}.${string}` ? HTMLElementTagNameMap[N] : HTMLElement} Made
 */

/**
 * `h('button.primary', {type: 'button', onclick: send, 'aria-label': 'Send'}, 'Send')`.
 * `on…` functions become listeners; `true` an empty attribute; null, undefined and false leave it out.
 * @template {string} S
 * @param {S} tag @param {Record<string, any> | null} [props] @param {...Child} children
 * @returns {Made<S>}
 */
export function h(tag, props, ...children) {
  const [name = "div", ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
  element.append(...nodes(children));
  return /** @type {Made<S>} */ (element);
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    if (Array.isArray(child)) return nodes(child);
    return child instanceof Node ? child : String(child);
  });
}

/** @param {HTMLElement} element @param {string} key @param {any} value */
function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on") && typeof value === "function") element.addEventListener(key.slice(2), value);
  else if (key === "value" || key === "checked") Object.assign(element, { [key]: value });
  else element.setAttribute(key, value === true ? "" : String(value));
}

/** Replace what is inside. @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/** A monochrome icon (css/icons.css), drawn in the text's colour. Decoration: screen readers skip it. @param {string} name */
export function icon(name) {
  return h("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
}

/** A link that opens outside Trello's frame and says nothing about where it came from. @param {string} url @param {...Child} children */
export function outside(url, ...children) {
  const safe = /^https?:\/\//i.test(url) ? url : "about:blank";
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/**
 * Keep `parent`'s children equal to `items`, by key: what is there stays (with its focus and its scroll), only `update` is called.
 * @template T
 * @param {Element} parent @param {T[]} items @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make @param {(element: any, item: T) => void} [update]
 */
export function keyed(parent, items, key, make, update) {
  const old = new Map(Array.from(parent.children, (child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  /** @type {Element | null} */
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = old.get(name);
    if (child) old.delete(name);
    else {
      child = make(item);
      /** @type {HTMLElement} */ (child).dataset.key = name;
    }
    update?.(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const child of old.values()) child.remove();
}

/** Tell whoever holds this element. Events go up, attributes and properties down. @param {EventTarget} from @param {string} name @param {unknown} [detail] */
export function emit(from, name, detail) {
  from.dispatchEvent(new CustomEvent(`closeloop-${name}`, { bubbles: true, detail }));
}

let counter = 0;
/** An id for `for` and `aria-labelledby`. @param {string} prefix */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
