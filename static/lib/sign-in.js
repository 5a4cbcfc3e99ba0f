// @ts-check
/**
 * Signing in outside Trello: Trello says who somebody is, our server gives a short-lived token for it. Neither outlives the tab:
 * Trello's token is used once and forgotten, ours lies in the tab's own storage.
 */
import { ProblemError, send } from "./api.js";
import { askTrello } from "./connect.js";

const KEY = "closeloop:session";
const EARLY_MS = 60_000;
/** What Trello is asked for: to read who the person is and which boards they sit at, for an hour. */
const WANTED = { scope: "read", expiration: "1hour" };

/** @typedef {Api.SessionInfo & {boards?: {id: string, name: string}[]}} Info */

/** The same as `Session` of lib/session.js, for pages that no Trello frames. */
export class SignIn {
  /** Somebody has to sign in: show them how. @type {() => void} */ onNeeded = () => {};
  /** @type {{info: Info, endsAt: number} | null} */ #held = load();
  /** @type {(() => void)[]} */ #waiting = [];

  /** Whether somebody is signed in. */
  get isOpen() {
    return this.#held !== null && Date.now() < this.#held.endsAt;
  }

  /** Waits until somebody has signed in. @returns {Promise<Info>} */
  async info() {
    while (!this.#held || Date.now() >= this.#held.endsAt) {
      const signedIn = new Promise((resolve) => this.#waiting.push(() => resolve(null)));
      this.onNeeded();
      await signedIn;
    }
    return this.#held.info;
  }

  async token() {
    return (await this.info()).token;
  }

  /** The server refused `token`. @param {string} token */
  forget(token) {
    if (this.#held?.info.token === token) this.#hold(null);
  }

  renew() {
    return this.info();
  }

  /** Call it from a click. @param {string} [board] Trello's id of the board to sit at */
  async begin(board) {
    await this.#trade(await askTrello(WANTED), board);
  }

  /** The window lost sight of us and showed a code. @param {string} token @param {string} [board] */
  async enter(token, board) {
    if (!token.trim())
      throw new ProblemError({
        code: "denied",
        title: "No code",
        detail: "Paste the code that Trello’s window showed.",
      });
    await this.#trade(token.trim(), board);
  }

  end() {
    this.#hold(null);
  }

  /** @param {string} token @param {string} [board] */
  async #trade(token, board) {
    const body = { trello_token: token, ...(board ? { board_id: board } : {}) };
    /** @type {Info} */
    const info = await send("POST", "/session/trello", { body, timeout: 40_000 });
    this.#hold({ info, endsAt: Date.now() + Math.max(5_000, info.expires_in * 1000 - EARLY_MS) });
    for (const go of this.#waiting.splice(0)) go();
  }

  /** @param {{info: Info, endsAt: number} | null} held */
  #hold(held) {
    this.#held = held;
    try {
      if (held) sessionStorage.setItem(KEY, JSON.stringify(held));
      else sessionStorage.removeItem(KEY);
    } catch {
      // Storage is blocked: good until the page is left.
    }
  }
}

/** @returns {{info: Info, endsAt: number} | null} */
function load() {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return held && Date.now() < held.endsAt ? held : null;
  } catch {
    return null;
  }
}
