// @ts-check
/**
 * The one place where a forum's HTML enters a page. The server has sanitised it; here it is built again from a short list of
 * elements, in a document that loads nothing, so that a mistake there is no hole here. Images stay away until somebody asks.
 */
import { h } from "./dom.js";

const PLAIN = new Set(
  "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul".split(
    " ",
  ),
);
/** Dropped with everything inside. */
const DROPPED = new Set(
  "script style template iframe object embed svg math form input button select textarea noscript link meta base title video audio source".split(
    " ",
  ),
);
const KEPT_ATTRIBUTES = ["dir", "lang", "title", "colspan", "rowspan", "start"];

/** @typedef {(src: string, alt: string) => Node | null} Pictures what to show for an image's address; null: it is held back */

/** @param {string} html sanitised by the server @param {Pictures} [pictures] @returns {DocumentFragment} */
export function fragment(html, pictures = () => null) {
  const inert = new DOMParser().parseFromString(html, "text/html");
  const result = document.createDocumentFragment();
  result.append(...copies(inert.body, pictures));
  return result;
}

/** The words only. @param {string} html */
export function plainText(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}

/** @param {Element} element @param {Pictures} pictures @returns {Node[]} */
function copies(element, pictures) {
  return Array.from(element.childNodes).flatMap((node) => {
    if (node instanceof Text) return [document.createTextNode(node.data)];
    return node instanceof Element ? copy(node, pictures) : [];
  });
}

/** @param {Element} element @param {Pictures} pictures @returns {Node[]} */
function copy(element, pictures) {
  const name = element.localName;
  if (DROPPED.has(name)) return [];
  if (name === "img") return [image(element.getAttribute("src"), element.getAttribute("alt"), pictures)];
  if (element.classList.contains("held-image"))
    return [image(element.getAttribute("data-src"), element.getAttribute("data-alt"), pictures)];
  if (!PLAIN.has(name)) return copies(element, pictures);
  // A picture that links to its larger self: the button stands alone, a button inside a link helps nobody.
  if (name === "a" && element.querySelector("img, .held-image")) return copies(element, pictures);
  const made = document.createElement(name);
  for (const key of KEPT_ATTRIBUTES) {
    const value = element.getAttribute(key);
    if (value !== null) made.setAttribute(key, value);
  }
  if (name === "a") address(made, element.getAttribute("href"));
  made.append(...copies(element, pictures));
  return [name === "table" || name === "pre" ? scroller(made) : made];
}

/** @param {HTMLElement} link @param {string | null} href */
function address(link, href) {
  if (!href || !/^(https?:|mailto:)/i.test(href.trim())) return;
  link.setAttribute("href", href.trim());
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer nofollow");
}

/** Wide things scroll inside, by keyboard too. @param {HTMLElement} wide */
function scroller(wide) {
  return h(
    "div.wide",
    { tabindex: "0", role: "group", "aria-label": wide.localName === "pre" ? "Code" : "Table" },
    wide,
  );
}

/** @param {string | null} src @param {string | null} alt @param {Pictures} pictures */
function image(src, alt, pictures) {
  return (src && pictures(src, alt?.trim() ?? "")) || heldImage(src, alt);
}

/** A button that becomes the image: loading one tells its host who reads this. @param {string | null} src @param {string | null} alt */
function heldImage(src, alt) {
  const host = hostOf(src);
  if (!src || !host) return document.createTextNode(alt ? `[${alt}]` : "");
  const words = alt?.trim() || "Image";
  const button = h(
    "button.held-image",
    { type: "button", title: `Loads from ${host}`, onclick: () => button.replaceWith(loadedImage(src, words, host)) },
    h("span.held-image-words", null, `Show image: ${words}`),
    h("span.held-image-host", null, host),
  );
  return button;
}

/** The host of a web address; empty for anything else: what one browser reads as an address another language may not. @param {string | null} src */
function hostOf(src) {
  if (!src || !/^https?:\/\//i.test(src)) return "";
  try {
    return new URL(src).host;
  } catch {
    return "";
  }
}

/** @param {string} src @param {string} alt @param {string} host */
function loadedImage(src, alt, host) {
  const image = document.createElement("img");
  image.referrerPolicy = "no-referrer";
  image.alt = alt;
  image.className = "shown-image";
  image.addEventListener("error", () =>
    image.replaceWith(h("span.image-gone", null, `The image “${alt}” could not be loaded from ${host}.`)),
  );
  image.src = src;
  return image;
}
