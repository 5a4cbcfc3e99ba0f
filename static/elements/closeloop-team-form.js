// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h } from "../lib/dom.js";
import { chooser, complain, field, forget, input, tick, ticked, zones } from "../lib/fields.js";
import { WEEKDAYS } from "../lib/teams.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, team: Api.Team | null, people: Api.TeamPerson[], boards: Api.WorkspaceBoards["boards"]}} Setup */

const WORKDAYS = [0, 1, 2, 3, 4];

/** Adding or editing a team. Only what was changed is sent: the Ownership board goes on saying the rest. Emits teams-changed, closed. */
export class CloseloopTeamForm extends HTMLElement {
  /** @type {Setup | null} */ #setup = null;
  /** What the form said when it was opened. */ #before = /** @type {Record<string, unknown>} */ ({});
  #problem = h("closeloop-problem");
  #inbox = h("select", { name: "inbox_list_id" });
  #members = h("div.ticks");
  #form = h("form.inset", { novalidate: true });
  /** The list that was asked for last; an older answer is no longer wanted. */ #asked = "";

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    this.#problem.clear();
    fill(this, this.#form);
    this.#draw();
    this.#before = this.#values();
    void this.#fetchBoard();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#form.querySelector("input:not([disabled]), select"))?.focus();
  }

  get #given() {
    return /** @type {Setup} */ (this.#setup);
  }

