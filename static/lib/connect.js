// @ts-check
/**
 * Connecting a board: Trello asks the person in a window of its own, the window hands the token to us, we hand it to our server.
 * The token is never stored in the browser.
 */
import { ProblemError } from "./api.js";
import { config } from "./config.js";
import { tellBoardChanged } from "./news.js";
import { requestId } from "./request-id.js";
import { open } from "./session.js";

const WAIT_MS = 5 * 60_000;

/** For connecting a board: its cards are read and written from then on. */
const FOR_GOOD = { scope: "read,write", expiration: "never" };

/** @param {string} state @param {{scope: string, expiration: string}} terms */
function address(state, terms) {
  const url = new URL(config.authorizeUrl);
  const back = new URL("/oauth/trello", config.baseUrl || location.origin);
  back.searchParams.set("state", state);
  const wanted = {
    key: config.appKey,
    name: "Closeloop",
    ...terms,
    response_type: "token",
    callback_method: "fragment",
    return_url: back.href,
  };
  for (const [key, value] of Object.entries(wanted)) url.searchParams.set(key, value);
  return url.href;
}

/** Call it from a click, before any `await`: browsers open windows for clicks only. Resolves with the person's token. @param {{scope: string, expiration: string}} [terms] @returns {Promise<string>} */
export function askTrello(terms = FOR_GOOD) {
  const state = requestId();
  const opened = window.open(address(state, terms), "closeloop-trello", "popup,width=580,height=720");
  if (!opened)
    return Promise.reject(
      refused(
        "popup_blocked",
        "The window was blocked",
        "Allow windows for this page in your browser, then press the button again.",
      ),
    );
  return new Promise((resolve, reject) => {
    const ends = new AbortController();
    const stop = (/** @type {() => void} */ settle) => {
      ends.abort();
      clearInterval(watch);
      clearTimeout(limit);
      settle();
    };
    const cancelled = () =>
      stop(() =>
        reject(
          refused(
            "cancelled",
            "Nothing was connected",
            "The window was closed before Trello answered. If it showed a code, paste it below.",
          ),
        ),
      );
    const watch = setInterval(() => opened.closed && cancelled(), 700);
    const limit = setTimeout(cancelled, WAIT_MS);
    window.addEventListener(
      "message",
      ({ origin, data }) => {
        if (origin !== location.origin || data?.closeloop !== "trello" || data.state !== state) return;
        stop(() =>
          typeof data.token === "string" && data.token
            ? resolve(data.token)
            : reject(
                refused(
                  "denied",
                  "Trello did not allow it",
                  "You pressed “Deny”, or Trello refused. Nothing was connected.",
                ),
              ),
        );
      },
      { signal: ends.signal },
    );
  });
}

/** @param {string} code @param {string} title @param {string} detail */
const refused = (code, title, detail) => new ProblemError({ code, title, detail });

/** @param {import("./trello.js").T} t @param {string} token @returns {Promise<Api.Board>} */
export async function connect(t, token) {
  const { api, session } = open(t);
  const board = await api.call("PUT", "/boards/current/connection", { body: { trello_token: token }, timeout: 40_000 });
  await session.renew();
  tellBoardChanged();
  return board;
}
