// @ts-check
/** The card back section: reads everything, writes stored data, opens popups of its own. */

import { button, client, targetOrigin, tell } from "./common.js";

const t = client.iframe({ targetOrigin });
let draws = 0;

t.render(async () => {
  draws += 1;
  tell("draws", draws);
  tell("arg", `${t.arg("from")}, ${t.arg("missing", "fallback")}`);
  tell("signed-in", `${t.isMemberSignedIn()} ${t.memberCanWriteToModel("card")}`);
  const [card, board, lists, note] = await Promise.all([
    t.card("id", "name", "attachments", "labels"),
    t.board("name", "members"),
    t.lists("name"),
    t.get("card", "shared", "note", "none"),
  ]);
  tell("card", `${card.name}; ${card.attachments.length}; ${card.labels.map((/** @type {any} */ { color }) => color)}; ${Object.keys(card).length} fields`);
  tell("board", `${board.name}; ${board.members.length} members; ${lists.map((/** @type {any} */ { name }) => name)}`);
  tell("note", note);
  tell("member", await t.member("fullName").then((/** @type {any} */ { fullName }) => fullName, (/** @type {Error} */ { message }) => message));
  tell("theme", `${document.documentElement.dataset.colorMode} ${t.getColorToken("color.text.subtle")} ${t.getComputedColorToken("color.text") !== ""}`);
  await t.sizeTo("#content");
});
t.subscribeToThemeChanges((/** @type {string} */ theme) => tell("heard-theme", theme));

button("save", () => t.set("card", "shared", { note: "seen", other: 1 }));
button("forget", () => t.remove("card", "shared", ["note", "other"]));
button("private", async () => {
  await t.set("member", "private", "mood", "good");
  return t.get("member", "private");
});
button("everything", () => t.getAll());
button("too-long", () => t.set("board", "shared", "long", "x".repeat(8200)));
button("bad-scope", () => t.get("galaxy", "shared"));
button("jwt", async () => {
  const [one, two] = await Promise.all([t.jwt({ state: "s" }), t.jwt({ state: "s" })]);
  return `${one === two} ${atob(one.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))}`;
});
button("attach", () => t.attach({ url: "https://forum.test/t/99", name: "Ninety-nine" }));
button("popup", (event) => t.popup({ title: "From the section", url: "./popup.html", args: { why: "section" }, height: 110, mouseEvent: event }));
button("placeless", () => t.popup({ title: "Nowhere", url: "./popup.html" }));
button("alert", () => t.alert({ message: "x".repeat(141) }));
button("unknown", () => t.requestToken({}));
button("hide", () => t.hideCard());
button("window", () => {
  const opened = window.open("about:blank", "authorize", "width=300,height=200");
  return String(opened !== null);
});
