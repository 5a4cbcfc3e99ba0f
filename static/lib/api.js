// @ts-check
/** Our API: one `fetch`, one error shape, one timeout. */

const TIMEOUT_MS = 20_000;
const SAYINGS = /** @type {Record<string, [string, string]>} */ ({
  offline: ["You are offline", "Closeloop cannot be reached. Check your connection; what you typed is kept."],
  timeout: ["Closeloop takes too long", "There was no answer in time. What you typed is kept; try again."],
  unreadable: ["Closeloop answered oddly", "Something between you and Closeloop is broken. Try again in a minute."],
});

/** A problem document (RFC 9457) as an error. `code` is stable; `detail` is for people. */
export class ProblemError extends Error {
  /** @param {Partial<Api.Problem> & {code: string}} problem */
  constructor(problem) {
    super(problem.detail || problem.title || "Something went wrong.");
    this.name = "ProblemError";
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.title = problem.title || "Something went wrong";
    this.detail = this.message;
    this.retryAfter = Number(problem.retry_after) || null;
    this.requestId = problem.request_id ?? null;
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.problem = problem;
  }

  /** Whether trying the same again may help. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** @param {string} code @param {number} [status] */
const saying = (code, status = 0) =>
  new ProblemError({ code, status, title: SAYINGS[code]?.[0], detail: SAYINGS[code]?.[1] });

/**
 * One request. Resolves with the parsed answer (null for an empty one); rejects with ProblemError, or AbortError when `signal` fired.
 * @param {string} method @param {string} path
 * @param {{body?: unknown, token?: string, signal?: AbortSignal, timeout?: number}} [options]
 * @returns {Promise<any>}
 */
export function send(method, path, options = {}) {
  return exchange(method, path, options, read);
}

/**
 * @template T
 * @param {string} method @param {string} path
 * @param {{body?: unknown, token?: string, signal?: AbortSignal, timeout?: number}} options
 * @param {(response: Response) => Promise<T>} take
 * @returns {Promise<T>}
 */
async function exchange(method, path, { body, token, signal, timeout = TIMEOUT_MS }, take) {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeout);
  const stop = () => clock.abort();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) clock.abort();
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        Accept: "application/json, application/problem+json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: clock.signal,
    });
    return await take(response);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (signal?.aborted) throw new DOMException("Not wanted any more", "AbortError");
    throw saying(clock.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** @param {Response} response */
async function read(response) {
  const text = await response.text();
  if (response.ok && text === "") return null;
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw saying("unreadable", response.status >= 400 ? response.status : 502);
  }
  if (response.ok) return answer;
  const wait = answer?.retry_after ?? response.headers.get("Retry-After");
  throw new ProblemError({ code: "internal", status: response.status, ...answer, retry_after: wait });
}

/** @param {Response} response @returns {Promise<Blob>} */
async function readBlob(response) {
  return response.ok ? response.blob() : read(response);
}

/** Requests with a bearer token. A refused token is replaced once; a second refusal is shown. */
export class ApiClient {
  #session;

  /** @param {{token: () => Promise<string>, forget: (token: string) => void}} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {string} method @param {string} path @param {{body?: unknown, signal?: AbortSignal, timeout?: number}} [options] @returns {Promise<any>} */
  call(method, path, options = {}) {
    return this.#signedIn((token) => send(method, path, { ...options, token }));
  }

  /** A file's bytes. @param {string} path @param {{signal?: AbortSignal}} [options] @returns {Promise<Blob>} */
  blob(path, options = {}) {
    return this.#signedIn((token) => exchange("GET", path, { ...options, token }, readBlob));
  }

  /**
   * @template T
   * @param {(token: string) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #signedIn(ask) {
    const token = await this.#session.token();
    try {
      return await ask(token);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      this.#session.forget(token);
      return ask(await this.#session.token());
    }
  }

  /** @param {string} path @param {{signal?: AbortSignal, timeout?: number}} [options] */
  get(path, options) {
    return this.call("GET", path, options);
  }

  /** @param {string} path @param {unknown} body @param {{signal?: AbortSignal, timeout?: number}} [options] */
  post(path, body, options) {
    return this.call("POST", path, { ...options, body });
  }
}
