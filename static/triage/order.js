// @ts-check
/** The order of the queue, as the server has it (powerup/triage/rules.py): a thread that arrives is put where it belongs. */

const PLACES = /** @type {Record<Triage.Impact, number>} */ ({ outage: 0, high: 2, normal: 3, low: 4 });
const NOT_WAITING = 5;
const PAST = 10;

/** @param {Triage.Row} row */
function rank({ impact, handed_back, waiting_on, past }) {
  if (past && impact === "normal") return PAST;
  const place = handed_back && impact !== "outage" ? 1 : (PLACES[impact] ?? 3);
  return waiting_on === "us" ? place : place + NOT_WAITING;
}

/** @param {Triage.Row} row */
const since = ({ waiting_on, waiting_since, last_message_at }) =>
  Date.parse((waiting_on === "us" && waiting_since) || last_message_at);

/** @param {Triage.Row} one @param {Triage.Row} other */
export const compare = (one, other) => rank(one) - rank(other) || since(one) - since(other) || one.id - other.id;

/** Where `row` goes among `rows`, which are in order but for a few that were left where they were. @param {Triage.Row[]} rows @param {Triage.Row} row */
export function placeFor(rows, row) {
  const at = rows.findIndex((other) => compare(row, other) < 0);
  return at < 0 ? rows.length : at;
}
