// @ts-check
import { fill, h, keyed } from "../lib/dom.js";
import "./closeloop-audit.js";
import "./closeloop-ownership.js";
import "./closeloop-people.js";
import "./closeloop-problem.js";
import "./closeloop-team.js";
import "./closeloop-team-form.js";
import "./closeloop-toast.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, isAdmin: boolean}} Setup */
/** @typedef {{all: Api.Teams, boards: Api.WorkspaceBoards["boards"], findings: Api.AuditFinding[]}} News */

const REREADING_MS = [2_000, 6_000];

/** "Teams & areas" of the settings: where they come from, what needs mending, each team. Set `setup`; it fetches the rest itself. */
export class CloseloopTeams extends HTMLElement {
  #count = h("span.tag.bad");
  #problem = h("closeloop-problem");
  #loading = h(
    "div.skeleton",
    { role: "status", "aria-label": "Loading" },
    h("div.skeleton-line.w-most"),
    h("div.skeleton-line.block"),
  );
  #ownership = h("closeloop-ownership");
  #audit = h("closeloop-audit");
  #teams = h("div.teams");
  #empty = h("p.quiet");
  #place = h("div.team-place");
  #people = h("closeloop-people");
  #toast = h("closeloop-toast");
  #body = h("div.teams-body", { hidden: true });
  /** @type {Setup | null} */ #setup = null;
  /** @type {News | null} */ #news = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#count.hidden = true;
    this.#problem.clear();
    this.#body.append(this.#ownership, this.#audit, this.#empty, this.#teams, this.#place, this.#toast, this.#people);
    this.append(h("h2", null, "Teams & areas ", this.#count), this.#problem, this.#loading, this.#body);
    this.addEventListener("closeloop-teams-changed", (event) => {
      event.stopPropagation();
      const { said, rereads } = /** @type {CustomEvent} */ (event).detail ?? {};
      void this.#load(said);
      // A worker reads the board in a moment: what it finds is shown then.
      if (rereads) for (const wait of REREADING_MS) setTimeout(() => this.isConnected && void this.#load(), wait);
    });
    this.#place.addEventListener("closeloop-closed", () => this.#rest());
  }

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    void this.#load();
  }

  get #given() {
    return /** @type {Setup} */ (this.#setup);
  }

  /** @param {string} [said] what to say when it is there */
  async #load(said) {
    const { api, isAdmin } = this.#given;
    try {
      const [all, { boards }, { findings }] = await Promise.all([
        api.get("/teams"),
        isAdmin ? api.get("/boards") : { boards: [] },
        isAdmin ? api.get("/ownership/audit") : { findings: [] },
      ]);
      this.#news = { all, boards, findings };
      this.#problem.clear();
      this.#draw(this.#news);
      if (said) this.#toast.say(said);
    } catch (error) {
      this.#problem.show(error, () => this.#load(said));
    }
    this.#loading.hidden = true;
  }

  /** @param {News} news */
  #draw({ all, boards, findings }) {
    const { api, isAdmin } = this.#given;
    const { teams, people, ownership } = all;
    const toMend = ownership.problems.length + findings.length + (ownership.read_error ? 1 : 0);
    this.#count.hidden = toMend === 0;
    this.#count.textContent = `${toMend} to mend`;
    this.#ownership.setup = { api, ownership, boards, isAdmin };
    this.#audit.setup = { api, findings, teams };
    this.#empty.hidden = teams.length > 0;
    this.#empty.textContent = isAdmin
      ? "No team yet. Choose an Ownership board above, or add the first team here: then threads have somewhere to go."
      : "No team yet. An admin of this board adds the first one.";
    keyed(
      this.#teams,
      teams,
      ({ id }) => String(id),
      () => h("closeloop-team"),
      (element, team) => {
        element.setup = { api, team, teams, people, boards, isAdmin };
      },
    );
    this.#people.setup = { api, people, isAdmin };
    this.#place.hidden = !isAdmin;
    if (!this.#place.querySelector("form")) this.#rest();
    this.#body.hidden = false;
  }

  #rest() {
    const add = h("button", { type: "button", onclick: () => this.#add() }, "Add a team…");
    fill(this.#place, add);
  }

  #add() {
    const { all, boards } = /** @type {News} */ (this.#news);
    const form = h("closeloop-team-form");
    form.setup = { api: this.#given.api, team: null, people: all.people, boards };
    fill(this.#place, form);
    form.focus();
  }
}

customElements.define("closeloop-teams", CloseloopTeams);
