// @ts-check
// Keeps a forum page current: asks whether something changed, then takes the marked parts of the fresh page.
// Without it the page works too; one reloads.

const PAUSE = 2000;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
let known = main.dataset.revision ?? "";

/** @returns {Promise<string>} */
async function revision() {
  const answer = await fetch("/sandbox/revision", { headers: { Accept: "text/plain, */*" } });
  if (!answer.ok) throw new Error(`revision: ${answer.status}`);
  return String((await answer.json()).revision);
}

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  // The page comes from the same place through the same filter as the one that is shown.
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${old.getAttribute("data-live")}"]`);
    if (next) old.replaceWith(document.adoptNode(next));
  }
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const now = await revision();
      if (now !== known) {
        await refresh();
        known = now;
      }
    } catch {
      // The forum is away; the next look may find it again.
    }
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
