// @ts-check
/** What every page in a frame does first: start Trello's library, keep the frame's height, say why something cannot be shown. */
import { ProblemError } from "./api.js";
import { fill, h } from "./dom.js";
import { openSettings } from "./popups.js";
import { open } from "./session.js";
import * as trello from "./trello.js";
import "../elements/closeloop-problem.js";

const main = () => /** @type {HTMLElement} */ (document.querySelector("main"));

/** @param {number} highest @param {{popup?: boolean}} [how] `popup`: Escape closes it. @returns {trello.T | null} null when Trello's library did not load; the page says so. */
export function start(highest, { popup = false } = {}) {
  if (!trello.isPresent()) {
    fill(
      main(),
      state(
        "Trello’s library did not load",
        "A firewall or an extension may block p.trellocdn.com. Allow it and open the card again.",
      ),
    );
    return null;
  }
  const t = trello.frame();
  keepHeight(t, highest);
  if (popup) closeOnEscape(t);
  return t;
}

/** Trello hears keys only outside our frame. @param {trello.T} t */
function closeOnEscape(t) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    void Promise.resolve(trello.closePopup(t)).catch(() => {});
  });
}

/** The frame is as high as what is in it, up to `highest`; beyond that it scrolls. @param {trello.T} t @param {number} highest */
function keepHeight(t, highest) {
  let last = 0;
  const observer = new ResizeObserver(() => {
    const wanted = Math.ceil(main().getBoundingClientRect().height);
    document.documentElement.classList.toggle("tall", wanted > highest);
    const height = Math.min(highest, wanted);
    if (Math.abs(height - last) < 2 || height === 0) return;
    last = height;
    void Promise.resolve(trello.resize(t, height)).catch(() => {});
  });
  observer.observe(main());
}

/**
 * Open the session. When the person may not see anything here the page says why and what to do, and null comes back.
 * @param {trello.T} t @param {{unconnected?: boolean, place?: HTMLElement}} [options] `unconnected`: this page has work on boards not connected yet.
 * @returns {Promise<Api.SessionInfo | null>}
 */
export async function enter(t, { unconnected = false, place = main() } = {}) {
  const again = async () => location.reload();
  if (!trello.isSignedIn(t)) {
    fill(
      place,
      state(
        "Sign in to Trello",
        "Customers’ threads are shown to members of this board only. Sign in, and they are here.",
      ),
    );
    return null;
  }
  try {
    const info = await open(t).session.info();
    if (info.board.connected || unconnected) return info;
    fill(place, notConnected(t));
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_a_member") {
      fill(
        place,
        state(
          "For members of this board",
          "Threads hold customers’ words, so only members of this board see them. Ask an admin of the board to add you.",
        ),
      );
    } else if (error instanceof ProblemError && error.code === "board_not_connected") fill(place, notConnected(t));
    else fill(place, failure(error, again));
  }
  return null;
}

/** @param {trello.T} t */
function notConnected(t) {
  const button = h("button.primary", { type: "button" }, "Connect this board…");
  button.addEventListener("click", (mouseEvent) => void openSettings(t, mouseEvent));
  return state(
    "This board is not connected yet",
    "Closeloop brings customers’ threads from your forum to this board’s cards. It takes a minute and needs an admin of the board.",
    button,
  );
}

/** @param {string} title @param {string} text @param {...(Node | null)} ways */
export function state(title, text, ...ways) {
  return h(
    "section.state",
    null,
    h("h2", null, title),
    h("p", null, text),
    ways.length ? h("p.state-ways", null, ...ways) : null,
  );
}

/** @param {unknown} error @param {() => Promise<unknown>} again */
export function failure(error, again) {
  const problem = document.createElement("closeloop-problem");
  problem.show(error, again);
  return problem;
}
