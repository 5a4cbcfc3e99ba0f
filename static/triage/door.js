// @ts-check
/** Who comes in, and how: framed by Trello with its signed word, or by signing in with Trello. */

import { ApiClient, ProblemError } from "../lib/api.js";
import { busy } from "../lib/busy.js";
import { config } from "../lib/config.js";
import { fill, h, uid } from "../lib/dom.js";
import { fetchFilesBy } from "../lib/files.js";
import { enter, state } from "../lib/page.js";
import { openSettings } from "../lib/popups.js";
import { open } from "../lib/session.js";
import { SignIn } from "../lib/sign-in.js";
import * as trello from "../lib/trello.js";

/** @typedef {{api: ApiClient, info: Api.SessionInfo, settings: (event: MouseEvent) => void, ways: Node[]}} Entered */

const main = () => /** @type {HTMLElement} */ (document.querySelector("main"));

/** Whether a Trello board frames this page. */
export const isFramed = () => window.parent !== window;

/** In Trello's window: null when the page says why not. @returns {Promise<Entered | null>} */
export async function throughTrello() {
  if (!trello.isPresent()) {
    fill(
      main(),
      state(
        "Trello’s library did not load",
        "A firewall or an extension may block p.trellocdn.com. Allow it and open this again.",
      ),
    );
    return null;
  }
  const t = trello.frame();
  const info = await enter(t);
  if (!info) return null;
  return { api: open(t).api, info, settings: (event) => void openSettings(t, event), ways: [] };
}

/** On a page of its own. Resolves when somebody has signed in. @param {HTMLElement} place where it is asked for @returns {Promise<Entered>} */
export async function throughSignIn(place) {
  const session = new SignIn();
  session.onNeeded = () => ask(place, session);
  const info = await session.info();
  place.replaceChildren();
  const leave = () => {
    session.end();
    location.reload();
  };
  const ways = [...boards(session, info), h("button.subtle", { type: "button", onclick: leave }, "Sign out")];
  const settings = () => window.open(boardAddress(info.board_id), "_blank", "noopener");
  const api = new ApiClient(session);
  fetchFilesBy(api);
  return { api, info, settings, ways };
}

/** @param {string} board */
const boardAddress = (board) => new URL(`/b/${board}`, config.targetOrigin).href;

/** Somebody sits at several boards: which one. @param {SignIn} session @param {import("../lib/sign-in.js").Info} info */
function boards(session, info) {
  const all = info.boards ?? [];
  if (all.length < 2) return [];
  const select = h(
    "select",
    { "aria-label": "Board" },
    all.map(({ id, name }) => h("option", { value: id }, name)),
  );
  select.value = info.board_id;
  select.addEventListener("change", () =>
    session.begin(select.value).then(
      () => location.reload(),
      () => {
        select.value = info.board_id;
      },
    ),
  );
  return [select];
}

/** @param {HTMLElement} place @param {SignIn} session */
function ask(place, session) {
  if (place.firstChild) return;
  const button = h("button.primary", { type: "button" }, "Sign in with Trello");
  const problem = h("closeloop-problem");
  const code = h("input", { type: "password", id: uid("code"), autocomplete: "off" });
  const use = h("button", { type: "button" }, "Use the code");
  const go = (/** @type {HTMLElement} */ pressed, /** @type {() => Promise<void>} */ work) =>
    busy(
      pressed,
      async () => {
        problem.clear();
        try {
          await work();
          place.replaceChildren();
        } catch (error) {
          problem.show(inOurWords(error));
        }
      },
      "Signing in…",
    );
  // No await before it: browsers open windows for clicks only.
  button.addEventListener("click", () => void go(button, () => session.begin()));
  use.addEventListener("click", () => void go(use, () => session.enter(code.value)));
  problem.clear();
  fill(
    place,
    h(
      "section.state.door",
      null,
      h("h1", null, document.title || "Triage"),
      h(
        "p",
        null,
        "Threads hold customers’ words, so only members of a connected Trello board see them. Trello says who you are; Closeloop reads nothing else with it and keeps nothing of it.",
      ),
      h("p.state-ways", null, button),
      problem,
      h(
        "details.fold",
        null,
        h("summary", null, "I have a code"),
        h("label", { for: code.id }, "Code that Trello’s window showed"),
        h("div.copy-row", null, code, use),
      ),
    ),
  );
  button.focus();
}

/** @param {unknown} error */
function inOurWords(error) {
  if (!(error instanceof ProblemError)) return error;
  const sayings = /** @type {Record<string, [string, string]>} */ ({
    cancelled: [
      "You are not signed in",
      "The window was closed before Trello answered. If it showed a code, choose “I have a code”.",
    ],
    denied: ["Trello did not allow it", "You pressed “Deny”, or Trello refused. You are not signed in."],
    not_a_member: [
      "No seat for you yet",
      "You are not a member of any board that Closeloop is connected to. Ask an admin of your team’s board to add you.",
    ],
  });
  const saying = sayings[error.code];
  return saying ? new ProblemError({ ...error.problem, code: error.code, title: saying[0], detail: saying[1] }) : error;
}
