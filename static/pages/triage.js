// @ts-check
/** The triage queue: in a board's full window, and at an address of its own. */
import { fill, h } from "../lib/dom.js";
import "../elements/closeloop-desk-nav.js";
import { Desk } from "../triage/desk.js";
import { isFramed, throughSignIn, throughTrello } from "../triage/door.js";
import { Screen } from "../triage/screen.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
/** Where it is asked to sign in: over the page, when somebody's hour has run out in the middle of the work. */
const door = h("div.door-place");

if (!isFramed()) {
  followTheme();
  document.body.append(door);
}
void show();

async function show() {
  if (!isFramed()) main.replaceChildren();
  const entered = isFramed() ? await throughTrello() : await throughSignIn(door);
  if (!entered) return;
  const ends = new AbortController();
  const beside = h("closeloop-desk-nav", { page: "triage" });
  /** @type {import("../triage/decisions.js").Teller} */
  const tell = {
    say: (words, undoable) => screen.say(words, undoable),
    unsay: (words) => screen.unsay(words),
    warn: (words) => screen.warn(words),
  };
  const desk = new Desk(entered.api, entered.info, tell, ends.signal);
  const screen = new Screen(desk, {
    ways: [beside, ...entered.ways],
    states: { settings: entered.settings, page },
  });
  fill(main, screen.element);
  screen.begin(ends.signal);
  await desk.begin();
}

/** Another page of triage. In Trello's frame its library reads what it was opened with from the fragment. @param {string} name */
const page = (name) => (isFramed() ? `/pages/${name}${location.hash}` : `/${name}`);

/** Trello's library does this inside Trello. */
function followTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.colorMode = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
}
