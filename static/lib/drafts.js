// @ts-check
/** What somebody is writing survives a reload of the frame: Trello reloads a card's section when it likes. */

const PREFIX = "closeloop:draft:";
/** Where storage is blocked (third-party frames): good until the frame is gone. @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key */
export function load(key) {
  try {
    return sessionStorage.getItem(PREFIX + key) ?? memory.get(key) ?? "";
  } catch {
    return memory.get(key) ?? "";
  }
}

/** @param {string} key @param {string} text empty forgets it. */
export function save(key, text) {
  if (text) memory.set(key, text);
  else memory.delete(key);
  try {
    if (text) sessionStorage.setItem(PREFIX + key, text);
    else sessionStorage.removeItem(PREFIX + key);
  } catch {
    // Blocked or full: memory has it.
  }
}
