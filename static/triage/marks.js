// @ts-check
/** Marks in a text the words that speak for a suggestion. */
import { h } from "../lib/dom.js";

const SOURCES = /** @type {Record<string, string>} */ ({
  keyword: "A keyword of the area",
  learnt: "Learnt from earlier threads",
  author: "This customer’s earlier threads",
});

/** The words to look for, longest first, each once. @param {Triage.Reason[]} reasons */
export function wordsOf(reasons) {
  /** @type {Map<string, Triage.Reason>} */
  const found = new Map();
  for (const reason of reasons) {
    const key = reason.text.trim().toLowerCase();
    if (key && reason.source !== "author" && !found.has(key)) found.set(key, reason);
  }
  return found;
}

/** @param {Iterable<string>} words @returns {RegExp | null} */
function pattern(words) {
  const parts = [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"));
  // A word ends where letters and digits end, in any script; "agents" is found by "agent" too.
  return parts.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?=s?(?![\\p{L}\\p{N}]))`, "giu") : null;
}

/** Wrap what speaks for the suggestion in `<mark>`, in every text below `root`. @param {Node} root @param {Triage.Reason[]} reasons */
export function mark(root, reasons) {
  const words = wordsOf(reasons);
  const wanted = pattern(words.keys());
  if (!wanted) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const pieces = split(text.data, wanted, words);
    if (pieces.length > 1 || pieces[0] instanceof Node) text.replaceWith(...pieces);
  }
}

/** A text as an element's children, marked. @param {string} text @param {Triage.Reason[]} reasons @returns {(Node | string)[]} */
export function marked(text, reasons) {
  const words = wordsOf(reasons);
  const wanted = pattern(words.keys());
  return wanted ? split(text, wanted, words) : [text];
}

/** @param {string} text @param {RegExp} wanted @param {Map<string, Triage.Reason>} words @returns {(Node | string)[]} */
function split(text, wanted, words) {
  /** @type {(Node | string)[]} */
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(wanted)) {
    const reason = words.get(match[0].toLowerCase().replace(/\s+/g, " "));
    if (match.index > from) pieces.push(text.slice(from, match.index));
    const source = reason?.source ?? "keyword";
    pieces.push(h("mark", { class: `speaks ${source}`, title: SOURCES[source] ?? null }, match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) pieces.push(text.slice(from));
  return pieces;
}
