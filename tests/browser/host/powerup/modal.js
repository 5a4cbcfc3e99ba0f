// @ts-check
/** The page of a modal window and of a board bar. */

import { button, client, targetOrigin, tell } from "./common.js";

const t = client.iframe({ targetOrigin });

t.render(() => tell("from", t.arg("from")));
button("rename", () => t.updateModal({ title: "Another name", fullscreen: true }));
button("close", () => t.closeModal());
button("close-bar", () => t.closeBoardBar());
