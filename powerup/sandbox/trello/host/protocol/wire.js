// @ts-check
/**
 * The postMessage envelope between this page and one Power-Up.
 *
 * { type: 'bulk', secret?, data: [ {type: 'request', data: {id, command, args}} | {type: 'response', data: {to, success, response}} ] }
 * Only frames that the page itself opened for this Power-Up are heard, and only with its secret; the connector's first word,
 * `initialize`, comes without, because it asks for it.
 */

/** An answer of "no" that the other side understands by its code. */
export class ProtocolError extends Error {
  /** @param {'plugin disabled' | 'invalid context' | 'not handled' | 'unsupported command' | ''} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}

export class TimeoutError extends Error {
  name = "TimeoutError";
}

/** @typedef {(command: string, args: any[], frame: HTMLIFrameElement) => Promise<any>} Answerer */
/** @typedef {{direction: 'in' | 'out', command: string, ms: number, outcome: 'ok' | 'not handled' | 'refused' | 'timeout', detail?: string}} LogLine */

export class Wire {
  secret = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  /** @type {Map<string, {take: (item: any) => void, frame: HTMLIFrameElement}>} */
  #pending = new Map();
  /** @type {Map<HTMLIFrameElement, {origin: string, connector: boolean, said: (message: any) => void}>} */
  #frames = new Map();
  /** @type {Map<Window, any[]>} */
  #queues = new Map();
  #counter = 0;
  #answer;
  #log;

  /** @param {{answer: Answerer, log: (line: LogLine) => void}} setup */
  constructor({ answer, log }) {
    this.#answer = answer;
    this.#log = log;
    window.addEventListener("message", (event) => this.#receive(event));
  }

  /** From now on this frame is heard. @param {HTMLIFrameElement} frame @param {{origin: string, connector?: boolean, said?: (message: any) => void}} terms */
  listenTo(frame, { origin, connector = false, said = () => {} }) {
    this.#frames.set(frame, { origin, connector, said });
  }

  /** @param {HTMLIFrameElement} frame */
  forget(frame) {
    this.#frames.delete(frame);
    for (const [id, waiting] of this.#pending) if (waiting.frame === frame) this.#pending.delete(id);
  }

  get frames() {
    return [...this.#frames.keys()];
  }

  /** @param {HTMLIFrameElement} frame @param {string} command @param {any} options @param {number} patience in ms @returns {Promise<any>} */
  request(frame, command, options, patience) {
    this.#counter += 1;
    const id = `host-${this.#counter}`;
    const started = performance.now();
    /** @param {LogLine['outcome']} outcome @param {string} [detail] */
    const log = (outcome, detail) =>
      this.#log({ direction: "out", command, ms: performance.now() - started, outcome, detail });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        log("timeout", `no answer within ${patience} ms`);
        reject(new TimeoutError(`${command}: no answer within ${patience} ms`));
      }, patience);
      const take = (/** @type {any} */ { success, response }) => {
        clearTimeout(timer);
        if (success) log("ok");
        else if (response?.code === "not handled") log("not handled");
        else log("refused", response?.message || response?.code);
        if (success) resolve(response);
        else reject(new ProtocolError(response?.code ?? "", response?.message ?? "The Power-Up refused"));
      };
      this.#pending.set(id, { take, frame });
      this.#send(frame, { type: "request", data: { id, command, args: [options] } });
    });
  }

  /** A message outside the envelope: 'render' or {theme}. @param {HTMLIFrameElement} frame @param {any} message */
  say(frame, message) {
    const terms = this.#frames.get(frame);
    if (terms) frame.contentWindow?.postMessage(message, terms.origin);
  }

  /** @param {HTMLIFrameElement} frame @param {any} item */
  #send(frame, item) {
    const target = frame.contentWindow;
    const terms = this.#frames.get(frame);
    if (!target || !terms) return;
    const queue = this.#queues.get(target);
    if (queue) {
      queue.push(item);
      return;
    }
    this.#queues.set(target, [item]);
    setTimeout(() => {
      const data = this.#queues.get(target);
      this.#queues.delete(target);
      target.postMessage({ type: "bulk", secret: this.secret, data }, terms.origin);
    }, 0);
  }

  /** @param {MessageEvent} event */
  #receive({ data, origin, source }) {
    const frame = this.frames.find((one) => one.contentWindow === source);
    const terms = frame && this.#frames.get(frame);
    if (!frame || !terms || terms.origin !== origin || data === null || data === undefined) return;
    if (typeof data !== "object" || !["bulk", "request", "response"].includes(data.type)) {
      terms.said(data);
      return;
    }
    const items = data.type === "bulk" && Array.isArray(data.data) ? data.data : [data];
    for (const item of items) {
      const hello = terms.connector && item?.type === "request" && item.data?.command === "initialize";
      if (data.secret === this.secret || hello) this.#take(item, frame);
      else
        this.#log({
          direction: "in",
          command: String(item?.data?.command ?? item?.type),
          ms: 0,
          outcome: "refused",
          detail: "wrong secret",
        });
    }
  }

  /** @param {any} item @param {HTMLIFrameElement} frame */
  #take(item, frame) {
    if (item.type === "request") this.#reply(item.data, frame);
    if (item.type !== "response") return;
    const waiting = this.#pending.get(item.data?.to);
    if (waiting?.frame !== frame) return;
    this.#pending.delete(item.data.to);
    waiting.take(item.data);
  }

  /** @param {{id: string, command: string, args: any[]}} request @param {HTMLIFrameElement} frame */
  async #reply({ id, command, args }, frame) {
    const started = performance.now();
    /** @param {boolean} success @param {any} response @param {string} [detail] */
    const reply = (success, response, detail) => {
      const refusal = response?.code === "not handled" ? "not handled" : "refused";
      this.#log({
        direction: "in",
        command,
        ms: performance.now() - started,
        outcome: success ? "ok" : refusal,
        detail,
      });
      this.#send(frame, { type: "response", data: { to: id, success, response } });
    };
    try {
      reply(true, (await this.#answer(command, Array.isArray(args) ? args : [], frame)) ?? null);
    } catch (error) {
      const { code, message } =
        error instanceof ProtocolError
          ? error
          : { code: undefined, message: String(error instanceof Error ? error.message : error) };
      reply(false, code ? { code, message } : { message }, message);
    }
  }
}
