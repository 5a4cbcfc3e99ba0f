// @ts-check
/** Names for Trello's member ids. Trello knows them; we do not store them. */
import * as trello from "./trello.js";

/** @type {Promise<Map<string, string>> | null} */
let asked = null;
/** @type {Map<string, string>} */
let names = new Map();

/** Fetch the board's members once. Never fails: without names we say "somebody". @param {trello.T} t */
export async function meet(t) {
  asked ??= trello.memberNames(t).catch(() => new Map());
  names = await asked;
}

/** @param {string | null | undefined} who a member id, a name, or nothing for the machine. */
export function nameOf(who) {
  if (!who) return "Closeloop";
  if (!/^[0-9a-f]{24}$/.test(who)) return who;
  return names.get(who) ?? "A former member";
}