  #draw() {
    const { team, boards } = this.#given;
    const save = h("button.primary", { type: "submit" }, team ? "Save" : "Add team");
    const board = chooser(
      "board_trello_id",
      [
        ["", "No board: no cards are made"],
        ...boards.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])),
      ],
      team?.board?.trello_id,
    );
    board.addEventListener("change", () => void this.#fetchBoard());
    fill(
      this.#form,
      h("h3", null, team ? `Edit ${team.name}` : "Add a team"),
      team?.source === "board"
        ? h("p.hint", null, "What you change here is no longer taken from the Ownership board, until you give it back.")
        : field("Name", input("name", team?.name, { maxlength: 120 })),
      field("Board for its cards", board),
      field("List for new cards", this.#inbox),
      this.#memberTicks(),
      field(
        "Group on the forum",
        input("forum_group", team?.forum_group),
        "Threads are assigned to it there, where the forum can do that. Another name on one of several forums: “support; Old help: Support queue”.",
      ),
      field(
        "Slack channel",
        input("slack_channel", team?.slack_channel, { placeholder: "#channel" }),
        "Needs the Slack app below; a webhook needs no app.",
      ),
      this.#hook(),
      this.#standUp(),
      this.#problem,
      h(
        "div.group-ways",
        null,
        save,
        h("button.subtle", { type: "button", onclick: () => emit(this, "closed") }, "Cancel"),
      ),
    );
    this.#drawInbox(team?.inbox ? [team.inbox] : []);
    this.#drawMembers([]);
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      void busy(save, () => this.#save(), "Saving…");
    };
  }

  #memberTicks() {
    return h("fieldset.field", { "aria-label": "Members" }, h("legend", null, "Members"), this.#members);
  }

  #hook() {
    const { team } = this.#given;
    const kind = chooser(
      "hook_kind",
      [
        ["", "None"],
        ["slack", "Slack webhook"],
        ["msteams", "Microsoft Teams workflow"],
      ],
      team?.hook_kind ?? "",
    );
    const url = input("hook_url", "", {
      type: "password",
      placeholder: team?.hook_connected ? "Unchanged" : "https://…",
      autocomplete: "new-password",
    });
    const place = field("Address of the webhook", url, "It is a secret: it is kept sealed and never shown again.");
    const show = () => {
      place.hidden = !kind.value;
    };
    kind.addEventListener("change", show);
    show();
    return [field("Messages without an app", kind), place];
  }

  #standUp() {
    const standUp = this.#given.team?.stand_up ?? null;
    const list = zones();
    return h(
      "fieldset.field.stand-up",
      null,
      h("legend", null, "Stand-up: the digest is sent then"),
      field("Time", h("input", { type: "time", name: "stand_up.at", value: standUp?.at ?? "" })),
      h(
        "div.days",
        { role: "group", "aria-label": "Days" },
        WEEKDAYS.map(([, short, long], at) => {
          const day = tick("stand_up.days", String(at), short, (standUp?.days ?? WORKDAYS).includes(at));
          day.title = long;
          return day;
        }),
      ),
      field(
        "Time zone",
        input("stand_up.time_zone", standUp?.time_zone, { list: list.id, placeholder: "The workspace’s own" }),
      ),
      list,
    );
  }

  /** @param {{id: string, name: string}[]} lists */
  #drawInbox(lists) {
    const wanted = this.#inbox.value || this.#given.team?.inbox?.id || "";
    fill(
      this.#inbox,
      h("option", { value: "" }, "Its Inbox, or the first list"),
      lists.map(({ id, name }) => h("option", { value: id }, name)),
    );
    this.#inbox.value = lists.some(({ id }) => id === wanted) ? wanted : "";
  }

  /** Everybody known, and whoever is on the team's board. @param {Api.Member[]} more */
  #drawMembers(more) {
    const { team, people } = this.#given;
    const chosen = new Set(
      this.#members.firstChild ? ticked(this.#form, "member_ids") : (team?.members ?? []).map(({ id }) => id),
    );
    const all = new Map([...(team?.members ?? []), ...people, ...more].map((person) => [person.id, person]));
    const sorted = [...all.values()].sort((one, other) => one.name.localeCompare(other.name));
    fill(
      this.#members,
      sorted.length
        ? sorted.map(({ id, name, username }) => tick("member_ids", id, name || username, chosen.has(id)))
        : h("p.quiet", null, "Choose a board: its members are here then."),
    );
  }

  /** Lists and members of the chosen board. */
  async #fetchBoard() {
    const board = this.#value("board_trello_id");
    this.#asked = board;
    this.#inbox.disabled = !board;
    if (!board) return this.#drawInbox([]);
    try {
      /** @type {Api.BoardLists} */
      const { lists, members } = await this.#given.api.get(`/boards/${board}/lists`);
      if (this.#asked !== board) return;
      this.#drawInbox(lists);
      this.#drawMembers(members);
    } catch (error) {
      if (this.#asked === board) this.#problem.show(error);
    }
  }

  /** @param {string} name */
  #value(name) {
    return /** @type {HTMLInputElement | null} */ (this.#form.querySelector(`[name="${name}"]`))?.value.trim() ?? "";
  }

  #values() {
    const at = this.#value("stand_up.at");
    const standUp = {
      at,
      days: ticked(this.#form, "stand_up.days").map(Number),
      time_zone: this.#value("stand_up.time_zone") || null,
    };
    return {
      ...(this.#form.querySelector("[name=name]") ? { name: this.#value("name") } : {}),
      board_trello_id: this.#value("board_trello_id") || null,
      inbox_list_id: this.#value("inbox_list_id") || null,
      member_ids: ticked(this.#form, "member_ids").sort(),
      forum_group: this.#value("forum_group") || null,
      slack_channel: this.#value("slack_channel") || null,
      stand_up: at ? standUp : null,
    };
  }

  /** @returns {Api.TeamWanted} */
  #changes() {
    const [now, { team }] = [this.#values(), this.#given];
    const changed = Object.entries(now).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(this.#before[name]),
    );
    const body = /** @type {Api.TeamWanted} */ (Object.fromEntries(changed));
    // The list belongs to the board: neither makes sense without the other.
    if ("inbox_list_id" in body && now.board_trello_id) body.board_trello_id = now.board_trello_id;
    const [kind, url] = [this.#value("hook_kind"), this.#value("hook_url")];
    if (!kind && team?.hook_connected) body.hook_url = null;
    else if (kind && (url || kind !== (team?.hook_kind ?? ""))) {
      body.hook_kind = /** @type {"slack" | "msteams"} */ (kind);
      body.hook_url = url;
    }
    return body;
  }

  async #save() {
    const { api, team } = this.#given;
    forget(this.#form);
    this.#problem.clear();
    try {
      const body = this.#changes();
      if (team && Object.keys(body).length === 0) return emit(this, "closed");
      await api.call(team ? "PUT" : "POST", team ? `/teams/${team.id}` : "/teams", { body, timeout: 40_000 });
      this.#form.remove();
      emit(this, "teams-changed", { said: team ? "Saved." : "The team was added." });
      emit(this, "closed");
    } catch (error) {
      complain(this.#form, this.#problem, error);
    }
  }
}

customElements.define("closeloop-team-form", CloseloopTeamForm);
