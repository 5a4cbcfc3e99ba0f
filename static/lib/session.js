// @ts-check
/** Who is looking: a JWT from Trello traded for a short-lived token that lives in this page's memory only. */
import { ApiClient, send } from "./api.js";
import { fetchFilesBy } from "./files.js";
import * as trello from "./trello.js";

/** Renew this long before the end, so that a slow request does not outlive its token. */
const EARLY_MS = 60_000;

export class Session {
  #jwt;
  #token = "";
  #endsAt = 0;
  /** @type {Api.SessionInfo | null} */ #info = null;
  /** @type {Promise<Api.SessionInfo> | null} */ #flight = null;

  /** @param {() => Promise<string>} jwt */
  constructor(jwt) {
    this.#jwt = jwt;
  }

  /** What the server says about this person and board; cached as long as the token. @returns {Promise<Api.SessionInfo>} */
  async info() {
    if (this.#info && Date.now() < this.#endsAt) return this.#info;
    this.#flight ??= this.#open().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  async token() {
    await this.info();
    return this.#token;
  }

  /** The server refused `token`. A newer one, fetched meanwhile, stays. @param {string} token */
  forget(token) {
    if (token === this.#token) this.#endsAt = 0;
  }

  /** Something about the board changed: ask again. */
  renew() {
    this.#endsAt = 0;
    return this.info();
  }

  async #open() {
    const info = await send("POST", "/session", { body: { jwt: await this.#jwt() } });
    this.#info = info;
    this.#token = info.token;
    this.#endsAt = Date.now() + Math.max(5_000, info.expires_in * 1000 - EARLY_MS);
    return info;
  }
}

/** @type {{session: Session, api: ApiClient} | null} */
let opened = null;
/** @type {trello.T} */
let latest;

/** This page's session and API. Every `t` of a page speaks for the same person and board, so one session serves all. @param {trello.T} t */
export function open(t) {
  latest = t;
  if (!opened) {
    const session = new Session(() => trello.jwt(latest));
    opened = { session, api: new ApiClient(session) };
    fetchFilesBy(opened.api);
  }
  return opened;
}
