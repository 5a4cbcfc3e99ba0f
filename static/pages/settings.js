// @ts-check
/** Settings of the board: its connection to Trello, its forums, Slack, teams, hours. Admins change; everybody else reads and learns why. */
import { fill, h } from "../lib/dom.js";
import { tellBoardChanged } from "../lib/news.js";
import { enter, failure, start } from "../lib/page.js";
import { meet } from "../lib/people.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";
import "../elements/closeloop-connection.js";
import "../elements/closeloop-forum.js";
import "../elements/closeloop-forum-form.js";
import "../elements/closeloop-hours.js";
import "../elements/closeloop-pace.js";
import "../elements/closeloop-slack.js";
import "../elements/closeloop-slack-app.js";
import "../elements/closeloop-targets.js";
import "../elements/closeloop-teams.js";
import "../elements/closeloop-undelivered.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const t = start(640, { popup: true });
if (t) void show(t);

/** @param {trello.T} t */
async function show(t) {
  const info = await enter(t, { unconnected: true });
  if (!info) return;
  const { api, session } = open(t);

  const load = async () => {
    try {
      const now = await session.info();
      const isConnected = now.board.connected;
      const isAdmin = now.board.role === "admin" || !isConnected;
      const [board, forums, kinds, workspace] = isConnected
        ? await Promise.all([
            api.get("/boards/current"),
            api.get("/forums"),
            api.get("/forum-kinds"),
            api.get("/workspace"),
            meet(t),
          ])
        : [null, { forums: [] }, { kinds: [] }, null];
      draw(board, forums.forums, kinds.kinds, workspace, isAdmin);
    } catch (error) {
      fill(main, failure(error, load));
    }
  };

  const changed = async () => {
    await session.renew();
    tellBoardChanged();
    await load();
  };

  /** @param {Api.Board | null} board @param {Api.Forum[]} forums @param {Api.ForumKind[]} kinds @param {Api.Workspace | null} workspace @param {boolean} isAdmin */
  const draw = (board, forums, kinds, workspace, isAdmin) => {
    const connection = h("closeloop-connection");
    connection.setup = { t, board, isAdmin };
    fill(
      main,
      isAdmin
        ? null
        : h("p.read-only", null, "You can look at these settings. Only admins of this Trello board may change them."),
      isAdmin && board ? larger(t) : null,
      connection,
      board && isAdmin ? undelivered() : null,
      board ? forumSection(forums, kinds, isAdmin) : null,
      board ? kept("closeloop-teams", isAdmin) : null,
      workspace ? slackSection(workspace, isAdmin) : null,
      board ? kept("closeloop-pace", isAdmin) : null,
    );
  };

  const undelivered = () => {
    const element = h("closeloop-undelivered.group");
    element.api = api;
    return element;
  };

  /** @param {Api.Forum[]} forums @param {Api.ForumKind[]} kinds @param {boolean} isAdmin */
  const forumSection = (forums, kinds, isAdmin) => {
    const place = h("div.forum-place");
    /** @param {Api.Forum | null} forum */
    const edit = (forum) => {
      const form = h("closeloop-forum-form");
      form.setup = { api, kinds, forum };
      fill(place, form);
      form.focus();
    };
    const add = h(
      "button",
      { type: "button", class: forums.length ? "" : "primary", onclick: () => edit(null) },
      "Add a forum…",
    );
    const rest = () => fill(place, isAdmin ? add : null);
    place.addEventListener("closeloop-closed", rest);
    rest();
    return h(
      "section.group",
      null,
      h("h2", null, "Forums"),
      forums.length
        ? null
        : h(
            "p.quiet",
            null,
            isAdmin
              ? "No forum yet. Add the one where your customers write; reading a public one needs no key."
              : "No forum is connected yet.",
          ),
      forums.map((forum) => {
        const element = h("closeloop-forum");
        element.setup = { api, forum, kind: kinds.find(({ kind }) => kind === forum.kind), isAdmin };
        element.addEventListener("closeloop-edit", () => edit(forum));
        return element;
      }),
      place,
    );
  };

  /** @param {Api.Workspace} workspace @param {boolean} isAdmin */
  const slackSection = (workspace, isAdmin) => {
    const slack = h("closeloop-slack");
    slack.setup = { api, connected: workspace.slack_connected, isAdmin };
    const app = h("closeloop-slack-app");
    app.setup = { api, workspace, isAdmin };
    return h("section.group", null, h("h2", null, "Slack"), slack, app);
  };

  /** A section that fetches its own news. @param {"closeloop-teams" | "closeloop-pace"} name @param {boolean} isAdmin */
  const kept = (name, isAdmin) => {
    const section = h(name);
    section.classList.add("group");
    section.setup = { api, isAdmin };
    return section;
  };

  main.addEventListener("closeloop-changed", () => void changed());
  await load();
}

/** In the popup there is little room for teams and hours. @param {trello.T} t */
function larger(t) {
  if (trello.argument(t, "modal", false)) return null;
  const open = h("button.link", { type: "button" }, "Open in a larger window");
  open.addEventListener("click", () => void trello.openModal(t, { title: "Closeloop", page: "settings", height: 640 }));
  return h("p.larger", null, open);
}
