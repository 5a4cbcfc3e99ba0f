// @ts-check
/** Teams and times of work in words. */
import { listed } from "./forums.js";
import { moment } from "./time.js";

export const WEEKDAYS = /** @type {[Api.Weekday, string, string][]} */ ([
  ["mon", "Mon", "Monday"],
  ["tue", "Tue", "Tuesday"],
  ["wed", "Wed", "Wednesday"],
  ["thu", "Thu", "Thursday"],
  ["fri", "Fri", "Friday"],
  ["sat", "Sat", "Saturday"],
  ["sun", "Sun", "Sunday"],
]);

export const IMPACTS = /** @type {[Api.Impact, string][]} */ ([
  ["outage", "Outage"],
  ["high", "High"],
  ["normal", "Normal"],
  ["low", "Low"],
]);

/** "Mon to Fri", "Mon, Wed and Fri", "every day". @param {number[]} days 0 is Monday */
export function daysInWords(days) {
  const names = days.map((day) => WEEKDAYS[day]?.[1] ?? "?");
  if (days.length === 7) return "every day";
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  if (days.length > 2 && last - first === days.length - 1) return `${names[0]} to ${names.at(-1)}`;
  return listed(names);
}

/** "09:15 Mon to Fri; next 24 Nov, 10:15 by your clock". @param {Api.StandUp} standUp @param {string | null} next */
export function standUpInWords({ at, days, time_zone }, next) {
  const zone = time_zone ? `, ${time_zone}` : "";
  return `${at} ${daysInWords(days)}${zone}${next ? `; next ${moment(next)} by your clock` : ""}`;
}

/** A length of time, from minutes: "15 minutes", "4 hours", "3 days". Days are 24 hours of work. @param {number} minutes @param {string} [of] "business" */
export function lengthInWords(minutes, of = "") {
  const kind = of ? `${of} ` : "";
  const say = (/** @type {number} */ number, /** @type {string} */ unit) =>
    `${Number(number.toFixed(1))} ${kind}${unit}${number === 1 ? "" : "s"}`;
  if (minutes < 60) return say(minutes, "minute");
  return say(minutes / 60, "hour");
}

/** "Inbox on Deployments". @param {Pick<Api.Team, "board" | "inbox">} team */
export const placeInWords = ({ board, inbox }) => (board ? `${board.name} › ${inbox?.name ?? "no list"}` : null);
