// @ts-check
/** Where Trello sends a person back to: hands the token in the address to the page that opened this window, and closes. */

export {};

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const answer = new URLSearchParams(location.hash.slice(1));
const state = new URLSearchParams(location.search).get("state") ?? "";
const token = answer.get("token") ?? "";
// The token must not stay in the address bar or the history.
history.replaceState(null, "", location.pathname);

/** @param {string} title @param {string} text */
function say(title, text) {
  const heading = document.createElement("h1");
  heading.textContent = title;
  const words = document.createElement("p");
  words.textContent = text;
  main.replaceChildren(heading, words);
}

const from = /** @type {Window | null} */ (window.opener);
if (from && state) {
  from.postMessage({ closeloop: "trello", state, token }, location.origin);
  say(token ? "Connected" : "Not connected", "You can close this window and go back to Trello.");
  window.close();
} else if (token) {
  say(
    "Almost there",
    "This window lost sight of Trello. Copy the code, go back to the settings of Closeloop on your board, choose “I have a code” and paste it there. Give it to nobody else.",
  );
  const code = document.createElement("input");
  code.readOnly = true;
  code.value = token;
  code.setAttribute("aria-label", "Code");
  code.addEventListener("focus", () => code.select());
  main.append(code);
} else {
  say(
    "Not connected",
    answer.get("error")
      ? "Trello says that access was denied. Nothing was connected."
      : "This page is opened by Closeloop’s settings on a Trello board. Start there.",
  );
}
