// @ts-check
/** One Power-Up on the board: its hidden connector frame, what it offers, its further frames and its callbacks. */

import { ProtocolError, TimeoutError, Wire } from "./wire.js";

/** @import {CallbackRef, Context, PluginInfo} from '../types' */
/** @import {LogLine} from './wire.js' */

/** Trello's own patience, in ms: https://developer.atlassian.com/cloud/trello/guides/power-ups/ */
const CONNECTOR_LOAD = 10_000;
const ANSWER = 5_000;
const PATIENCE = /** @type {Record<string, number>} */ ({ "on-disable": 500, "remove-data": 500 });
/** Trello gives these 150 ms; the sandbox waits longer on a busy machine but says so in the log. */
const HURRIED = ["list-actions", "list-sorters"];

const SANDBOX = [
  "allow-scripts",
  "allow-same-origin",
  "allow-forms",
  "allow-popups",
  "allow-popups-to-escape-sandbox",
  "allow-modals",
  "allow-downloads",
  "allow-storage-access-by-user-activation",
].join(" ");

/** A callback together with the frame whose function it is. @typedef {{powerUp: PowerUp, frame: HTMLIFrameElement, id: string}} Call */

export class PowerUp {
  /** @type {string[]} */ capabilities = [];
  /** @type {HTMLIFrameElement | null} */ #connector = null;
  #context;
  #log;
  /** @type {() => void} */ #sayReady = () => {};
  /** Settles when the connector is ready or has failed to be; nothing rejects. @type {Promise<void>} */ settled =
    Promise.resolve();
  isLoading = false;

  /**
   * @param {PluginInfo} info
   * @param {{
   *   context: (powerUp: PowerUp, where: Partial<Context>) => Context,
   *   answer: (powerUp: PowerUp, command: string, args: any[], frame: HTMLIFrameElement) => Promise<any>,
   *   log: (line: LogLine) => void,
   * }} host
   */
  constructor(info, host) {
    this.info = info;
    this.#context = host.context;
    this.#log = host.log;
    this.wire = new Wire({
      log: host.log,
      answer: (command, args, frame) =>
        this.#shakeHands(command, args, frame) ?? host.answer(this, command, args, frame),
    });
  }

  /** Loads the connector; resolves when it said `ready`, rejects when it did not in time. */
  async start() {
    this.isLoading = true;
    const loaded = this.#load();
    this.settled = loaded.then(
      () => {},
      () => {},
    );
    try {
      await loaded;
    } finally {
      this.isLoading = false;
    }
  }

