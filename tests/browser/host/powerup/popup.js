// @ts-check
/** A popup's page. */

import { button, client, targetOrigin, tell } from "./common.js";

const t = client.iframe({ targetOrigin });

t.render(async () => {
  tell("why", t.arg("why"));
  await t.sizeTo("#content");
});
button("deeper", (event) => t.popup({ title: "Deeper", url: "./popup.html", args: { why: "deeper" }, height: 90, mouseEvent: event }));
button("back", () => t.back());
button("finish", () => t.notifyParent("done"));
button("close", () => t.closePopup());
