// @ts-check

/**
 * A fresh id for one thing a person asked for. Sent again with the same id, the server answers with what it already has.
 * `crypto.randomUUID` exists on secure origins only, so it is not relied on.
 */
export function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
