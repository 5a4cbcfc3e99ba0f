// @ts-check
/** A Power-Up that uses everything once, for the tests of the host and of the client library. */

import { client, targetOrigin } from "./common.js";

const OURS = "https://forum.test/";
let ticks = 0;
let authorized = false;

/** @typedef {any} T */
const note = (/** @type {string} */ message) => (/** @type {T} */ t) => t.alert({ message, duration: 5 });
/** Closes the popup it was clicked in. @param {string} message */
const chosen = (message) => async (/** @type {T} */ t) => {
  await t.closePopup();
  return t.alert({ message });
};

const TICKETS = ["Runs fail at night", "Login loops", "Invoice is blank"];

const buttons = {
  "Find ticket": (/** @type {T} */ t) =>
    t.popup({
      title: "Find a ticket",
      items: (/** @type {T} */ _, /** @type {{search: string}} */ { search }) =>
        TICKETS.filter((name) => name.toLowerCase().includes(search.toLowerCase())).map((text) => ({ text, callback: chosen(`Chose ${text}`) })),
      search: { placeholder: "Search tickets", empty: "No such ticket", searching: "Looking…" },
    }),
  "Pick one": (/** @type {T} */ t) => t.popup({ title: "Pick", items: [{ text: "First", callback: chosen("First it is") }, { text: "Elsewhere", url: OURS }] }),
  "Ask first": (/** @type {T} */ t) =>
    t.popup({ type: "confirm", title: "Sure?", message: "Tell the customer?", confirmText: "Tell", confirmStyle: "danger", onConfirm: chosen("Told"), cancelText: "Not now", onCancel: chosen("Kept quiet") }),
  "Set a date": (/** @type {T} */ t) =>
    t.popup({ type: "date", title: "When?", callback: async (/** @type {T} */ inner, /** @type {{date: string}} */ { date }) => chosen(`Date ${date.slice(0, 10)}`)(inner) }),
  "Open window": (/** @type {T} */ t) =>
    t.modal({
      url: "./modal.html",
      args: { from: "button" },
      title: "A window",
      height: 240,
      accentColor: "#155e75",
      actions: [{ icon: "./icon.svg", alt: "Say hello", callback: note("Hello from the action"), position: "left" }],
      callback: note("The window was closed"),
    }),
  "Open bar": (/** @type {T} */ t) => t.boardBar({ url: "./modal.html", args: { from: "bar" }, title: "A bar", height: 150 }),
  "Go away": (/** @type {T} */ t) => t.navigate({ url: "https://elsewhere.test/" }).catch((/** @type {Error} */ error) => t.alert({ message: error.message.slice(0, 140) })),
};

const icons = { dark: new URL("icon.svg?dark", location.href).href, light: new URL("icon.svg?light", location.href).href };

/** @type {Record<string, (t: T, options: any) => any>} */
const capabilities = {
  "board-buttons": () => [
    { icon: icons, text: "Triage", callback: note("Triage from the board") },
    {
      icon: icons,
      text: "Queue",
      condition: "edit",
      callback: (/** @type {T} */ t) =>
        t.modal({
          url: "./modal.html",
          args: { from: "board" },
          title: "The queue",
          accentColor: "#155e75",
          fullscreen: true,
          actions: [{ icon: "./icon.svg", alt: "Elsewhere", url: OURS, position: "right" }],
          callback: note("The queue was closed"),
        }),
    },
    { icon: icons, text: "Status page", url: OURS, target: "Status", condition: "always" },
  ],
  "card-badges": (_, { attachments }) => [
    { text: `${attachments.length} linked`, icon: "./icon.svg", color: "green" },
    {
      dynamic: () => {
        ticks += 1;
        return { text: `tick ${ticks}`, color: "red", refresh: 10 };
      },
    },
  ],
  "card-detail-badges": () => [
    { title: "Waiting", text: "on us", color: "orange", callback: (/** @type {T} */ t) => t.popup({ title: "Why", url: "./popup.html", args: { why: "two days" }, height: 120, callback: note("Done was said") }) },
    { title: "Thread", text: "open", url: OURS },
    { dynamic: () => ({ title: "Live", text: "now" }) },
  ],
  "card-buttons": () => [
    ...Object.entries(buttons).map(([text, callback]) => ({ icon: "./icon.svg", text, callback })),
    { icon: "./icon.svg", text: "Admins only", condition: "admin", callback: note("admin") },
    { icon: "./icon.svg", text: "Readers only", condition: "readOnly", callback: note("reader") },
  ],
  "card-back-section": (t) => ({
    title: "Customer thread",
    icon: "./icon.svg",
    content: { type: "iframe", url: t.signUrl(new URL("section.html", location.href).href, { from: "section" }), height: 120 },
    action: { text: "Link…", callback: buttons["Pick one"] },
  }),
  "attachment-sections": (t, { entries }) => {
    const claimed = entries.filter((/** @type {{url: string}} */ { url }) => url.startsWith(OURS));
    if (!claimed.length) return [];
    return [{ id: "threads", claimed, icon: "./icon.svg", title: () => `${claimed.length} thread(s)`, content: { type: "iframe", url: t.signUrl(new URL("attachment.html", location.href).href, { claimed }), height: 90 } }];
  },
  "format-url": (t, { url }) => {
    if (!url.startsWith("https://docs.test/")) throw t.NotHandled();
    return { icon: "./icon.svg", text: `Docs: ${url.slice(18)}` };
  },
  "card-from-url": (t, { url }) => {
    if (!url.startsWith(OURS)) throw t.NotHandled();
    return { name: `Thread ${url.slice(OURS.length)}`, desc: "Made from a **thread**" };
  },
  "list-actions": () => [1, 2, 3, 4].map((number) => ({ text: `Action ${number}`, callback: note(`Action ${number} ran`) })),
  "list-sorters": () => [
    {
      text: "By name",
      callback: (/** @type {T} */ _, /** @type {{cards: {id: string, name: string}[]}} */ { cards }) => ({
        sortedIds: cards.toSorted((a, b) => a.name.localeCompare(b.name)).map(({ id }) => id),
      }),
    },
  ],
  "show-settings": (t) => t.popup({ title: "Settings", url: "./popup.html", args: { why: "settings" }, height: 100 }),
  "authorization-status": () => ({ authorized }),
  "show-authorization": (t) => {
    authorized = true;
    return t.popup({ title: "Authorize", url: "./popup.html", args: { why: "authorize" }, height: 100 });
  },
  "remove-data": () => new Promise(() => {}), // never answers
  "on-enable": (t) => t.modal({ url: "./modal.html", args: { from: "enabling" }, title: "Welcome" }),
};

client.initialize(capabilities, { targetOrigin });
