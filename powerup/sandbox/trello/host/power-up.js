// @ts-check
/**
 * A stand-in for Trello's Power-Up client library, for the sandbox when Trello's CDN cannot be reached.
 *
 * It offers the same `TrelloPowerUp` and `t.*` surface and speaks the same postMessage protocol, so a Power-Up page cannot
 * tell the two apart by behaviour. Written from public documentation and from the observed protocol; it shares no code with
 * Trello's library. Not offered: the REST and OAuth helpers (`getRestApi`, `getOAuth2ApiClient`) and the browser-local secrets.
 *
 * https://developer.atlassian.com/cloud/trello/power-ups/client-library/
 */
(() => {
  const page = /** @type {any} */ (window);
  const VERSION = "stand-in-1";
  const DEFAULT_ORIGIN = "https://trello.com";
  const CALLBACK_LIFE_MS = 120_000;
  const SWEEP_MS = 30_000;
  const LIMITS = /** @type {Record<string, number>} */ ({ card: 4096, member: 4096, board: 8192, organization: 8192 });
  const THEME_DEFAULTS = "dark:dark light:light";

  /** @typedef {(t: any, options: any) => any} Handler */

  // ---- Errors -----------------------------------------------------------------------------------------------------------

  class PowerUpError extends Error {
    /** @param {string} code @param {string} message */
    constructor(code, message) {
      super(message);
      this.name = "PowerUpError";
      this.code = code;
    }
  }
  /** What a handler throws to say "this URL is not mine". */
  class NotHandledError extends PowerUpError {
    /** @param {string} [message] */
    constructor(message = "Not handled") {
      super("not handled", message);
      this.name = "NotHandled";
    }
  }

  /** The host answers with plain words and perhaps a code; callers get an Error that names the command. @param {any} answer @param {string} command */
  function errorFromHost(answer, command) {
    const words = `${answer?.message ?? answer ?? "The request failed"} (Command: ${command})`;
    if (answer?.code === "not handled") return new NotHandledError(words);
    return answer?.code ? new PowerUpError(answer.code, words) : new Error(words);
  }

  /** @param {any} error */
  const errorForHost = (error) => ({ code: error?.code, message: String(error?.message ?? error) });

  // ---- Functions do not cross windows: they become {_callback: id} ----------------------------------------------------------

  const callbacks = (() => {
    let counter = 0;
    /** @type {Map<string, {fn: Handler, born: number, kept: boolean}>} */
    const held = new Map();
    setInterval(() => {
      for (const [id, entry] of held) if (!entry.kept && Date.now() - entry.born > CALLBACK_LIFE_MS) held.delete(id);
    }, SWEEP_MS);
    return {
      /** @param {Handler} fn */
      offer(fn) {
        counter += 1;
        const id = `cb${counter}`;
        held.set(id, { fn, born: Date.now(), kept: false });
        return { _callback: id };
      },
      /** @param {any} t @param {{callback: string, action?: string, options?: any}} request */
      answer(t, { callback, action, options }) {
        const entry = held.get(callback);
        if (!entry) throw new NotHandledError(`No callback ${callback}: it was released or has expired`);
        if (action === "release") return held.delete(callback);
        entry.kept = true;
        return action === "retain" ? callback : entry.fn(t, options);
      },
    };
  })();

  /** @param {string} url */
  const absolute = (url) => new URL(url, document.baseURI).href;

  /**
   * A copy that can be posted: functions become callbacks, './' under `url` and `icon` becomes absolute, undefined is left out.
   * @param {any} value @param {string} [key]
   * @returns {any}
   */
  function portable(value, key) {
    if (typeof value === "function") return callbacks.offer(value);
    if (typeof value === "string")
      return (key === "url" || key === "icon") && value.startsWith("./") ? absolute(value) : value;
    if (Array.isArray(value)) return value.map((item) => portable(item));
    if (value instanceof Date) return value.toISOString();
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([name, item]) => [name, portable(item, name)]));
  }

  // ---- The wire ---------------------------------------------------------------------------------------------------------------

  class Wire {
    /** @type {string | undefined} */ secret;
    /** @type {Map<string, {resolve: (value: any) => void, reject: (error: Error) => void, command: string}>} */
    #pending = new Map();
    /** @type {Map<MessageEventSource, any[]>} */
    #queues = new Map();
    #seed = crypto.getRandomValues(new Uint32Array(2)).join("-");
    #counter = 0;
    #targetOrigin;
    #handlers;
    #raw;

    /** @param {{targetOrigin: string, secret?: string, handlers: Record<string, Handler>, raw: (message: any) => void}} setup */
    constructor({ targetOrigin, secret, handlers, raw }) {
      this.#targetOrigin = targetOrigin;
      this.secret = secret;
      this.#handlers = handlers;
      this.#raw = raw;
      window.addEventListener("message", (event) => this.#receive(event));
    }

    /** @param {string} command @param {any[]} args @returns {Promise<any>} */
    request(command, args) {
      this.#counter += 1;
      const id = `${this.#seed}-${this.#counter}`;
      return new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, command });
        this.#send(window.parent, { type: "request", data: { id, command, args } });
      });
    }

    /** @param {MessageEventSource} target @param {any} item */
    #send(target, item) {
      const queue = this.#queues.get(target);
      if (queue) {
        queue.push(item);
        return;
      }
      this.#queues.set(target, [item]);
      setTimeout(() => {
        const data = this.#queues.get(target);
        this.#queues.delete(target);
        target.postMessage(
          { type: "bulk", data, ...(this.secret ? { secret: this.secret } : {}) },
          { targetOrigin: this.#targetOrigin },
        );
      }, 0);
    }

    /** @param {MessageEvent} event */
    #receive({ source, data }) {
      if (data === null || data === undefined || source === null || source === window) return;
      if (source !== window.parent && (!this.secret || data.secret !== this.secret)) return;
      if (typeof data !== "object" || !("type" in data)) {
        if (source === window.parent) this.#raw(data);
        return;
      }
      for (const item of data.type === "bulk" ? data.data : [data]) this.#take(item, source);
    }

    /** @param {any} item @param {MessageEventSource} source */
    #take(item, source) {
      if (item.type === "request") this.#answer(item.data, source);
      if (item.type !== "response") return;
      const waiting = this.#pending.get(item.data.to);
      this.#pending.delete(item.data.to);
      if (item.data.success) waiting?.resolve(item.data.response);
      else waiting?.reject(errorFromHost(item.data.response, waiting.command));
    }

    /** @param {{id: string, command: string, args: any[]}} request @param {MessageEventSource} source */
    async #answer({ id, command, args }, source) {
      /** @param {boolean} success @param {any} response */
      const reply = (success, response) =>
        this.#send(source, { type: "response", data: { to: id, success, response } });
      const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
      if (!handler) {
        reply(false, { code: "unsupported command", message: `No handler for ${command}` });
        return;
      }
      try {
        reply(true, portable((await handler(makeT(this, args), args[0])) ?? null));
      } catch (error) {
        reply(false, errorForHost(error));
      }
    }
  }

  // ---- t: what handlers and pages hold ------------------------------------------------------------------------------------------

  const SCOPES = Object.keys(LIMITS);
  /** @type {Map<string, Promise<any>>} */ const readsInFlight = new Map();
  /** @type {Map<string, Promise<any>>} */ const writes = new Map();
  /** @type {Map<string, Promise<string>>} */ const jwtsInFlight = new Map();

  /** @param {string} scope @param {string} visibility */
  function place(scope, visibility) {
    const isCard = /^([0-9a-f]{24}|[0-9A-Za-z]{8})$/.test(scope ?? "") && !SCOPES.includes(scope);
    if (!isCard && !SCOPES.includes(scope))
      throw new Error(`Invalid scope ${scope}: use ${SCOPES.join(", ")} or a card id`);
    if (visibility !== "shared" && visibility !== "private")
      throw new Error(`Invalid visibility ${visibility}: use shared or private`);
    return isCard ? { scope: "card", idCard: scope } : { scope };
  }

  /** @param {Record<string, any>} from @param {string[]} names */
  const pick = (from, names) =>
    Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

  /** Trello wants to know where a popup belongs: the clicked element it told us of, or the place of a click in our own page. @param {any} context @param {MouseEvent} [mouse] */
  function popupPlace(context, mouse) {
    if (!mouse) {
      if (context?.el) return {};
      throw new Error("Context missing target element: use the t given to the callback, or pass mouseEvent");
    }
    if (typeof mouse.clientX !== "number") throw new Error("Invalid mouseEvent was provided");
    if (mouse.clientX || mouse.clientY || !(mouse.target instanceof Element))
      return { pos: { x: mouse.clientX, y: mouse.clientY } };
    const box = mouse.target.getBoundingClientRect(); // a click by keyboard has no place of its own
    return { pos: { x: box.left + box.width / 2, y: box.bottom } };
  }

  /** @param {any} t @param {any} options */
  function popupContent(t, options) {
    if (options.type === "confirm") {
      if (options.onCancel && !options.cancelText) throw new Error("onCancel needs cancelText");
      return {
        type: "confirm",
        ...pick(options, ["message", "confirmStyle", "confirmText", "onConfirm", "cancelText", "onCancel"]),
      };
    }
    if (options.type === "date" || options.type === "datetime") {
      return { type: options.type, ...pick(options, ["callback", "date", "minDate", "maxDate"]) };
    }
    if (options.url)
      return {
        type: "iframe",
        url: t.signUrl(absolute(options.url), options.args),
        ...pick(options, ["width", "height"]),
      };
    if (!options.items) throw new Error("A popup needs url, items or a type");
    const items =
      Array.isArray(options.items) || typeof options.items === "function"
        ? options.items
        : Object.entries(options.items).map(([text, callback]) => ({ text, callback }));
    return { type: "list", items, ...pick(options, ["search"]) };
  }

  /** @param {any} t @param {any} options @param {number} height @param {string[]} names */
  function frameContent(t, options, height, names) {
    if (!options?.url) throw new Error("Missing url");
    return {
      content: {
        type: "iframe",
        url: t.signUrl(absolute(options.url), options.args),
        height: options.height ?? height,
        ...pick(options, names),
      },
    };
  }

  /** @param {string | number | Element} what */
  function heightOf(what) {
    if (typeof what === "number") return Math.ceil(what);
    const element = typeof what === "string" ? document.querySelector(what) : what;
    if (!(element instanceof HTMLElement)) throw new Error(`sizeTo: nothing matches ${what}`);
    element.style.overflow = "hidden";
    return Math.ceil(Math.max(element.scrollHeight, element.getBoundingClientRect().height));
  }

  /** Runs fn so that what it throws is a rejection, as callers of a promise API expect. @param {() => any} fn @returns {Promise<any>} */
  const promised = async (fn) => fn();

  const notOffered = (/** @type {string} */ name) => () => {
    throw new Error(`${name} is not part of the sandbox's stand-in client; load Trello's own library to use it`);
  };

  const methods = /** @type {Record<string, any> & ThisType<any>} */ ({
    NotHandled: (/** @type {string} */ message) => new NotHandledError(message),

    getContext() {
      return this.args[0].context;
    },
    isMemberSignedIn() {
      const member = this.getContext()?.member;
      return Boolean(member) && member !== "notLoggedIn";
    },
    memberCanWriteToModel(/** @type {string} */ model) {
      if (!this.isMemberSignedIn()) return false;
      if (!["board", "card", "organization"].includes(model))
        throw new Error("modelType must be one of: board, card, organization");
      return this.getContext().permissions?.[model] === "write";
    },
    request(/** @type {string} */ command, /** @type {any} */ options = {}) {
      return this.wire.request(command, [portable({ ...options, context: this.getContext() })]);
    },

    // Stored data
    getAll() {
      return this.readData({});
    },
    /** @param {{idCard?: string}} which */
    readData(which) {
      const context = this.getContext();
      const key = `${context?.card ?? ""}:${which.idCard ?? ""}`;
      const running = readsInFlight.get(key);
      if (running) return running;
      const read = this.request("data", which).then((/** @type {any} */ answer) => parseData(answer));
      readsInFlight.set(key, read);
      const forget = () => readsInFlight.delete(key);
      read.then(forget, forget);
      return read;
    },
    /** @param {string} scope @param {string} visibility @param {string} [key] @param {any} [fallback] */
    get(scope, visibility, key, fallback) {
      const at = place(scope, visibility);
      return this.readData(pick(at, ["idCard"])).then((/** @type {any} */ all) => {
        const values = all[at.scope]?.[visibility] ?? {};
        if (key === undefined) return values;
        return Object.hasOwn(values, key) ? values[key] : fallback;
      });
    },
    /** @param {string} scope @param {string} visibility @param {string | Record<string, any>} key @param {any} [value] */
    set(scope, visibility, key, value) {
      const added = typeof key === "string" ? { [key]: value } : key;
      return this.rewrite(scope, visibility, (/** @type {any} */ old) => ({ ...old, ...added }));
    },
    /** @param {string} scope @param {string} visibility @param {string | string[]} keys */
    remove(scope, visibility, keys) {
      const gone = [keys].flat();
      return this.rewrite(scope, visibility, (/** @type {any} */ old) =>
        Object.fromEntries(Object.entries(old).filter(([name]) => !gone.includes(name))),
      );
    },
    /** Read, change and write the whole object, one at a time within this page. @param {string} scope @param {string} visibility @param {(old: any) => any} change */
    rewrite(scope, visibility, change) {
      const at = place(scope, visibility);
      const lane = `${scope}:${visibility}:${this.getContext()?.card ?? ""}`;
      const work = async () => {
        readsInFlight.clear();
        const old = await this.get(scope, visibility);
        const data = JSON.stringify(change(old));
        if (data === JSON.stringify(old)) return undefined;
        const limit = LIMITS[at.scope];
        if (data.length > limit) throw new Error(`PluginData length of ${limit} characters exceeded`);
        return this.request("set", { ...at, visibility, data });
      };
      const before = writes.get(lane) ?? Promise.resolve();
      const done = before.then(work, work);
      writes.set(lane, done);
      return done;
    },

    // What Trello knows
    ...Object.fromEntries(
      ["card", "cards", "list", "lists", "board", "member", "organization"].map((name) => [
        name,
        /** @this {any} @param {string[]} fields */
        function (...fields) {
          return this.request(name, { fields: fields.flat() });
        },
      ]),
    ),
    attach(/** @type {{url: string, name?: string}} */ data) {
      if (!this.memberCanWriteToModel("card")) throw new Error("User lacks write permission on card");
      return this.request("attach-to-card", pick(data, ["url", "name"]));
    },
    /** @param {{state?: string, card?: boolean}} [options] */
    jwt({ state = "", card = false } = {}) {
      if (typeof state !== "string" || state.length > 2048)
        return Promise.reject(new Error("state must be a string of at most 2048 characters"));
      if (!this.isMemberSignedIn()) return Promise.reject(new Error("No active member in context."));
      const key = `${card ? this.getContext()?.card : ""}:${state}`;
      const running = jwtsInFlight.get(key);
      if (running) return running;
      const asked = this.request("jwt", { state, includeCard: card });
      jwtsInFlight.set(key, asked);
      const forget = () => jwtsInFlight.delete(key);
      asked.then(forget, forget);
      return asked;
    },
    requestToken(/** @type {any} */ options) {
      return this.request("request-token", options);
    },

    // Showing things
    popup(/** @type {any} */ options) {
      return promised(() => {
        const at = popupPlace(this.getContext(), options.mouseEvent);
        const request = { title: options.title, ...at, content: popupContent(this, options) };
        return this.request(
          "popup",
          options.callback && request.content.type === "iframe" ? { ...request, callback: options.callback } : request,
        );
      });
    },
    back() {
      return this.request("pop-popup");
    },
    closePopup() {
      return this.request("close-popup");
    },
    modal(/** @type {any} */ options) {
      return promised(() =>
        this.request(
          "modal",
          frameContent(this, options, 400, ["title", "accentColor", "fullscreen", "actions", "callback"]),
        ),
      );
    },
    updateModal(/** @type {any} */ options) {
      return this.request("update-modal", {
        content: pick(options, ["title", "accentColor", "fullscreen", "actions"]),
      });
    },
    closeModal() {
      return this.request("close-modal");
    },
    boardBar(/** @type {any} */ options) {
      return promised(() =>
        this.request(
          "board-bar",
          frameContent(this, options, 200, ["title", "accentColor", "resizable", "actions", "callback"]),
        ),
      );
    },
    closeBoardBar() {
      return this.request("close-board-bar");
    },
    alert(/** @type {any} */ options) {
      return promised(() => {
        const { message, duration = 5 } = options ?? {};
        if (typeof message !== "string" || message.length < 1 || message.length > 140)
          throw new Error("alert: message must be 1 to 140 characters");
        if (typeof duration !== "number" || duration < 5 || duration > 30)
          throw new Error("alert: duration must be 5 to 30 seconds");
        return this.request("alert", { message, duration, ...pick(options, ["display"]) });
      });
    },
    hideAlert() {
      return this.request("hideAlert");
    },
    sizeTo(/** @type {any} */ what) {
      return promised(() => {
        const height = heightOf(what);
        if (!height) throw new Error(`Unable to determine desired height for ${what}`);
        return this.request("resize", { height });
      });
    },
    navigate(/** @type {any} */ options) {
      return promised(() => {
        if (typeof options?.url !== "string") throw new Error("navigate: options need a url");
        return this.request("navigate", options);
      });
    },
    showCard(/** @type {string} */ idCard) {
      return this.request("showCard", { idCard });
    },
    hideCard() {
      return this.request("hideCard");
    },
    confetti() {
      return this.request("confetti");
    },
    notifyParent(/** @type {any} */ message, /** @type {{targetOrigin?: string}} */ options = {}) {
      window.parent.postMessage(message, options.targetOrigin ?? "*");
    },

    // Small helps
    arg(/** @type {string} */ name, /** @type {any} */ fallback) {
      const args = this.args[1];
      return args && typeof args === "object" && Object.hasOwn(args, name) ? args[name] : fallback;
    },
    signUrl(/** @type {string} */ url, /** @type {any} */ args) {
      const facts = { secret: this.wire.secret, context: this.getContext(), locale: page.locale, args };
      return `${url.split("#")[0]}#${encodeURIComponent(JSON.stringify(facts))}`;
    },
    safe(/** @type {any} */ text) {
      const words = /** @type {Record<string, string>} */ ({
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        "`": "&#x60;",
      });
      return String(text).replace(/[&<>"'`]/g, (mark) => words[mark]);
    },
    render(/** @type {() => void} */ fn) {
      drawing.fn = fn;
    },
    /** Opens a window where the person signs in elsewhere; that page calls window.opener.authorize(token). @param {any} url @param {any} [options] */
    authorize(url, { width = 800, height = 600, validToken = () => true, windowCallback } = {}) {
      return new Promise((resolve, reject) => {
        const secret = crypto.randomUUID();
        const opened = window.open(
          typeof url === "function" ? url(secret) : url,
          "authorize",
          `width=${width},height=${height}`,
        );
        if (!opened) {
          reject(new Error("The browser blocked the window: call authorize from a click"));
          return;
        }
        windowCallback?.(opened);
        const take = (/** @type {any} */ token) => {
          if (!validToken(token)) return;
          window.removeEventListener("storage", onStorage);
          opened.close();
          resolve(token);
        };
        const onStorage = (/** @type {StorageEvent} */ event) => {
          if (event.key !== "token" || !event.newValue) return;
          localStorage.removeItem("token");
          take(event.newValue);
        };
        page.authorize = take;
        window.addEventListener("storage", onStorage);
      });
    },
    getRestApi: notOffered("getRestApi"),
    getOAuth2ApiClient: notOffered("getOAuth2ApiClient"),
    storeSecret: notOffered("storeSecret"),
    loadSecret: notOffered("loadSecret"),
    clearSecret: notOffered("clearSecret"),

    getColorToken: colorToken,
    getComputedColorToken(/** @type {string} */ name, /** @type {string} */ fallback = "") {
      const property = colorToken(name).slice(4, -1);
      return getComputedStyle(document.documentElement).getPropertyValue(property).trim() || fallback;
    },
    subscribeToThemeChanges(/** @type {(theme: any) => void} */ fn) {
      if (typeof fn !== "function") throw new TypeError("subscribeToThemeChanges needs a function");
      theme.subscribers.add(fn);
      return () => theme.subscribers.delete(fn);
    },

    localizeKey,
    localizeKeys: (/** @type {any[]} */ keys) =>
      keys.map((key) => (Array.isArray(key) ? localizeKey(key[0], key[1]) : localizeKey(key))),
    localizeNode,
  });

  /** @param {Wire} wire @param {any[]} args */
  const makeT = (wire, args) => Object.assign(Object.create(methods), { wire, args, secret: wire.secret });

  /** @param {any} answer */
  function parseData(answer) {
    /** @type {Record<string, Record<string, any>>} */
    const all = {};
    for (const [scope, byVisibility] of Object.entries(answer ?? {})) {
      all[scope] = Object.fromEntries(
        Object.entries(byVisibility ?? {}).map(([visibility, text]) => [visibility, text ? JSON.parse(text) : {}]),
      );
    }
    return all;
  }

  // ---- Theme ----------------------------------------------------------------------------------------------------------------------

  /** @type {{subscribers: Set<(theme: any) => void>}} */
  const theme = { subscribers: new Set() };

  /** @param {'light' | 'dark' | null | undefined} mode */
  function showTheme(mode) {
    const root = document.documentElement;
    if (mode === "light" || mode === "dark") {
      root.dataset.colorMode = mode;
      root.dataset.theme = THEME_DEFAULTS;
    } else {
      delete root.dataset.colorMode;
      delete root.dataset.theme;
    }
  }

  /** 'color.text.subtle' is the CSS variable --ds-text-subtle. @param {string} name */
  function colorToken(name) {
    const path = name.replace(/^(color|elevation)\./, "").replace(/\.?\[default\]/g, "");
    return `var(--ds-${path.replaceAll(".", "-")})`;
  }

  // ---- Languages --------------------------------------------------------------------------------------------------------------------

  /** @type {{localize: (key: string, args?: any) => string} | null} */ let localizer = null;

  /** @param {any} options @param {string} [locale] */
  async function loadLanguage(options, locale) {
    page.locale = locale ?? "en";
    if (options.localizer) localizer = options.localizer;
    else if (options.loadLocalizer) localizer = await options.loadLocalizer(page.locale);
    else if (options.localization) localizer = await fetchWords(options.localization, page.locale);
  }

  /** @param {{defaultLocale: string, supportedLocales: string[], resourceUrl: string}} localization @param {string} locale */
  async function fetchWords({ defaultLocale, supportedLocales, resourceUrl }, locale) {
    const known = [locale, locale.split("-")[0]].find((name) => supportedLocales.includes(name)) ?? defaultLocale;
    const answer = await fetch(absolute(resourceUrl.replace("{locale}", known)));
    const words = /** @type {Record<string, string>} */ (await answer.json());
    return {
      localize(/** @type {string} */ key, /** @type {any} */ args = {}) {
        if (!Object.hasOwn(words, key)) throw new Error(`No text for the key ${key}`);
        return words[key].replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) => {
          if (!Object.hasOwn(args, name)) throw new Error(`The text ${key} needs ${name}`);
          return String(args[name]);
        });
      },
    };
  }

  /** @param {string} key @param {any} [args] */
  function localizeKey(key, args) {
    if (!localizer) throw new Error("No localizer available for localization");
    return localizer.localize(key, args);
  }

  /** @param {Element} node */
  function localizeNode(node) {
    for (const element of [node, ...node.querySelectorAll("[data-i18n-id],[data-i18n-attrs]")]) {
      if (!(element instanceof HTMLElement)) continue;
      const { i18nId, i18nArgs, i18nAttrs } = element.dataset;
      const args = i18nArgs ? JSON.parse(i18nArgs) : {};
      if (i18nId) element.textContent = localizeKey(i18nId, args);
      for (const [name, key] of Object.entries(i18nAttrs ? JSON.parse(i18nAttrs) : {}))
        element.setAttribute(name, localizeKey(String(key), args));
    }
  }

  // ---- The two ways in ----------------------------------------------------------------------------------------------------------------

  /** @type {{fn: (() => void) | null}} */
  const drawing = { fn: null };
  /** @type {'initialize' | 'iframe' | null} */ let started = null;

  /** @param {'initialize' | 'iframe'} way */
  function begin(way) {
    if (started)
      console.warn(`TrelloPowerUp.${way}() was called after TrelloPowerUp.${started}(); a page uses one of them, once`);
    started = way;
  }

  /** For the connector page: offers its capabilities to the board. @param {Record<string, Handler>} handlers @param {any} [options] */
  function initialize(handlers, options = {}) {
    begin("initialize");
    const wire = new Wire({
      targetOrigin: options.targetOrigin ?? DEFAULT_ORIGIN,
      handlers: { ...handlers, callback: (t, request) => callbacks.answer(t, request) },
      raw: () => {},
    });
    const hello = wire.request("initialize", [[...Object.keys(handlers), "callback"]]);
    hello
      .then(async ({ secret, locale }) => {
        wire.secret = secret;
        await loadLanguage(options, locale);
        return wire.request("ready", []);
      })
      .catch((error) => console.warn("The board did not accept this Power-Up:", error));
    return makeT(wire, [{ context: {} }]);
  }

  /** For every other page: reads who and where it is from the address's fragment. @param {any} [options] */
  function iframe(options = {}) {
    begin("iframe");
    const facts = readFragment();
    const language = loadLanguage(options, facts.locale);
    showTheme(options.useADSTokens === false ? null : (facts.context?.initialTheme ?? facts.context?.theme));
    const wire = new Wire({
      targetOrigin: options.targetOrigin ?? DEFAULT_ORIGIN,
      secret: facts.secret,
      handlers: { callback: (t, request) => callbacks.answer(t, request) },
      raw: (message) => {
        if (message === "render") language.then(() => drawing.fn?.());
        else if (typeof message === "object" && "theme" in message) {
          if (options.useADSTokens !== false) showTheme(message.theme);
          for (const fn of theme.subscribers) fn(message.theme);
        }
      },
    });
    return makeT(wire, [{ context: facts.context ?? {} }, facts.args]);
  }

  function readFragment() {
    try {
      return JSON.parse(decodeURIComponent(location.hash.slice(1)));
    } catch {
      console.warn(
        "This page was opened without a signed address, so the board will refuse its requests: use t.signUrl()",
      );
      return {};
    }
  }

  page.TrelloPowerUp = {
    version: VERSION,
    initialize,
    iframe,
    Promise: window.Promise,
    NotHandled: NotHandledError,
  };
})();
