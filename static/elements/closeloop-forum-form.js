// @ts-check
import { ProblemError } from "../lib/api.js";
import { busy } from "../lib/busy.js";
import { emit, fill, h, uid } from "../lib/dom.js";
import { checked, whyNot } from "./closeloop-forum.js";
import "./closeloop-problem.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, kinds: Api.ForumKind[], forum: Api.Forum | null}} Setup */

/** Adding or editing a forum; its fields come from the server, so a new kind of forum needs nothing here. Emits changed, closed. */
export class CloseloopForumForm extends HTMLElement {
  /** @type {Setup | null} */ #setup = null;
  #kind = h("select", { id: uid("kind"), name: "kind" });
  #fields = h("div.fields");
  #result = h("div.result", { "aria-live": "polite" });
  #problem = document.createElement("closeloop-problem");

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    const { forum, kinds } = setup;
    fill(
      this.#kind,
      kinds.map(({ kind, label }) => h("option", { value: kind }, label)),
    );
    if (forum) this.#kind.value = forum.kind;
    this.#kind.addEventListener("change", () => this.#drawFields());
    const test = h("button", { type: "button" }, "Test connection");
    const save = h("button.primary", { type: "submit" }, forum ? "Save" : "Add forum");
    test.addEventListener("click", () => void busy(test, () => this.#test(), "Testing…"));
    const form = h(
      "form.forum-form",
      { novalidate: true },
      h("h3", null, forum ? `Edit ${forum.name}` : "Add a forum"),
      forum || kinds.length < 2 ? null : h("div.field", null, h("label", { for: this.#kind.id }, "Kind"), this.#kind),
      this.#fields,
      this.#problem,
      this.#result,
      h(
        "div.group-ways",
        null,
        save,
        test,
        h("button.subtle", { type: "button", onclick: () => emit(this, "closed") }, "Cancel"),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void busy(save, () => this.#save(), "Saving…");
    });
    this.#problem.clear();
    fill(this, form);
    this.#drawFields();
  }

  focus() {
    this.#input("base_url")?.focus();
  }

  #drawFields() {
    const { forum, kinds } = /** @type {Setup} */ (this.#setup);
    const kind = kinds.find((each) => each.kind === this.#kind.value) ?? kinds[0];
    fill(
      this.#fields,
      field(
        "base_url",
        "Address of the forum",
        {
          type: "text",
          inputmode: "url",
          value: forum?.base_url,
          required: true,
        },
        kind?.address_help,
      ),
      field("name", "Name", { value: forum?.name, placeholder: "As your team calls it" }),
      kind?.anonymous
        ? h(
            "p.hint",
            null,
            "Without a key what is public can be read. To answer and to change anything Closeloop needs one.",
          )
        : null,
      forum && !forum.anonymous && kind?.anonymous
        ? h("label.check", null, h("input", { type: "checkbox", name: "forget" }), "Read without a key from now on")
        : null,
      (kind?.credential_fields ?? []).map((each) =>
        each.choices.length
          ? choice(`credentials.${each.name}`, each, forum?.settings?.[each.name])
          : field(
              `credentials.${each.name}`,
              each.label,
              {
                type: each.secret ? "password" : "text",
                autocomplete: "off",
                required: each.required && !forum,
                value: forum?.settings?.[each.name],
                placeholder: forum && each.secret ? "Unchanged" : "",
              },
              each.help,
            ),
      ),
      kind?.features.includes("signed_webhook")
        ? field(
            "webhook_secret",
            "Webhook secret",
            { type: "password", autocomplete: "off", placeholder: forum?.webhook_secret_set ? "Unchanged" : "" },
            "For instant updates: the same here and in the forum’s webhook. Any long text, unless the forum makes one up. How to set the webhook up is said beside its address as soon as the forum is connected.",
          )
        : null,
      kind?.features.includes("tag")
        ? h(
            "label.check",
            null,
            h("input", { type: "checkbox", name: "tag_resolved", checked: Boolean(forum?.tag_resolved) }),
            "Tag threads with how they were resolved: code-fix, ui-change or docs",
          )
        : null,
      h(
        "details.fold",
        null,
        h("summary", null, "Who counts as staff"),
        h(
          "p.hint",
          null,
          "Whom the forum itself knows as staff always does. Add others, separated by commas: usernames, or e-mail addresses where people are known by these.",
        ),
        field("staff_groups", "Groups", { placeholder: "support, engineers", value: forum?.staff_groups.join(", ") }),
        field("staff_usernames", "Usernames", { placeholder: "sam, toni", value: forum?.staff_usernames.join(", ") }),
      ),
      forum || !kind ? null : impossible(kind),
    );
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement | null} */ (this.querySelector(`[name="${name}"]`));
  }

  /** @param {string} name */
  #value(name) {
    return this.#input(name)?.value.trim() ?? "";
  }

  /** Secrets left empty while editing stay as they are on the server: they never come here. @returns {Api.ForumDraft} */
  #body() {
    const { forum, kinds } = /** @type {Setup} */ (this.#setup);
    const kind = kinds.find((each) => each.kind === (forum?.kind ?? this.#kind.value)) ?? kinds[0];
    const base = this.#value("base_url");
    return {
      kind: kind?.kind ?? "",
      name: this.#value("name") || hostOf(base),
      base_url: base,
      credentials: this.#credentials(kind),
      webhook_secret: this.#value("webhook_secret") || null,
      staff_groups: words(this.#value("staff_groups")),
      staff_usernames: words(this.#value("staff_usernames")),
      tag_resolved: this.#input("tag_resolved")?.checked ?? false,
    };
  }

  /** What is no secret is sent as it stands here; a secret that was left empty stays as it is. @param {Api.ForumKind} [kind] @returns {Record<string, string> | null} null keeps what is stored. */
  #credentials(kind) {
    if (this.#input("forget")?.checked) return {};
    const entries = (kind?.credential_fields ?? [])
      .map((each) => ({ each, value: this.#value(`credentials.${each.name}`) }))
      .filter(({ each, value }) => value || (this.#setup?.forum && !each.secret))
      .map(({ each, value }) => [each.name, value]);
    // An empty object would forget everything.
    return entries.length ? Object.fromEntries(entries) : this.#setup?.forum ? null : {};
  }

  async #test() {
    const { api, forum } = /** @type {Setup} */ (this.#setup);
    this.#forget();
    try {
      // What is stored can be tried by the server only: the key is not here.
      const body = { ...this.#body(), forum_id: forum?.id ?? null };
      const check = await api.post("/forum-checks", body, { timeout: 40_000 });
      fill(this.#result, checked(check));
    } catch (error) {
      this.#show(error);
    }
  }

  async #save() {
    const { api, forum } = /** @type {Setup} */ (this.#setup);
    this.#forget();
    try {
      await api.call(forum ? "PATCH" : "POST", forum ? `/forums/${forum.id}` : "/forums", {
        body: this.#body(),
        timeout: 40_000,
      });
      emit(this, "changed");
    } catch (error) {
      this.#show(error);
    }
  }

  #forget() {
    this.#problem.clear();
    this.#result.replaceChildren();
    for (const words of this.querySelectorAll(".field-problem")) words.remove();
    for (const wrong of this.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
  }

  /** What is wrong with a field is said at the field; the rest above the buttons. @param {unknown} error */
  #show(error) {
    const wrong = error instanceof ProblemError ? error.errors.filter(({ field: name }) => this.#input(name)) : [];
    for (const { field: name, message } of wrong) {
      const input = this.#input(name);
      input?.setAttribute("aria-invalid", "true");
      input?.after(h("p.field-problem", { role: "alert" }, message));
      input?.closest("details")?.setAttribute("open", "");
    }
    if (wrong.length === 0) this.#problem.show(error);
    /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"))?.focus();
  }
}

/** @param {string} name @param {string} label @param {Record<string, any>} props @param {string} [help] */
function field(name, label, props, help) {
  const id = uid("field");
  const hint = help ? h("p.hint", { id: `${id}-hint` }, help) : null;
  return h(
    "div.field",
    null,
    h("label", { for: id }, label),
    h("input", { type: "text", name, id, spellcheck: "false", "aria-describedby": hint?.id, ...props }),
    hint,
  );
}

/** @param {string} name @param {Api.CredentialField} about @param {string} [chosen] */
function choice(name, { label, choices, required, help }, chosen) {
  const id = uid("field");
  const options = choices.map((each) => h("option", { value: each, selected: each === chosen }, each));
  return h(
    "div.field",
    null,
    h("label", { for: id }, label),
    h(
      "select",
      { name, id, "aria-describedby": `${id}-hint` },
      required ? null : h("option", { value: "" }, "Not chosen"),
      options,
    ),
    h("p.hint", { id: `${id}-hint` }, help),
  );
}

/** What cannot be expected of a kind, before somebody connects it. @param {Api.ForumKind} kind */
function impossible({ label, cannot }) {
  const reasons = Object.entries(cannot);
  return reasons.length
    ? h("details.fold", null, h("summary", null, `What is not possible with ${label}`), whyNot(reasons))
    : null;
}

/** @param {string} text */
const words = (text) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

/** @param {string} url */
function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

customElements.define("closeloop-forum-form", CloseloopForumForm);
