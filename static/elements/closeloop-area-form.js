// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h } from "../lib/dom.js";
import { chooser, complain, field, forget, input, listOf, tick, ticked } from "../lib/fields.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, teamId: number, area: Api.Area | null, people: Api.TeamPerson[], teams: Api.Team[]}} Setup */

/** Adding or editing an area that no board knows. Emits teams-changed, closed. */
export class CloseloopAreaForm extends HTMLElement {
  /** @type {Setup | null} */ #setup = null;
  #problem = h("closeloop-problem");
  #form = h("form.inset", { novalidate: true });

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { area, people, teams, teamId } = setup;
    const save = h("button.primary", { type: "submit" }, area ? "Save" : "Add area");
    const owners = new Set((area?.owners ?? []).map(({ id }) => id));
    this.#problem.clear();
    fill(
      this.#form,
      h("h3", null, area ? `Edit ${area.name}` : "Add an area"),
      field("Name", input("name", area?.name, { maxlength: 120 })),
      field(
        "Keywords",
        h("textarea", { name: "keywords", rows: 2, value: (area?.keywords ?? []).join(", ") }),
        "Words as customers write them, separated by commas: a thread with one of them is suggested for this area.",
      ),
      area && teams.length > 1
        ? field(
            "Team",
            chooser(
              "team_id",
              teams.map(({ id, name }) => [String(id), name]),
              String(teamId),
            ),
          )
        : null,
      people.length
        ? h(
            "fieldset.field",
            null,
            h("legend", null, "Owned by (optional)"),
            h(
              "div.ticks",
              null,
              people.map(({ id, name, username }) => tick("owner_ids", id, name || username, owners.has(id))),
            ),
          )
        : null,
      this.#problem,
      h(
        "div.group-ways",
        null,
        save,
        h("button.subtle", { type: "button", onclick: () => emit(this, "closed") }, "Cancel"),
      ),
    );
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      void busy(save, () => this.#save(), "Saving…");
    };
    fill(this, this.#form);
  }

  focus() {
    this.#form.querySelector("input")?.focus();
  }

  /** @param {string} name */
  #value(name) {
    return /** @type {HTMLInputElement | null} */ (this.#form.querySelector(`[name="${name}"]`))?.value.trim() ?? "";
  }

  async #save() {
    const { api, area, teamId } = /** @type {Setup} */ (this.#setup);
    const wantedTeam = Number(this.#value("team_id")) || teamId;
    const body = {
      name: this.#value("name"),
      keywords: listOf(this.#value("keywords")),
      owner_ids: ticked(this.#form, "owner_ids"),
      ...(area && wantedTeam !== teamId ? { team_id: wantedTeam } : {}),
    };
    forget(this.#form);
    this.#problem.clear();
    try {
      await api.call(area ? "PUT" : "POST", area ? `/areas/${area.id}` : `/teams/${teamId}/areas`, { body });
      this.#form.remove();
      emit(this, "teams-changed", { said: area ? "Saved." : "The area was added." });
      emit(this, "closed");
    } catch (error) {
      complain(this.#form, this.#problem, error);
    }
  }
}

customElements.define("closeloop-area-form", CloseloopAreaForm);
