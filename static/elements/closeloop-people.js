// @ts-check
import { ProblemError } from "../lib/api.js";
import { busy } from "../lib/busy.js";
import { fill, h, keyed } from "../lib/dom.js";
import { complain, field, forget, input } from "../lib/fields.js";
import { plural } from "../lib/words.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, people: Api.TeamPerson[], isAdmin: boolean}} Setup */

/** By which names the forum and Slack know the people of the teams. Set `setup`. */
export class CloseloopPeople extends HTMLElement {
  #details = h("details.fold");
  #summary = h("summary");
  #list = h("ul.people");

  connectedCallback() {
    if (this.firstChild) return;
    const why =
      "A thread that is given to somebody is assigned to them on the forum too, and Slack mentions them, where their names there are known.";
    this.#details.append(this.#summary, h("p.quiet", null, why), this.#list);
    this.append(this.#details);
  }

  /** @param {Setup} setup */
  set setup({ api, people, isAdmin }) {
    this.hidden = people.length === 0;
    const unnamed = people.filter(({ forum_username }) => !forum_username).length;
    fill(
      this.#summary,
      plural(people.length, "person", "people"),
      unnamed ? `, ${unnamed} without a name on the forum` : null,
    );
    keyed(
      this.#list,
      people,
      (person) => JSON.stringify([person, isAdmin]),
      (person) => (isAdmin ? editable(api, person) : readable(person)),
    );
  }
}

/** @param {Api.TeamPerson} person */
function readable({ name, username, forum_username, slack_user_id }) {
  const names = [
    forum_username ? `${forum_username} on the forum` : null,
    slack_user_id ? "known on Slack" : null,
  ].filter(Boolean);
  return h(
    "li.person",
    null,
    h("strong", null, name || username),
    h("span.quiet", null, names.join(", ") || "no other names known"),
  );
}

/** @param {import('../lib/api.js').ApiClient} api @param {Api.TeamPerson} person */
function editable(api, person) {
  const [forum, slack] = [
    input("forum_username", person.forum_username),
    input("slack_user_id", person.slack_user_id, { placeholder: "U012AB3CD" }),
  ];
  const save = h("button", { type: "submit", disabled: true }, "Save");
  const problem = h("closeloop-problem");
  const name = person.name || person.username;
  const form = h(
    "form.person-form",
    { novalidate: true, "aria-label": name },
    field("Name on the forum", forum),
    field("Slack member ID", slack),
    save,
    problem,
  );
  problem.clear();
  form.addEventListener("input", () => {
    save.disabled = forum.value === (person.forum_username ?? "") && slack.value === (person.slack_user_id ?? "");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(save, async () => {
      forget(form);
      problem.clear();
      const body = { forum_username: forum.value.trim() || null, slack_user_id: slack.value.trim() || null };
      try {
        Object.assign(person, (await api.call("PUT", `/people/${person.id}`, { body })).person);
        return true;
      } catch (error) {
        complain(form, problem, sayable(error));
        return false;
      }
    }).then((saved) => {
      if (!saved) return;
      save.disabled = true;
      save.textContent = "Saved";
      form.addEventListener("input", () => fill(save, "Save"), { once: true });
    });
  });
  return h("li.person", null, h("strong", null, name), form);
}

/** A pattern is nothing for people. @param {unknown} error */
function sayable(error) {
  if (!(error instanceof ProblemError)) return error;
  const errors = error.errors.map((each) =>
    each.field === "slack_user_id"
      ? { ...each, message: "is on the person’s Slack profile under “Copy member ID”, like U012AB3CD." }
      : each,
  );
  return new ProblemError({ ...error.problem, errors });
}

customElements.define("closeloop-people", CloseloopPeople);
