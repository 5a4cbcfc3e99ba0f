// @ts-check
/** SVG elements, as lib/dom.js makes those of HTML. */

const SPACE = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number> | null} attributes @param {...(Node | string | null)} children @returns {SVGElement} */
export function s(name, attributes, ...children) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, String(value));
  element.append(...children.filter((child) => child !== null));
  return element;
}
