// @ts-check
/** Words and colours for a customer's impact and for what was promised to them. */
import { full, short } from "./time.js";

/** @typedef {import("./words.js").Saying} Saying */

/** @type {Record<Api.Impact, Saying | null>} */
const SAYINGS = {
  outage: { text: "Outage", colour: "red", title: "Many customers are hit, or one is down." },
  high: { text: "High impact", colour: "orange", title: "A customer is hit hard." },
  normal: null,
  low: null,
};

/** How hard customers are hit, where that is more than usual. @param {Api.Impact | null | undefined} impact @returns {Saying | null} */
export const impactSaying = (impact) => (impact ? SAYINGS[impact] : null);

/** @type {Record<string, {words: string, owed: string}>} */
const PROMISES = {
  first_answer: { words: "first answer", owed: "answer" },
  next_update: { words: "next update", owed: "update" },
};

/** @typedef {{warn_at?: string | null, due_at?: string | null, due_kind?: Api.DueKind}} Due */
/** @typedef {Saying & {state: "calm" | "soon" | "over"}} Target */

/** What was promised and how much of the time is left; null where nothing is. @param {Due} due @param {number} [now] @returns {Target | null} */
export function target({ warn_at, due_at, due_kind }, now = Date.now()) {
  const promise = due_kind ? PROMISES[due_kind] : null;
  if (!due_at || !promise) return null;
  const left = Date.parse(due_at) - now;
  const until = new Date(now - Math.abs(left)).toISOString();
  const time = short(until, now);
  const promised = `The target for the ${promise.words} `;
  if (left <= 0) {
    const text = `${time === "now" ? "Just" : time} over target: ${promise.words}`;
    return { state: "over", text, colour: "red", title: `${promised}was ${full(due_at)}.` };
  }
  const title = `${promised}is ${full(due_at)}.`;
  const text = time === "now" ? `${promise.owed} due now` : `${promise.owed} due in ${time}`;
  if (warn_at && Date.parse(warn_at) <= now) return { state: "soon", text: capital(text), colour: "yellow", title };
  return { state: "calm", text: capital(text), colour: "light-gray", title };
}

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** A target that deserves a badge. @param {Due} due @param {number} [now] @returns {Target | null} */
export function pressing(due, now) {
  const found = target(due, now);
  return found && found.state !== "calm" ? found : null;
}
