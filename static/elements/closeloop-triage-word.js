// @ts-check
import { emit, fill, h } from "../lib/dom.js";

const LONGEST = 60;

/**
 * A word that was selected, or clicked, in the thread can become a keyword of an area: the buttons stand beside it.
 * `watch(place, areas)`. Emits keyword {word, area} and keyword-search {word}.
 */
export class CloseloopTriageWord extends HTMLElement {
  #word = "";
  #ends = new AbortController();

  connectedCallback() {
    this.hidden = true;
    this.#ends = new AbortController();
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  /** @param {HTMLElement} place @param {() => {id: number, name: string}[]} areas those that the thread is probably about */
  watch(place, areas) {
    const { signal } = this.#ends;
    place.addEventListener(
      "click",
      (event) => {
        if (/** @type {HTMLElement} */ (event.target).closest("a, button")) return;
        if (!(/** @type {HTMLElement} */ (event.target).closest(".words, h2"))) return;
        const selected = document.getSelection();
        if (selected?.isCollapsed) selectWord(event);
        this.#offer(areas());
      },
      { signal },
    );
    document.addEventListener("selectionchange", () => document.getSelection()?.isCollapsed && this.close(), {
      signal,
    });
    place.addEventListener("scroll", () => this.close(), { signal, capture: true });
    this.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
  }

  close() {
    this.hidden = true;
  }

  /** @param {{id: number, name: string}[]} areas */
  #offer(areas) {
    const selected = document.getSelection();
    this.#word = selected?.toString().trim().replace(/\s+/g, " ") ?? "";
    if (!selected || !this.#word || this.#word.length > LONGEST || !/[\p{L}\p{N}]/u.test(this.#word)) {
      this.close();
      return;
    }
    fill(
      this,
      h("span", null, `Add “${this.#word}” to`),
      areas
        .slice(0, 2)
        .map((area) =>
          h("button", { type: "button", onclick: () => this.#done("keyword", { word: this.#word, area }) }, area.name),
        ),
      h(
        "button.subtle",
        { type: "button", onclick: () => this.#done("keyword-search", { word: this.#word }) },
        areas.length ? "Another area…" : "An area…",
      ),
    );
    this.hidden = false;
    const around = selected.getRangeAt(0).getBoundingClientRect();
    const { width, height } = this.getBoundingClientRect();
    const left = Math.max(8, Math.min(innerWidth - width - 8, around.left));
    const above = around.top - height - 6;
    this.style.left = `${left}px`;
    this.style.top = `${above > 8 ? above : around.bottom + 6}px`;
  }

  /** @param {string} name @param {unknown} detail */
  #done(name, detail) {
    this.close();
    document.getSelection()?.removeAllRanges();
    emit(this, name, detail);
  }
}

/** @param {MouseEvent} event */
function selectWord({ clientX, clientY }) {
  const selected = document.getSelection();
  const at = caretAt(clientX, clientY);
  if (!selected || !at || !(at.node instanceof Text)) return;
  const { data } = at.node;
  const isLetter = (/** @type {string | undefined} */ letter) => letter !== undefined && /[\p{L}\p{N}_-]/u.test(letter);
  let [from, to] = [at.offset, at.offset];
  while (isLetter(data[from - 1])) from -= 1;
  while (isLetter(data[to])) to += 1;
  if (to - from > 1) selected.setBaseAndExtent(at.node, from, at.node, to);
}

/** @param {number} x @param {number} y @returns {{node: Node, offset: number} | null} */
function caretAt(x, y) {
  const any = /** @type {any} */ (document);
  const position = any.caretPositionFromPoint?.(x, y);
  if (position) return { node: position.offsetNode, offset: position.offset };
  const range = any.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

customElements.define("closeloop-triage-word", CloseloopTriageWord);
