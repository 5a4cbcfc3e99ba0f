// @ts-check
import { full, moment, relative, short } from "../lib/time.js";

const SAYINGS = /** @type {Record<string, (iso: string) => string>} */ ({ short, moment });

/** Every shown time, told once half a minute to say itself again. @type {Set<CloseloopTime>} */
const shown = new Set();
setInterval(() => {
  for (const time of shown) time.draw();
}, 30_000);

/** `<closeloop-time datetime="2026-11-23T08:30:00Z" mode="short">`: how long ago, or (mode `moment`) when; kept true, with the full date as its title. */
export class CloseloopTime extends HTMLElement {
  static observedAttributes = ["datetime", "mode"];

  connectedCallback() {
    shown.add(this);
    this.draw();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.draw();
  }

  draw() {
    const iso = this.getAttribute("datetime") ?? "";
    if (Number.isNaN(Date.parse(iso))) return;
    const time = this.querySelector("time") ?? this.appendChild(document.createElement("time"));
    const words = (SAYINGS[this.getAttribute("mode") ?? ""] ?? relative)(iso);
    if (time.textContent !== words) time.textContent = words;
    time.dateTime = iso;
    time.title = full(iso);
  }
}

customElements.define("closeloop-time", CloseloopTime);
