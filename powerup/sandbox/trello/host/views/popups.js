// @ts-check
/** Small windows that belong to a place on the page; one on top of another makes a stack with a way back. */

import { fill, h, icon } from "../dom.js";

/** @typedef {{title: string, body: HTMLElement, frame?: HTMLIFrameElement, onClose?: () => void}} PopupView */
/** @typedef {Element | {x: number, y: number}} Anchor */

const GAP = 6;

export class Popups {
  /** @type {PopupView[]} */ #stack = [];
  /** @type {Anchor | null} */ #anchor = null;
  #title = h("h2", { class: "popup-title", id: "popup-title" });
  #back = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => this.pop() },
    icon("back"),
  );
  #views = h("div", { class: "popup-views" });
  #window = h(
    "div",
    { class: "popup", role: "dialog", "aria-labelledby": "popup-title", tabIndex: -1, hidden: true },
    h(
      "div",
      { class: "popup-header" },
      this.#back,
      this.#title,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close popup", onclick: () => this.close() },
        icon("close"),
      ),
    ),
    this.#views,
  );

  constructor() {
    document.addEventListener("mousedown", (event) => {
      const target = /** @type {Node} */ (event.target);
      const onAnchor = this.#anchor instanceof Element && this.#anchor.contains(target);
      if (this.isOpen && !this.#window.contains(target) && !onAnchor) this.close({ refocus: false });
    });
    window.addEventListener("resize", () => this.place());
  }

  get element() {
    return this.#window;
  }

  get isOpen() {
    return this.#stack.length > 0;
  }

  /** @param {Element | undefined} element */
  holds(element) {
    return Boolean(element) && this.#window.contains(element ?? null);
  }

  /** @param {HTMLIFrameElement} frame */
  viewOf(frame) {
    return this.#stack.find((view) => view.frame === frame);
  }

  /** A new popup replaces what is open, unless it was asked for from within. @param {Anchor} anchor @param {PopupView} view @param {{onTop: boolean}} how */
  open(anchor, view, { onTop }) {
    if (!onTop) {
      this.close({ refocus: false });
      this.#anchor = anchor;
    }
    this.#stack.push(view);
    this.#views.append(view.body);
    this.#show();
    focusInside(view, this.#window);
  }

  pop() {
    this.#drop();
    if (this.isOpen) this.#show();
    else this.close();
  }

  /** @param {{refocus?: boolean}} [how] */
  close({ refocus = true } = {}) {
    while (this.isOpen) this.#drop();
    this.#window.hidden = true;
    const anchor = this.#anchor;
    this.#anchor = null;
    if (refocus && anchor instanceof HTMLElement && anchor.isConnected) anchor.focus();
  }

  #drop() {
    const view = this.#stack.pop();
    if (!view) return;
    view.body.remove();
    view.onClose?.();
  }

  #show() {
    const top = this.#stack.at(-1);
    for (const view of this.#stack) view.body.hidden = view !== top;
    fill(this.#title, top?.title ?? "");
    this.#back.hidden = this.#stack.length < 2;
    this.#window.hidden = false;
    this.place();
  }

  /** Below its anchor where there is room, else wherever it fits. */
  place() {
    if (!this.isOpen || !this.#anchor) return;
    const { width, height } = this.#window.getBoundingClientRect();
    const at =
      this.#anchor instanceof Element
        ? this.#anchor.getBoundingClientRect()
        : new DOMRect(this.#anchor.x, this.#anchor.y, 0, 0);
    const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP));
    const below = at.bottom + GAP;
    const top =
      below + height <= innerHeight - GAP
        ? below
        : Math.max(GAP, Math.min(at.top - GAP - height, innerHeight - height - GAP));
    const final = top + height > at.top && top < at.bottom ? Math.max(GAP, innerHeight - height - GAP) : top;
    Object.assign(this.#window.style, { left: `${left}px`, top: `${final}px` });
  }
}

/** @param {PopupView} view @param {HTMLElement} popup */
function focusInside(view, popup) {
  const first =
    view.frame ?? /** @type {HTMLElement | null} */ (view.body.querySelector("input, button, select, a[href]"));
  (first ?? popup).focus({ preventScroll: true });
}
