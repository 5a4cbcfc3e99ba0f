// @ts-check
/** The little Markdown that cards and comments use, as elements: never as HTML text. */

import { h, webAddress } from "./dom.js";

/** @typedef {(url: string) => HTMLElement} LinkMaker */

/** Code, strong, emphasis with stars and with underscores (never inside a word), a link, a bare address. */
const INLINE =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\n]+)\*|(?<![\p{L}\p{N}_])_(?=[^\s_])([^\n]*?[^\s_])_(?![\p{L}\p{N}_])|\[([^\]]*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)|<?(https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?'"*_])>?/gu;

/** @param {string} text @param {LinkMaker} link @returns {DocumentFragment} */
export function markdown(text, link) {
  const page = document.createDocumentFragment();
  for (const block of text.replaceAll("\r", "").split(/\n{2,}/)) if (block.trim()) page.append(...blockOf(block, link));
  return page;
}

/** @param {string} block @param {LinkMaker} link @returns {Node[]} */
function blockOf(block, link) {
  const lines = block.split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(lines[0]);
  if (heading)
    return [
      h("h4", {}, ...inline(heading[2], link)),
      ...(lines.length > 1 ? blockOf(lines.slice(1).join("\n"), link) : []),
    ];
  if (/^(-{3,}|\*{3,})$/.test(block.trim())) return [h("hr")];
  if (lines.every((line) => line.startsWith(">"))) {
    return [h("blockquote", {}, ...blockOf(lines.map((line) => line.replace(/^>\s?/, "")).join("\n"), link))];
  }
  if (lines.every((line) => /^\s*([-*]|\d+\.)\s/.test(line))) {
    const items = lines.map((line) => h("li", {}, ...inline(line.replace(/^\s*([-*]|\d+\.)\s+/, ""), link)));
    return [h(/^\s*\d/.test(block) ? "ol" : "ul", {}, ...items)];
  }
  return [
    h("p", {}, ...lines.flatMap((line, index) => (index ? [h("br"), ...inline(line, link)] : inline(line, link)))),
  ];
}

/** @param {string} text @param {LinkMaker} link @returns {(Node | string)[]} */
function inline(text, link) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(text.slice(end, found.index));
    parts.push(inlinePart(found, link));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

/** @param {RegExpMatchArray} found @param {LinkMaker} link */
function inlinePart([whole, code, strong, starred, underscored, label, target, url], link) {
  const emphasis = starred ?? underscored;
  if (code) return h("code", {}, code);
  if (strong) return h("strong", {}, ...inline(strong, link));
  if (emphasis) return h("em", {}, ...inline(emphasis, link));
  if (url) return link(url);
  const address = webAddress(target);
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label || target) : whole;
}
