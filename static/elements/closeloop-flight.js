// @ts-check
import { fill, h } from "../lib/dom.js";
import { s } from "../lib/svg.js";

const [LEFT, TOP, HEIGHT, BETWEEN, FOOT] = [4, 24, 92, 18, 26];
const [LEAST_SLOTS, NARROWEST] = [10, 260];
/** What a date and a value with its unit take. */
const [DATE_WIDTH, VALUE_WIDTH] = [46, 32];

/** @typedef {{name: string, look: string, value: (day: Pages.RecorderDay) => number | null, words: (value: number, isNarrow: boolean) => string, least: number}} Row */

/** @type {Row[]} */
const ROWS = [
  {
    name: "Seconds per decision (median)",
    look: "speed",
    value: (day) => day.seconds_per_decision,
    words: (value) => value.toFixed(value < 10 ? 1 : 0),
    least: 10,
  },
  {
    name: "Sent to the wrong team, % of those assigned",
    look: "wrong",
    value: (day) => day.misroute_rate,
    words: (value, isNarrow) => `${Math.round(value * 100)}${isNarrow ? "" : " %"}`,
    least: 0.1,
  },
];

/** The last days as two rows of bars, one above the other: how fast, and how often wrong. The newest is on the right. Set `days`. */
export class CloseloopFlight extends HTMLElement {
  /** @type {Pages.RecorderDay[]} */ #days = [];
  #place = h("div");
  #observer = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    if (!this.firstChild)
      this.append(
        this.#place,
        h("p.quiet", null, "Hatched: less than 48 hours old, more of its threads may still come back."),
      );
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  /** @param {Pages.RecorderDay[]} days the newest first */
  set days(days) {
    this.#days = days.toReversed();
    this.#draw();
  }

  #draw() {
    const width = Math.max(NARROWEST, this.clientWidth);
    const height = ROWS.length * (TOP + HEIGHT) + BETWEEN + FOOT;
    const slot = (width - 2 * LEFT) / Math.max(this.#days.length, LEAST_SLOTS);
    const each = Math.ceil(DATE_WIDTH / slot);
    const dates = this.#days.flatMap((day, at) =>
      (this.#days.length - 1 - at) % each
        ? []
        : [s("text", { x: middle(at, slot), y: height - 8, "text-anchor": "middle" }, dayOf(day.date))],
    );
    fill(
      this.#place,
      s(
        "svg",
        { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
        hatching(),
        ...ROWS.flatMap((row, at) => band(row, this.#days, { top: TOP + at * (TOP + HEIGHT + BETWEEN), slot, width })),
        ...dates,
      ),
    );
  }
}

/** @param {Row} row @param {Pages.RecorderDay[]} days @param {{top: number, slot: number, width: number}} place */
function band(row, days, { top, slot, width }) {
  const most = Math.max(row.least, ...days.map((day) => row.value(day) ?? 0));
  const bottom = top + HEIGHT;
  const bar = Math.min(26, slot * 0.7);
  const bars = days.flatMap((day, at) => {
    const value = row.value(day);
    if (value === null) return [];
    const height = Math.max(2, ((HEIGHT - 22) * value) / most);
    const x = middle(at, slot);
    const shape = { x: x - bar / 2, y: bottom - height, width: bar, height, rx: 3 };
    const isOpen = row.look === "wrong" && !day.settled;
    const words = row.words(value, slot < VALUE_WIDTH);
    return [
      s("rect", isOpen ? { ...shape, class: "unsettled", fill: "url(#hatching)" } : { ...shape, class: row.look }),
      s("text", { class: "chart-value", x, y: bottom - height - 5, "text-anchor": "middle" }, words),
    ];
  });
  return [
    s("text", { class: "chart-name", x: LEFT, y: top - 8 }, row.name),
    s("line", { x1: LEFT, x2: width - LEFT, y1: bottom, y2: bottom }),
    ...bars,
  ];
}

function hatching() {
  const line = s("line", { class: "hatch", x1: 0, y1: 0, x2: 0, y2: 6 });
  const pattern = {
    id: "hatching",
    width: 5,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  };
  return s("defs", null, s("pattern", pattern, line));
}

/** @param {number} at @param {number} slot */
const middle = (at, slot) => LEFT + slot * (at + 0.5);

/** "20 Nov". @param {string} date */
export function dayOf(date) {
  const words = new Intl.DateTimeFormat(navigator.language || "en", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  return words.format(new Date(`${date}T00:00:00Z`));
}

customElements.define("closeloop-flight", CloseloopFlight);
