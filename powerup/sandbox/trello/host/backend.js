// @ts-check
/** The only module that knows the sandbox server's addresses. */

/** @import {Action, Attachment, Card, Change, State} from './types' */

export class ServerError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.name = "ServerError";
    this.status = status;
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
async function call(method, path, body, signal) {
  const answer = await fetch(path, {
    method,
    signal,
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new ServerError(answer.status, text.slice(0, 300) || answer.statusText);
  return text ? JSON.parse(text) : null;
}

/** @param {Record<string, string | number | null | undefined>} values */
const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
};

/** Everything the page shows: who looks, which boards there are, and the whole of one board (the first one unless named). @param {{board?: string, card?: string}} where @returns {Promise<State>} */
export const readState = (where) => call("GET", `/sandbox/state?${query(where)}`);

/** Waits (up to 20 s) for something to change after the given revision. @param {number} since @param {AbortSignal} signal @returns {Promise<Change>} */
export const waitForChange = (since, signal) => call("GET", `/sandbox/changes?${query({ since })}`, undefined, signal);

/** @param {string | null} member key of the cast: ada, ben, cleo; null signs out */
export const signIn = (member) => call("POST", "/sandbox/session", { member });

/** @param {{idBoard: string, idMember: string, state: string, idPlugin: string}} claims @returns {Promise<{jwt: string}>} */
export const makeJwt = (claims) => call("POST", "/sandbox/jwt", claims);

/** Stored Power-Up data in sight of this member: {scope: {visibility: "<JSON>"}}. @param {{idPlugin: string, idBoard: string, idCard?: string, idMember?: string}} where @returns {Promise<Record<string, Record<string, string>>>} */
export const readPluginData = (where) => call("GET", `/sandbox/plugin-data?${query(where)}`);

/** @param {{idPlugin: string, scope: string, visibility: string, idModel: string, idMember: string | null, value: string}} data */
export const writePluginData = (data) => call("PUT", "/sandbox/plugin-data", data);

/** @param {string} idCard @returns {Promise<Action[]>} */
export const readActions = (idCard) => call("GET", `/1/cards/${idCard}/actions?filter=all&limit=50`);

/** @param {{idList: string, name: string, desc?: string, urlSource?: string}} card @returns {Promise<Card>} */
export const createCard = (card) => call("POST", "/1/cards", { pos: "bottom", ...card });

/** @param {string} idCard @param {{idList?: string, pos?: number | 'top' | 'bottom', name?: string, desc?: string}} fields @returns {Promise<Card>} */
export const updateCard = (idCard, fields) => call("PUT", `/1/cards/${idCard}`, fields);

/** @param {string} idCard @param {string} text */
export const addComment = (idCard, text) => call("POST", `/1/cards/${idCard}/actions/comments`, { text });

/** @param {string} idCard @param {{url: string, name?: string}} attachment @returns {Promise<Attachment>} */
export const addAttachment = (idCard, attachment) => call("POST", `/1/cards/${idCard}/attachments`, attachment);

/** @param {string} idCard @param {string} idAttachment */
export const deleteAttachment = (idCard, idAttachment) =>
  call("DELETE", `/1/cards/${idCard}/attachments/${idAttachment}`);
