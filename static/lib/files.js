// @ts-check
/** Files in customers' messages, through our own server: the browser of whoever reads a thread never asks the forum. */

import { ProblemError } from "./api.js";

/** @type {import("./api.js").ApiClient | null} */
let client = null;

/** The page's way to our API. @param {import("./api.js").ApiClient} api */
export function fetchFilesBy(api) {
  client = api;
}

/** A thread full of pictures asks for two at a time: a forum is asked for each. */
const AT_ONCE = 2;
const TRIES = 4;
let running = 0;
/** @type {(() => void)[]} */
const waiting = [];

/** @param {Api.File} file @param {AbortSignal} [signal] @returns {Promise<Blob>} rejects with ProblemError, or AbortError. */
export async function blobOf(file, signal) {
  if (!client) throw new Error("fetchFilesBy() comes first");
  if (running >= AT_ONCE) await new Promise((go) => waiting.push(() => go(undefined)));
  running += 1;
  try {
    return await patiently(client, file.path, signal);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** @param {import("./api.js").ApiClient} api @param {string} path @param {AbortSignal} [signal] @returns {Promise<Blob>} */
async function patiently(api, path, signal) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.blob(path, { signal });
    } catch (error) {
      const asked = error instanceof ProblemError && error.status === 429 ? error.retryAfter : null;
      if (!asked || tries === TRIES) throw error;
      await new Promise((go) => setTimeout(go, Math.min(asked, 10) * 1000));
    }
  }
}

/** What a browser shows as a picture; SVG is a document, and none. @param {Api.File} file */
export const isPicture = ({ content_type, shown_as }) =>
  shown_as !== null || /^image\/(png|jpe?g|gif|webp|avif)$/i.test(content_type ?? "");

/** Have the browser keep it. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser begins to read it in its own time.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** "812 bytes", "14 kB", "2.3 MB"; empty when unknown. @param {number | null} size */
export function sizeWords(size) {
  if (size === null) return "";
  if (size < 1000) return `${size} bytes`;
  return size < 1_000_000 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}
