// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, outside } from "../lib/dom.js";
import { chooser, field } from "../lib/fields.js";
import { plural } from "../lib/words.js";
import "./closeloop-problem.js";
import "./closeloop-time.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, ownership: Api.Ownership, boards: Api.WorkspaceBoards["boards"], isAdmin: boolean}} Setup */

const PAUSE_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Where teams and areas come from, and what on that board could not be understood. Set `setup`. Emits teams-changed. */
export class CloseloopOwnership extends HTMLElement {
  #problem = h("closeloop-problem");
  #place = h("div.ownership-ways");
  /** @type {Setup | null} */ #setup = null;

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { ownership, isAdmin } = setup;
    this.#problem.clear();
    fill(
      this,
      this.#about(ownership),
      ownership.read_error ? h("p.forum-error", { role: "alert" }, ownership.read_error) : null,
      ownership.problems.length ? problems(ownership.problems) : null,
      this.#problem,
      isAdmin ? this.#place : null,
    );
    if (isAdmin) this.#rest();
  }

  get #given() {
    return /** @type {Setup} */ (this.#setup);
  }

  /** @param {Api.Ownership} ownership */
  #about({ board, read_at }) {
    if (!board)
      return h(
        "p",
        null,
        "Teams can be read from a Trello board: each list a team, each card an area with its keywords. Then everybody can see and change there who owns what.",
      );
    return h(
      "p",
      null,
      "Read from the board ",
      outside(board.url, board.name),
      read_at ? [" ", h("closeloop-time", { datetime: read_at })] : ", not read yet",
      ".",
    );
  }

  #rest() {
    const { ownership } = this.#given;
    if (!ownership.board) {
      fill(this.#place, this.#choose(null));
      return;
    }
    const read = h("button", { type: "button" }, "Read now");
    read.addEventListener(
      "click",
      () => void busy(read, () => this.#try(() => this.#given.api.post("/ownership/readings", {})), "Reading…"),
    );
    const other = h("button.subtle", { type: "button" }, "Choose another board…");
    other.addEventListener("click", () => {
      fill(this.#place, this.#choose(ownership.board?.trello_id ?? null));
      this.#place.querySelector("select")?.focus();
    });
    fill(this.#place, h("div.group-ways", null, read, other));
  }

  /** @param {string | null} now */
  #choose(now) {
    const { boards } = this.#given;
    const options = boards.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]));
    const select = chooser(
      "board_trello_id",
      [["", now ? "No board: teams are entered here" : "Choose a board"], ...options],
      now,
    );
    const save = h("button.primary", { type: "submit" }, now ? "Save" : "Read teams from it");
    const form = h(
      "form.inset",
      { novalidate: true },
      field(
        "Ownership board",
        select,
        "A board is in this list once it is connected: open it in Trello and connect it in its own Closeloop settings.",
      ),
      h(
        "div.group-ways",
        null,
        save,
        now ? h("button.subtle", { type: "button", onclick: () => this.#rest() }, "Cancel") : null,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!select.value && !now) {
        select.focus();
        return;
      }
      const body = { board_trello_id: select.value || null };
      void busy(save, () => this.#try(() => this.#given.api.call("PUT", "/ownership", { body })), "Reading…");
    });
    return form;
  }

  /** Ask for a reading, and wait until the board was read. @param {() => Promise<{ownership: Api.Ownership}>} ask */
  async #try(ask) {
    const { api, ownership: before } = this.#given;
    this.#problem.clear();
    try {
      let { ownership } = await ask();
      const ends = Date.now() + PATIENCE_MS;
      while (ownership.board && ownership.read_at === before.read_at && Date.now() < ends) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        ({ ownership } = await api.get("/teams"));
        if (ownership.read_error && ownership.read_error !== before.read_error) break;
      }
      emit(this, "teams-changed");
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

/** @param {Api.Ownership["problems"]} all */
function problems(all) {
  return h(
    "div.mend",
    { role: "group", "aria-label": "To mend on the board" },
    h("h3", null, `${plural(all.length, "thing")} to mend on the board`),
    h(
      "ul",
      null,
      all.map(({ text, name, url }) => h("li", null, outside(url, name), h("span", null, text))),
    ),
  );
}

customElements.define("closeloop-ownership", CloseloopOwnership);
