// @ts-check
/** Times as people say them. Every function takes `now`, so that tests need not wait. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = /** @type {[number, Intl.RelativeTimeFormatUnit, string][]} */ ([
  [365 * DAY, "year", "y"],
  [30 * DAY, "month", "mo"],
  [7 * DAY, "week", "wk"],
  [DAY, "day", "d"],
  [HOUR, "hour", "h"],
  [MINUTE, "minute", "min"],
]);

/** Weeks start to speak at 14 days: "9 d" says more than "1 wk". @param {number} ms */
const step = (ms) =>
  STEPS.find(([size, unit]) => ms >= (unit === "week" ? 14 * DAY : unit === "month" ? 60 * DAY : size));

/** Clocks and dates as the person's browser writes them: 24 hours for en-GB, 12 for en-US. */
const locale = () => navigator.language || "en";

/** "yesterday", "3 hours ago": they stand in our sentences, so they are in the page's language. */
const spoken = () => new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

/** How long ago, in milliseconds; never negative: clocks differ a little. @param {string} iso @param {number} [now] */
export const age = (iso, now = Date.now()) => Math.max(0, now - Date.parse(iso));

/** "now", "5 min", "3 h", "9 d": for badges. @param {string} iso @param {number} [now] */
export function short(iso, now = Date.now()) {
  const ms = age(iso, now);
  const found = step(ms);
  return found ? `${Math.floor(ms / found[0])} ${found[2]}` : "now";
}

/** "3 hours ago", "yesterday"; "in 2 minutes" for what lies ahead. @param {string} iso @param {number} [now] */
export function relative(iso, now = Date.now()) {
  const ahead = Date.parse(iso) - now;
  const found = step(Math.abs(ahead));
  const words = spoken();
  if (!found) return ahead > 5_000 ? words.format(Math.round(ahead / 1000), "second") : "just now";
  return words.format(Math.sign(ahead) * Math.floor(Math.abs(ahead) / found[0]), found[1]);
}

/** The full date and time, for titles and screen readers. @param {string} iso */
export function full(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" }).format(new Date(iso));
}

/** The moment itself, as short as today allows: "09:12", "yesterday, 09:12", "20 Nov, 09:12". @param {string} iso @param {number} [now] */
export function moment(iso, now = Date.now()) {
  const then = new Date(iso);
  const clock = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(then);
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / DAY);
  if (days === 0) return clock;
  if (days === 1) return `${spoken().format(-1, "day")}, ${clock}`;
  const year = then.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return `${new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year }).format(then)}, ${clock}`;
}
