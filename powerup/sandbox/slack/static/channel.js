// @ts-check
/** Waits for new messages and puts in what the server has drawn: the mark-up is made, and made safe, in one place. */

const RETRY_MS = 2000;
const WAIT_SECONDS = 20;
const list = /** @type {HTMLOListElement} */ (document.getElementById("messages"));

/** @param {number} latest @returns {Promise<number>} the number of the newest message */
async function next(latest) {
  const answer = await fetch(`/sandbox/messages?since=${latest}&wait=${WAIT_SECONDS}`);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const news = await answer.json();
  if (news.messages.length > 0 || news.latest < latest) await draw();
  return news.latest;
}

async function draw() {
  const answer = await fetch("/");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.getElementById("messages")?.children ?? [];
  list.replaceChildren(...drawn);
  const empty = document.getElementById("empty");
  if (empty) empty.hidden = list.children.length > 0;
  showLast();
}

function showLast() {
  list.lastElementChild?.scrollIntoView({ block: "end" });
}

async function follow() {
  let latest = Number(list.dataset.latest);
  for (;;) {
    try {
      latest = await next(latest);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS)); // the server restarts: ask again soon
    }
  }
}

showLast();
follow();

export {};
