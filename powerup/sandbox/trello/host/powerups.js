// @ts-check
/** The Power-Ups of the board: starting them, telling them where they are, switching them off and on. */

import { PowerUp } from "./protocol/powerup.js";

/** @import {Context} from "./types" */
/** @import {LogLine} from "./protocol/wire.js" */
/** @import {Store} from "./store.js" */

const OFF_KEY = "sandbox-powerups-off";
const JUST_ON_KEY = "sandbox-powerup-just-on";

/**
 * @typedef {object} Terms
 * @property {(powerUp: PowerUp, command: string, args: any[], frame: HTMLIFrameElement) => Promise<any>} answer
 * @property {() => 'light' | 'dark'} theme
 * @property {(line: LogLine) => void} log
 * @property {(powerUp: PowerUp) => void} ready
 */

export class PowerUps {
  /** Those that are switched off, and those that did not answer, too. @type {PowerUp[]} */ all = [];
  #store;
  #terms;

  /** @param {Store} store @param {Terms} terms */
  constructor(store, terms) {
    this.#store = store;
    this.#terms = terms;
  }

  start() {
    const { answer, log } = this.#terms;
    const context = this.#context.bind(this);
    this.all = (this.#store.state.board?.plugins ?? []).map((info) => new PowerUp(info, { context, answer, log }));
    for (const powerUp of this.all) if (this.isOn(powerUp)) this.#start(powerUp);
  }

  /** @param {PowerUp} powerUp */
  isOn(powerUp) {
    return !switchedOff().has(this.#switchName(powerUp));
  }

  /** In this browser, for this board. @param {PowerUp} powerUp @param {boolean} on */
  async turn(powerUp, on) {
    if (!on) await powerUp.ask("on-disable", {}).catch(() => {}); // best effort, as in Trello
    const off = switchedOff();
    if (on) off.delete(this.#switchName(powerUp));
    else off.add(this.#switchName(powerUp));
    localStorage.setItem(OFF_KEY, JSON.stringify([...off]));
    if (on) sessionStorage.setItem(JUST_ON_KEY, powerUp.info.id);
    location.reload();
  }

  /** @param {PowerUp} powerUp */
  async #start(powerUp) {
    const { log, ready } = this.#terms;
    const started = performance.now();
    try {
      await powerUp.start();
    } catch (error) {
      const detail = `${powerUp.info.name}: ${error instanceof Error ? error.message : error}`;
      log({ direction: "out", command: "load", ms: performance.now() - started, outcome: "timeout", detail });
      return;
    }
    ready(powerUp);
    if (sessionStorage.getItem(JUST_ON_KEY) !== powerUp.info.id) return;
    sessionStorage.removeItem(JUST_ON_KEY);
    powerUp.ask("on-enable", {}).catch(() => {}); // not every Power-Up has something to say here
  }

  /** What a Power-Up is told of where it is and who looks. @param {PowerUp} powerUp @param {Partial<Context>} where @returns {Context} */
  #context(powerUp, where) {
    const { board, member } = this.#store.state;
    const card = this.#store.card(where.card);
    const permission = board?.permission ?? "read";
    const organization = board?.idOrganization;
    const theme = this.#terms.theme();
    return {
      board: board?.id ?? "",
      ...(organization ? { organization } : {}),
      ...(card ? { list: card.idList } : {}),
      ...where,
      member: member?.id ?? "notLoggedIn",
      plugin: powerUp.info.id,
      permissions: {
        board: permission,
        ...(card ? { card: permission } : {}),
        ...(organization ? { organization: permission } : {}),
      },
      theme,
      initialTheme: theme,
      version: "sandbox",
    };
  }

  /** @param {PowerUp} powerUp */
  #switchName(powerUp) {
    return `${this.#store.state.board?.id}:${powerUp.info.id}`;
  }
}

/** Which Power-Ups this browser has switched off, by board. */
function switchedOff() {
  return new Set(/** @type {string[]} */ (JSON.parse(localStorage.getItem(OFF_KEY) ?? "[]")));
}
