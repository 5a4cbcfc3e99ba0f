// @ts-check
/** What the queue is narrowed to. */

/** @type {Triage.Filter} */
export const EVERYTHING = {
  standing: "new",
  forum_id: "",
  team_id: "",
  impact: "",
  waiting_on: "",
  customer_id: "",
  q: "",
};

/** Whether rows are left out that nobody has decided about. @param {Triage.Filter} filter */
export const narrows = (filter) =>
  filter.standing !== "new" || Object.entries(filter).some(([name, value]) => name !== "standing" && value !== "");

/** @param {Triage.Filter} filter @param {{cursor?: string | null, limit?: number}} [page] */
export function query(filter, { cursor = null, limit = 50 } = {}) {
  const wanted = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) wanted.set(name, value);
  if (cursor) wanted.set("cursor", cursor);
  wanted.set("limit", String(limit));
  return wanted.toString();
}

/** A saved view's filter, or one from an address; what is unknown is left out. @param {object} held @returns {Triage.Filter} */
export function filterFrom(held) {
  const known = Object.entries(held).filter(([name, value]) => name in EVERYTHING && value !== null);
  return { ...EVERYTHING, ...Object.fromEntries(known.map(([name, value]) => [name, String(value)])) };
}

/** What is not the default, for saving. @param {Triage.Filter} filter */
export const compact = (filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
