// @ts-check
/** Waits for news and puts in what the server has drawn: the mark-up is made, and made safe, in one place. Sends clicks. */

import { merge } from "./merge.js";

const RETRY_MS = 2000;
const NEAR_THE_END = 120;
const list = /** @type {HTMLOListElement} */ (document.getElementById("messages"));
const channels = /** @type {HTMLElement} */ (document.getElementById("channels"));
const person = /** @type {HTMLSelectElement | null} */ (document.getElementById("person"));
const here = document.body.dataset.channel ?? "";

async function follow() {
  let revision = Number(document.body.dataset.revision);
  for (;;) {
    try {
      const answer = await fetch(`/sandbox/news?since=${revision}`);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const news = await answer.json();
      if (news.revision !== revision) await draw();
      revision = news.revision;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS)); // the server restarts: ask again soon
    }
  }
}

async function draw() {
  const answer = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wasAtEnd = document.documentElement.scrollHeight - window.scrollY - window.innerHeight < NEAR_THE_END;
  const before = list.children.length;
  const fresh = page.getElementById("messages");
  if (fresh) merge(list, fresh);
  for (const link of links())
    link.dataset.total = page.querySelector(`a[data-id="${link.dataset.id}"]`)?.getAttribute("data-total") ?? "0";
  show();
  if (wasAtEnd || list.children.length > before) showLast();
}

/** What only one person sees, and how many messages wait in the other channels. */
function show() {
  for (const message of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-only-to]"))) {
    message.hidden = message.dataset.onlyTo !== person?.value;
  }
  const empty = document.getElementById("empty");
  if (empty) empty.hidden = list.querySelector(".message:not([hidden])") !== null;
  for (const link of links()) {
    const total = Number(link.dataset.total);
    if (link.dataset.id === here) remember(`seen ${here}`, String(total));
    const count = total - Math.min(Number(recall(`seen ${link.dataset.id}`)), total);
    const badge = /** @type {HTMLElement} */ (link.querySelector(".unread"));
    badge.hidden = count === 0;
    badge.textContent = String(count);
    badge.setAttribute("aria-label", `${count} unread`);
    link.classList.toggle("has-unread", count > 0);
  }
}

function links() {
  return /** @type {NodeListOf<HTMLAnchorElement>} */ (channels.querySelectorAll("a[data-id]"));
}

function showLast() {
  list.lastElementChild?.scrollIntoView({ block: "end" });
}

/** @param {MouseEvent} event */
async function click(event) {
  const target = event.target instanceof Element ? event.target.closest("[data-at]") : null;
  const message = /** @type {HTMLElement | null} */ (target?.closest(".message") ?? null);
  if (!target || !message || target.getAttribute("aria-busy") === "true") return;
  const body = { message: Number(message.dataset.number), at: target.getAttribute("data-at"), user: person?.value };
  target.setAttribute("aria-busy", "true");
  try {
    // A button that opens an address is told to the app too, as Slack does; the address opens by itself.
    await fetch("/sandbox/clicks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } finally {
    target.removeAttribute("aria-busy");
  }
}

/** @param {string} key @returns {string} */
function recall(key) {
  return sessionStorage.getItem(key) ?? "0";
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  sessionStorage.setItem(key, value);
}

if (person) {
  const known = recall("person");
  if ([...person.options].some((option) => option.value === known)) person.value = known;
  person.addEventListener("change", () => {
    remember("person", person.value);
    show();
  });
}
list.addEventListener("click", click);
show();
showLast();
follow();
