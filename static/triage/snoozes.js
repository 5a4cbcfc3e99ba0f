// @ts-check
/** Until when a thread may sleep, in the workspace's time zone. Times are passed in, so that tests need not wait. */

const HOUR = 3_600_000;
const AFTERNOON = 14;
const MORNING = 9;

/** @typedef {{key: string, name: string, until: Date}} Snooze */

/** Year, month, day, hour, weekday (0 Sunday) as a clock in that zone reads them. @param {Date} at @param {string} zone */
function local(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const read = (/** @type {string} */ type) => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day, hour] = [read("year"), read("month"), read("day"), read("hour")];
  const asUtc = Date.UTC(year, month - 1, day, hour, read("minute"), read("second"));
  return { year, month, day, hour, weekday: new Date(asUtc).getUTCDay(), asUtc };
}

/** The moment at which a clock in that zone reads this. @param {number} year @param {number} month from 1 @param {number} day may lie outside of the month @param {number} hour @param {string} zone @param {number} [minute] */
export function momentIn(year, month, day, hour, zone, minute = 0) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  let guess = wanted;
  // The second time round the offset is that of the day itself, also when clocks change in between.
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - local(new Date(guess), zone).asUtc;
  return new Date(guess);
}

/** A zone the browser does not know becomes its own. @param {string | null | undefined} zone */
export function zoneOr(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone ?? undefined });
    return zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

/** @param {Date} now @param {string} zone @returns {Snooze[]} */
export function snoozes(now, zone) {
  const { year, month, day, hour, weekday } = local(now, zone);
  const monday = day + ((8 - weekday) % 7 || 7);
  return [
    { key: "1", name: "For one hour", until: new Date(now.getTime() + HOUR) },
    ...(hour < AFTERNOON
      ? [{ key: "2", name: "This afternoon", until: momentIn(year, month, day, AFTERNOON, zone) }]
      : []),
    { key: "3", name: "Tomorrow", until: momentIn(year, month, day + 1, MORNING, zone) },
    { key: "4", name: "Next Monday", until: momentIn(year, month, monday, MORNING, zone) },
  ];
}

/** "Tue 24 Nov, 09:00" as a clock in that zone reads. @param {Date} at @param {string} zone */
export const clockWords = (at, zone) =>
  new Intl.DateTimeFormat(navigator.language || "en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);

/** What `<input type="datetime-local">` says, read in that zone; null for nonsense. @param {string} value @param {string} zone */
export function fromInput(value, zone) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value);
  if (!found) return null;
  const [year, month, day, hour, minute] = /** @type {[number, number, number, number, number]} */ (
    found.slice(1).map(Number)
  );
  return momentIn(year, month, day, hour, zone, minute);
}