  async #load() {
    const frame = this.#makeFrame(this.info.connector, `${this.info.name} connector`);
    frame.hidden = true;
    this.#connector = frame;
    this.wire.listenTo(frame, { origin: new URL(this.info.connector, location.href).origin, connector: true });
    document.body.append(frame);
    await new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new TimeoutError("The connector page did not say that it is ready")),
        CONNECTOR_LOAD,
      );
      this.#sayReady = () => {
        clearTimeout(late);
        resolve(undefined);
      };
    });
  }

  stop() {
    if (!this.#connector) return;
    this.wire.forget(this.#connector);
    this.#connector.remove();
    this.#connector = null;
    this.capabilities = [];
  }

  /** @param {string} command @param {any[]} args @param {HTMLIFrameElement} frame @returns {Promise<any> | null} */
  #shakeHands(command, args, frame) {
    if (frame !== this.#connector) return null;
    if (command === "initialize") {
      this.capabilities = Array.isArray(args[0]) ? args[0].map(String) : [];
      return Promise.resolve({
        secret: this.wire.secret,
        locale: "en",
        member: this.context({}).member,
        version: "sandbox",
      });
    }
    if (command !== "ready") return null;
    this.#sayReady();
    return Promise.resolve(null);
  }

  /** @param {string} capability */
  can(capability) {
    return this.capabilities.includes(capability);
  }

  /** @param {Partial<Context>} where */
  context(where) {
    return this.#context(this, where);
  }

  /** Asks the connector; a capability that it does not offer is "not handled". @param {string} capability @param {Partial<Context>} where @param {Record<string, unknown>} [options] @returns {Promise<any>} */
  async ask(capability, where, options = {}) {
    if (!this.#connector || !this.can(capability))
      throw new ProtocolError("not handled", `${this.info.name} has no ${capability}`);
    const context = this.context({ ...where, command: capability });
    const started = performance.now();
    const answer = await this.wire.request(
      this.#connector,
      capability,
      { context, locale: "en", ...options },
      PATIENCE[capability] ?? ANSWER,
    );
    const ms = performance.now() - started;
    if (HURRIED.includes(capability) && ms > 150) {
      this.#log({
        direction: "out",
        command: capability,
        ms,
        outcome: "timeout",
        detail: "Trello would have given up after 150 ms",
      });
    }
    return answer;
  }

  /** The function behind a reference that came from this frame (the connector unless named). @param {CallbackRef} ref @param {HTMLIFrameElement} [frame] @returns {Call} */
  bind(ref, frame) {
    const owner = frame ?? this.#connector;
    if (!owner) throw new ProtocolError("plugin disabled", `${this.info.name} is switched off`);
    return { powerUp: this, frame: owner, id: ref._callback };
  }

  /** Calls the function. @param {Call} call @param {Partial<Context>} where @param {unknown} [options] @returns {Promise<any>} */
  run(call, where, options) {
    return this.#callback(call, "run", where, options);
  }

  /** Keeps the function beyond the two minutes that an unused one lives. @param {Call} call @param {Partial<Context>} where */
  retain(call, where) {
    return this.#callback(call, "retain", where);
  }

  /** @param {Call} call */
  release(call) {
    if (!call.frame.isConnected) return;
    this.#callback(call, "release", {}).catch(() => {}); // it may be gone already; the log shows it
  }

  /** @param {Call} call @param {'run' | 'retain' | 'release'} action @param {Partial<Context>} where @param {unknown} [options] */
  #callback(call, action, where, options) {
    const context = this.context({ ...where, command: "callback" });
    return this.wire.request(
      call.frame,
      "callback",
      { context, callback: call.id, action, ...(options === undefined ? {} : { options }) },
      ANSWER,
    );
  }

  /** A visible frame of this Power-Up; it is told to draw once it has loaded. @param {string} url @param {string} title @param {{height?: number, said?: (message: any) => void}} [terms] */
  open(url, title, { height, said } = {}) {
    const frame = this.#makeFrame(url, title);
    if (height) frame.style.height = `${height}px`;
    this.wire.listenTo(frame, { origin: new URL(url).origin, said });
    frame.addEventListener("load", () => this.wire.say(frame, "render"));
    return frame;
  }

  /** @param {HTMLIFrameElement} frame */
  close(frame) {
    this.wire.forget(frame);
    frame.remove();
  }

  /** Tells every visible frame (or those inside an element) to draw again. @param {ParentNode} [within] */
  renderFrames(within = document) {
    for (const frame of this.#visibleFrames())
      if (within === document || within.contains(frame)) this.wire.say(frame, "render");
  }

  /** @param {'light' | 'dark'} theme */
  tellTheme(theme) {
    for (const frame of this.#visibleFrames()) this.wire.say(frame, { theme });
  }

  #visibleFrames() {
    return this.wire.frames.filter((frame) => frame !== this.#connector && frame.isConnected);
  }

  /** @param {string} url @param {string} title */
  #makeFrame(url, title) {
    const address = new URL(url, location.href);
    if (!["http:", "https:"].includes(address.protocol))
      throw new ProtocolError("", `A frame needs an http address, not ${address.protocol}`);
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", SANDBOX);
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.title = title;
    frame.src = address.href;
    return frame;
  }
}
