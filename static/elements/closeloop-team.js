// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, keyed } from "../lib/dom.js";
import { listed } from "../lib/forums.js";
import { placeInWords, standUpInWords } from "../lib/teams.js";
import { plural } from "../lib/words.js";
import "./closeloop-area.js";
import "./closeloop-area-form.js";
import "./closeloop-problem.js";
import "./closeloop-team-form.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, team: Api.Team, teams: Api.Team[], people: Api.TeamPerson[], boards: Api.WorkspaceBoards["boards"], isAdmin: boolean}} Setup */

const HOOKS = { slack: "Slack", msteams: "Microsoft Teams" };

/** One team: where its cards go, who is in it, what it owns. Set `setup` as often as news come. Emits teams-changed. */
export class CloseloopTeam extends HTMLElement {
  #details = h("details.team-card");
  #summary = h("summary");
  #facts = h("dl.facts");
  #areas = h("ul.areas");
  #noAreas = h("p.quiet", null, "No area yet: without one, no word points to this team.");
  #ways = h("div.group-ways");
  #problem = h("closeloop-problem");
  /** @type {Setup | null} */ #setup = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.#details.append(
      this.#summary,
      this.#facts,
      h("h3", null, "Areas"),
      this.#noAreas,
      this.#areas,
      this.#problem,
      this.#ways,
    );
    this.append(this.#details);
    this.#ways.addEventListener("closeloop-closed", () => this.#rest());
  }

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { team, people, teams, isAdmin, api } = setup;
    this.#drawSummary(team);
    fill(this.#facts, this.#rows(team));
    this.#noAreas.hidden = team.areas.length > 0;
    keyed(
      this.#areas,
      team.areas,
      ({ id }) => String(id),
      () => h("closeloop-area", { role: "listitem" }),
      (element, area) => {
        element.setup = { api, area, people, teams, isAdmin };
      },
    );
    this.#ways.hidden = !isAdmin;
    if (!this.#ways.querySelector("form")) this.#rest();
  }

  /** Let it be seen whole. */
  open() {
    this.#details.open = true;
  }

  get #given() {
    return /** @type {Setup} */ (this.#setup);
  }

  /** @param {Api.Team} team */
  #drawSummary(team) {
    const about = [
      placeInWords(team),
      plural(team.areas.length, "area"),
      team.members.length ? plural(team.members.length, "member") : null,
      team.open_tickets ? `${plural(team.open_tickets, "open thread")}` : null,
    ];
    fill(
      this.#summary,
      h("strong.team-name", null, team.name),
      team.ready ? null : h("span.tag.bad", { title: "Cards cannot be made for it." }, "No list for cards"),
      team.ready && team.members.length === 0 ? h("span.tag", null, "No members") : null,
      h("span.team-about", null, about.filter(Boolean).join(" · ")),
    );
  }

  /** @param {Api.Team} team */
  #rows(team) {
    const hook = team.hook_connected && team.hook_kind ? `${HOOKS[team.hook_kind]} webhook connected` : null;
    return [
      this.#row("Cards go to", placeInWords(team), "board"),
      this.#row("Members", team.members.length ? listed(team.members.map(({ name }) => name)) : null, "members"),
      this.#row("Forum group", team.forum_group, "forum_group"),
      this.#row("Slack channel", team.slack_channel, "slack_channel"),
      hook ? this.#row("Webhook", hook, null) : null,
      this.#row("Stand-up", team.stand_up ? standUpInWords(team.stand_up, team.stand_up_next_at) : null, "stand_up"),
    ];
  }

  /** @param {string} name @param {string | null} value @param {Api.TeamSetting | null} setting */
  #row(name, value, setting) {
    const { team } = this.#given;
    const mark = setting && team.source === "board" ? this.#mark(setting) : null;
    return h("div", null, h("dt", null, name), h("dd", null, value ?? h("span.quiet", null, "not set"), mark));
  }

  /** @param {Api.TeamSetting} setting */
  #mark(setting) {
    const { team, isAdmin } = this.#given;
    if (!team.by_hand.includes(setting)) return h("span.origin", null, "from the board");
    if (!isAdmin) return h("span.origin", null, "set here");
    const back = h(
      "button.link",
      { type: "button", title: "The Ownership board says it again" },
      "give back to the board",
    );
    const rereads = { rereads: true, said: "Given back. The board is being read." };
    back.addEventListener(
      "click",
      () => void busy(back, () => this.#try(() => this.#put({ reset: [setting] }), rereads), "giving back…"),
    );
    return h("span.origin", null, "set here · ", back);
  }

  #rest() {
    const { team } = this.#given;
    fill(
      this.#ways,
      h("button", { type: "button", onclick: () => this.#edit() }, "Edit team"),
      h("button.subtle", { type: "button", onclick: () => this.#addArea() }, "Add an area…"),
      team.source === "settings"
        ? h("button.subtle", { type: "button", onclick: () => this.#sure() }, "Remove…")
        : null,
    );
  }

  #edit() {
    const { api, team, people, boards } = this.#given;
    const form = h("closeloop-team-form");
    form.setup = { api, team, people, boards };
    fill(this.#ways, form);
    form.focus();
  }

  #addArea() {
    const { api, team, people, teams } = this.#given;
    const form = h("closeloop-area-form");
    form.setup = { api, teamId: team.id, area: null, people, teams };
    fill(this.#ways, form);
    form.focus();
  }

  #sure() {
    const { team } = this.#given;
    const yes = h("button.danger", { type: "button" }, "Remove");
    yes.addEventListener(
      "click",
      () => void busy(yes, () => this.#try(() => this.#given.api.call("DELETE", `/teams/${team.id}`)), "Removing…"),
    );
    fill(
      this.#ways,
      h("p", null, `Remove ${team.name} and its areas? What it did stays in the history.`),
      yes,
      h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Keep it"),
    );
    yes.focus();
  }

  /** @param {Api.TeamWanted} body */
  #put(body) {
    return this.#given.api.call("PUT", `/teams/${this.#given.team.id}`, { body });
  }

  /** @param {() => Promise<unknown>} act @param {{rereads?: boolean, said?: string}} [news] */
  async #try(act, news) {
    this.#problem.clear();
    try {
      await act();
      emit(this, "teams-changed", news);
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

customElements.define("closeloop-team", CloseloopTeam);
