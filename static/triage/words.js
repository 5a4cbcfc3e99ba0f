// @ts-check
/** Words for what triage does and shows. */
import { plural } from "../lib/words.js";

/** @typedef {import("../lib/words.js").Colour} Colour */

/** From the worst on. `key` sets it after `i`. @type {{id: Triage.Impact, name: string, key: string, colour: Colour, about: string}[]} */
export const IMPACTS = [
  {
    id: "outage",
    name: "Outage",
    key: "o",
    colour: "red",
    about: "Nobody can work: it jumps the queue and the channel is told.",
  },
  { id: "high", name: "High", key: "h", colour: "orange", about: "Many are hit, or one badly." },
  { id: "normal", name: "Normal", key: "n", colour: "light-gray", about: "The usual." },
  { id: "low", name: "Low", key: "l", colour: "sky", about: "It can wait." },
];

/** @param {Triage.Impact} id */
export const impactOf = (id) => IMPACTS.find((one) => one.id === id) ?? /** @type {typeof IMPACTS[0]} */ (IMPACTS[2]);

export const STANDINGS = /** @type {Record<string, string>} */ ({
  new: "New",
  snoozed: "Snoozed",
  no_action: "No action",
});

/** The team's name, however the server wrote it. @param {Triage.Ref | string | null | undefined} team */
export const teamName = (team) => (typeof team === "string" ? team : (team?.name ?? ""));

/** @param {Triage.Left} left @returns {string} "Noor → Web & API" */
export function leftWords({ by, what, team }) {
  const who = by ? firstName(by.name) : "Somebody";
  if (what === "assign") return `${who} → ${team?.name ?? "a team"}`;
  if (what === "link") return `${who} linked it${team ? ` → ${team.name}` : ""}`;
  if (what === "snooze") return `${who} snoozed it`;
  if (what === "no_action") return `${who}: no action`;
  return "Settled on the forum";
}

/** @param {string} name */
export const firstName = (name) => name.split(/\s+/)[0] || name;

/** "1 thread", "3 threads". @param {number} count */
export const threads = (count) => plural(count, "thread");

/** "6 min 12 s". @param {number} seconds */
export function lasting(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Minutes of waiting in business time, short: "4 h". @param {number} minutes */
export function worked(minutes) {
  if (minutes < 60) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}
