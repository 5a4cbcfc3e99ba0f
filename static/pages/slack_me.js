// @ts-check
/** Somebody clicked a button in Slack and is not known yet: signing in with Trello says who they are. `?token=` came with Slack's answer. */
import { busy } from "../lib/busy.js";
import { openDesk } from "../lib/desk.js";
import { fill, h } from "../lib/dom.js";
import "../elements/closeloop-problem.js";

const place = /** @type {HTMLElement} */ (document.querySelector(".desk-place"));
void show();

async function show() {
  const token = new URLSearchParams(location.search).get("token");
  if (!token) {
    fill(
      place,
      said("This link is not complete", "Press the button in Slack once more, and open the link of its answer."),
    );
    return;
  }
  const desk = await openDesk();
  if (!desk) return;
  const name = nameIn(token);
  const problem = h("closeloop-problem");
  const join = h("button.primary", { type: "button" }, "Yes, that was me");
  join.addEventListener(
    "click",
    () =>
      void busy(
        join,
        async () => {
          problem.clear();
          try {
            const { person } = await desk.api.post("/people/slack", { token });
            // The link is good for an hour, and is nobody else's business.
            history.replaceState(null, "", location.pathname);
            fill(
              place,
              said(`Good to know you, ${person.name}`, "Press the button in Slack again: from now on it is you."),
            );
          } catch (error) {
            problem.show(error);
          }
        },
        "Saving…",
      ),
  );
  fill(
    place,
    h(
      "section.slack-me",
      null,
      h("h2", null, name ? `“${name}” pressed a button in Slack` : "A button was pressed in Slack"),
      h(
        "p",
        null,
        "Is that you? Then say so: threads that are taken there under this name become yours. If somebody sent you this link, it is not you: close the page.",
      ),
      h("p", null, join),
      problem,
    ),
  );
  problem.clear();
}

/** Whom the link was made for, by their name in Slack; only the server knows whether the link is real. @param {string} token */
function nameIn(token) {
  try {
    return String(JSON.parse(atob(token.split(".")[0].replaceAll("-", "+").replaceAll("_", "/"))).name ?? "");
  } catch {
    return "";
  }
}

/** @param {string} title @param {string} text */
function said(title, text) {
  return h("section.slack-me", null, h("h2", null, title), h("p", null, text));
}
