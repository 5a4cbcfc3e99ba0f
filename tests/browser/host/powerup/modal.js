// @ts-check
/** The page of a modal window and of a board bar. */

import { button, client, targetOrigin, tell } from "./common.js";

const t = client.iframe({ targetOrigin });

t.render(() => {
  tell("from", t.arg("from"));
  tell("size", `${innerWidth} ${innerHeight}`);
  tell("board", t.getContext().board);
});
button("rename", () => t.updateModal({ title: "Another name", fullscreen: true }));
button("smaller", () => t.updateModal({ title: "A smaller one", accentColor: "green", fullscreen: false, actions: [] }));
button("close", () => t.closeModal());
button("close-bar", () => t.closeBoardBar());
