// @ts-check
/** The popup behind "Authorize account": what is asked, why, and one button. */
import { busy } from "../lib/busy.js";
import { askTrello, connect } from "../lib/connect.js";
import { fill, h } from "../lib/dom.js";
import { enter, start, state } from "../lib/page.js";
import * as trello from "../lib/trello.js";
import "../elements/closeloop-problem.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const t = start(560, { popup: true });
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const info = await enter(t, { unconnected: true });
  if (!info) return;
  if (info.board.connected) {
    fill(
      main,
      state(
        "This board is connected",
        `It belongs to ${info.workspace?.name ?? "your workspace"}. You need not do anything.`,
      ),
    );
    return;
  }
  const problem = document.createElement("closeloop-problem");
  const button = h("button.primary.wide-button", { type: "button" }, "Allow in Trello…");
  button.addEventListener(
    "click",
    () =>
      void busy(
        button,
        async () => {
          problem.clear();
          try {
            await connect(t, await askTrello());
            fill(
              main,
              state("Connected", "This board is connected. Next: connect a forum in the settings of Closeloop."),
            );
          } catch (error) {
            problem.show(error);
          }
        },
        "Waiting for Trello…",
      ),
  );
  problem.clear();
  fill(
    main,
    h(
      "section.state",
      null,
      h("h2", null, "Allow Closeloop to work on this board"),
      h("p", null, "Closeloop asks Trello for your permission to read and write. It uses it to:"),
      h(
        "ul",
        null,
        [
          "see who is a member of this board, so that only members read customers’ threads",
          "put a thread’s address on its card, and a comment when it is resolved",
          "make cards for threads when you ask for that",
        ].map((words) => h("li", null, words)),
      ),
      h(
        "p.quiet",
        null,
        "The permission is kept sealed on Closeloop’s server. You can take it back in its settings or in your Trello account at any time.",
      ),
      problem,
      h("p.state-ways", null, button),
    ),
  );
}
