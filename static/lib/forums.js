// @ts-check
/** Which URLs are ours, decided on the spot: Trello asks about every URL it shows. */
import { ProblemError } from "./api.js";
import { open } from "./session.js";

/** @typedef {Api.ForumRef & {base_url: string}} Known */

export class Forums {
  #sites;

  /** @param {Known[]} forums */
  constructor(forums) {
    this.#sites = forums.map((forum) => ({ forum, base: new URL(`${forum.base_url.replace(/\/+$/, "")}/`) }));
  }

  /** The forum on whose pages this URL lies. Host and path must match; http and https are the same site. @param {string} url @returns {Known | undefined} */
  find(url) {
    let asked;
    try {
      asked = new URL(url.trim());
    } catch {
      return undefined;
    }
    if (asked.protocol !== "http:" && asked.protocol !== "https:") return undefined;
    if (asked.username || asked.password) return undefined;
    return this.#sites.find(
      ({ base }) =>
        hostOf(base) === hostOf(asked) && asked.pathname.startsWith(base.pathname) && asked.pathname !== base.pathname,
    )?.forum;
  }
}

/** @param {URL} url Host and port; the default port of either scheme is none. */
function hostOf(url) {
  const port = url.port === "80" || url.port === "443" ? "" : url.port;
  return `${url.hostname.toLowerCase()}:${port}`;
}

/** The board's connected forums. @param {import("./trello.js").T} t @returns {Promise<Forums>} */
export async function known(t) {
  const info = await open(t).session.info();
  return new Forums(info.forums ?? []);
}

/** "A, B and C". @param {string[]} names */
export const listed = (names) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

/** Why an address cannot be taken, and which could. @param {{name: string, base_url: string}[]} forums */
export function notOurs(forums) {
  const known = forums.map(({ name, base_url }) => `${name} (${base_url.replace(/^https?:\/\//, "")})`);
  const detail = known.length
    ? `Connected are: ${listed(known)}. Paste the address of one of their threads.`
    : "No forum is connected yet: an admin of this board adds one in the settings of Closeloop.";
  return new ProblemError({
    code: "url_not_ours",
    status: 422,
    title: "This address is not a thread of a connected forum",
    detail,
  });
}

/** The server's "not ours" in the same words; any other error as it is. @param {unknown} error @param {{name: string, base_url: string}[]} forums */
export function withForums(error, forums) {
  return error instanceof ProblemError && error.code === "url_not_ours" ? notOurs(forums) : error;
}
