// @ts-check
/** The keys of the queue: what each does, in the order in which the help shows them. */

/** @typedef {{keys: string[], name: string, does: string, group: "Decide" | "Look" | "Select", foot?: string}} Key */

/** `name` is the action; `foot` the word in the line below the queue, for the most important ones. @type {Key[]} */
export const KEYS = [
  { keys: ["Enter"], name: "accept", does: "Give it to the first suggestion", group: "Decide", foot: "accept" },
  {
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    name: "team",
    does: "Give it to this team of the list",
    group: "Decide",
    foot: "team",
  },
  { keys: ["/"], name: "search", does: "Search a team or a person", group: "Decide", foot: "search" },
  { keys: ["l"], name: "link", does: "Link it to a similar card", group: "Decide", foot: "link" },
  { keys: ["x"], name: "nothing", does: "No action is needed", group: "Decide", foot: "no action" },
  { keys: ["s"], name: "snooze", does: "Snooze it: later, tomorrow, Monday …", group: "Decide", foot: "snooze" },
  { keys: ["i"], name: "impact", does: "Set the impact: then o, h, n or l", group: "Decide", foot: "impact" },
  { keys: ["r"], name: "reply", does: "Send a first reply, canned or written", group: "Decide", foot: "reply" },
  { keys: ["u"], name: "undo", does: "Undo; again: further back", group: "Decide", foot: "undo" },
  { keys: ["j", "ArrowDown"], name: "next", does: "Next thread", group: "Look" },
  { keys: ["k", "ArrowUp"], name: "previous", does: "Previous thread", group: "Look" },
  { keys: ["PageDown"], name: "pageDown", does: "A page down", group: "Look" },
  { keys: ["PageUp"], name: "pageUp", does: "A page up", group: "Look" },
  { keys: ["Home"], name: "first", does: "First thread", group: "Look" },
  { keys: ["End"], name: "last", does: "Last thread", group: "Look" },
  { keys: ["o"], name: "open", does: "Open the thread on its forum", group: "Look" },
  { keys: ["w"], name: "keyword", does: "Add the selected word to an area’s keywords", group: "Look" },
  { keys: ["f"], name: "find", does: "Search in the queue", group: "Look" },
  { keys: [" "], name: "select", does: "Select; every key then does it to all selected", group: "Select" },
  { keys: ["J"], name: "selectNext", does: "Select and go down", group: "Select" },
  { keys: ["K"], name: "selectPrevious", does: "Select and go up", group: "Select" },
  { keys: ["a"], name: "selectAll", does: "Select all that are loaded", group: "Select" },
  { keys: ["Escape"], name: "clear", does: "Close, or clear the selection", group: "Select" },
  { keys: ["?"], name: "help", does: "Show these keys", group: "Look", foot: "all keys" },
];

const BY_KEY = new Map(KEYS.flatMap((one) => one.keys.map((key) => [key, one.name])));
const SPOKEN = /** @type {Record<string, string>} */ ({
  ArrowDown: "↓",
  ArrowUp: "↑",
  " ": "Space",
  Escape: "Esc",
  PageDown: "PgDn",
  PageUp: "PgUp",
  J: "Shift J",
  K: "Shift K",
});

/** How a key is written. @param {Key} key */
export function written({ name, keys }) {
  return name === "team" ? ["1–9"] : keys.map((key) => SPOKEN[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** Whether somebody writes there: then a letter is a letter. @param {EventTarget | null | undefined} target */
export function isField(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** What a pressed key means; null when it is not for us. @param {KeyboardEvent} event @returns {{name: string, key: string} | null} */
export function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return null;
  const [target] = event.composedPath();
  if (isField(target)) return null;
  // A button or link under the focus keeps the keys that press it.
  const presses = target instanceof HTMLElement && target.closest("button, a, summary, [role=button]");
  if (presses && (event.key === "Enter" || event.key === " ")) return null;
  const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  const name = BY_KEY.get(key);
  return name ? { name, key } : null;
}

/** Calls `act` with what each key of the page means. @param {(name: string, key: string) => boolean | void} act false: not now, the browser may have it @param {AbortSignal} signal */
export function listen(act, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      const meant = meaning(event);
      // A held key walks; it does not decide one thread after another.
      if (!meant || (event.repeat && !WALKS.has(meant.name))) return;
      if (act(meant.name, meant.key) !== false) event.preventDefault();
    },
    { signal },
  );
}

const WALKS = new Set(["next", "previous", "selectNext", "selectPrevious", "pageUp", "pageDown", "undo"]);
