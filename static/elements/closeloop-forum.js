// @ts-check
import { busy } from "../lib/busy.js";
import { emit, fill, h, outside, uid } from "../lib/dom.js";
import { FEATURES, plural } from "../lib/words.js";
import "./closeloop-backfill.js";
import "./closeloop-problem.js";
import "./closeloop-time.js";

const STATES = /** @type {Record<Api.Forum['state'], [string, string]>} */ ({
  working: ["Working", "good"],
  broken: ["Has a problem", "bad"],
});

/** @typedef {{api: import('../lib/api.js').ApiClient, forum: Api.Forum, kind?: Api.ForumKind, isAdmin: boolean}} Setup */

/** One connected forum: how it is, what it can do, where it sends news. Set `setup`. Emits edit, changed. */
export class CloseloopForum extends HTMLElement {
  #problem = document.createElement("closeloop-problem");

  /** @param {Setup} setup */
  set setup({ api, forum, kind, isAdmin }) {
    const [words, look] = STATES[forum.state] ?? [forum.state, ""];
    this.#problem.clear();
    fill(
      this,
      h("div.forum-head", null, h("strong", null, forum.name), h("span", { class: `tag ${look}` }, words)),
      h(
        "p.quiet",
        null,
        outside(forum.base_url, forum.base_url.replace(/^(https?:\/\/|mailto:)/, "")),
        ` · ${plural(forum.ticket_count, "thread")} · `,
        forum.last_sync_at ? ["read ", h("closeloop-time", { datetime: forum.last_sync_at })] : "not read yet",
        forum.acting_as ? ` · writes as ${forum.acting_as}` : " · reading only",
      ),
      forum.sync_error ? h("p.forum-error", { role: "alert" }, forum.sync_error) : null,
      this.#features(forum),
      history({ api, forum, isAdmin }),
      isAdmin ? webhook(forum, kind) : null,
      this.#problem,
      isAdmin ? this.#ways(api, forum) : null,
    );
  }

  /** @param {Api.Forum} forum */
  #features({ features, missing }) {
    const can = features.map((feature) => FEATURES[feature] ?? feature);
    const cannot = Object.entries(missing ?? {});
    return h(
      "details.fold",
      null,
      h("summary", null, can.length ? `Can: ${can.join(", ")}` : "Can be read"),
      cannot.length ? whyNot(cannot) : h("p.quiet", null, "Nothing is missing."),
    );
  }

  /** @param {import('../lib/api.js').ApiClient} api @param {Api.Forum} forum */
  #ways(api, forum) {
    const row = h("div.group-ways");
    const check = h("button", { type: "button" }, "Test connection");
    check.addEventListener("click", () => void busy(check, () => this.#check(api, forum), "Testing…"));
    const rest = () =>
      fill(
        row,
        h("button", { type: "button", onclick: () => emit(this, "edit") }, "Edit"),
        check,
        h("button", { type: "button", onclick: sure }, "Remove…"),
      );
    const sure = () => {
      const yes = h("button.danger", { type: "button" }, "Remove");
      yes.addEventListener("click", () => void busy(yes, () => this.#remove(api, forum), "Removing…"));
      fill(
        row,
        h(
          "p",
          null,
          `Remove ${forum.name}? Its threads stay readable on their cards, but nothing new arrives and nobody can answer from here. Its key is destroyed.`,
        ),
        yes,
        h("button.subtle", { type: "button", onclick: rest }, "Keep it"),
      );
      yes.focus();
    };
    rest();
    return row;
  }

  /** @param {import('../lib/api.js').ApiClient} api @param {Api.Forum} forum */
  async #check(api, forum) {
    try {
      const check = await api.post(`/forums/${forum.id}/checks`, {}, { timeout: 40_000 });
      this.#problem.clear();
      this.#problem.after(checked(check));
    } catch (error) {
      this.#problem.show(error);
    }
  }

  /** @param {import('../lib/api.js').ApiClient} api @param {Api.Forum} forum */
  async #remove(api, forum) {
    try {
      await api.call("DELETE", `/forums/${forum.id}`);
      emit(this, "changed");
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

/** What "Test connection" found. @param {Api.ForumCheck} check */
export function checked(check) {
  const about = [check.site_name, check.acting_as ? `writes as ${check.acting_as}` : "reading only"]
    .filter(Boolean)
    .join(", ");
  return h(
    "div.checked",
    { role: "status", class: check.ok ? "checked good" : "checked bad" },
    h("strong", null, check.ok ? "The connection works." : "The connection has problems."),
    h("p", null, about),
    lines(check.problems),
    lines(check.warnings ?? []),
    check.features.length
      ? h("p.quiet", null, `Possible: ${check.features.map((feature) => FEATURES[feature] ?? feature).join(", ")}.`)
      : null,
  );
}

/** What is not possible, each with the reason. @param {[string, string][]} reasons */
export const whyNot = (reasons) =>
  h(
    "ul.missing",
    null,
    reasons.map(([feature, why]) => h("li", null, h("strong", null, `${FEATURES[feature] ?? feature}: `), why)),
  );

/** @param {string[]} sayings */
const lines = (sayings) =>
  sayings.length
    ? h(
        "ul",
        null,
        sayings.map((saying) => h("li", null, saying)),
      )
    : null;

/** @param {Setup} setup */
function history(setup) {
  const element = h("closeloop-backfill");
  element.setup = setup;
  return element;
}

/** When one came last, or was refused. @param {Api.Forum} forum */
function hooksSoFar({ missing, webhook_received_at: came, webhook_refused_at: refused }) {
  if (refused && (!came || refused > came)) {
    const mend = missing.signed_webhook
      ? ". Look on the forum whether the address is entered for this kind of news only."
      : ". Set the same secret here and on the forum.";
    return h("p.forum-error", null, "The last one was refused ", h("closeloop-time", { datetime: refused }), mend);
  }
  if (came) return h("p.hint", null, "The last one came ", h("closeloop-time", { datetime: came }), ".");
  return h("p.hint", null, "None has come yet: until then news is fetched now and then.");
}

/** @param {Api.Forum} forum */
function secretSoFar({ missing, webhook_secret_set: hasSecret }) {
  // The reason why a kind signs nothing says what keeps its webhooks safe instead.
  if (missing.signed_webhook) return missing.signed_webhook;
  return hasSecret
    ? "The secret is set."
    : "No secret is set: choose Edit, and enter the same one here and on the forum. Until then every webhook is refused.";
}

/** @param {Api.Forum} forum @param {Api.ForumKind} [kind] */
function webhook(forum, kind) {
  const { webhook_url: url } = forum;
  // Where the kind sends none, an address to enter would only mislead.
  if (forum.missing?.webhook) return h("p.hint", null, forum.missing.webhook);
  const input = h("textarea", { rows: "4", readonly: true, value: url, id: uid("webhook") });
  input.addEventListener("focus", () => input.select());
  const copy = h("button", { type: "button" }, "Copy");
  copy.addEventListener(
    "click",
    () =>
      void navigator.clipboard.writeText(url).then(
        () => {
          copy.textContent = "Copied";
        },
        () => {
          input.select();
          copy.textContent = "Press Ctrl+C";
        },
      ),
  );
  return h(
    "div.field",
    null,
    h("label", { for: input.id }, "Webhook address"),
    h("div.copy-row", null, input, copy),
    h("p.hint", null, "Enter it in the forum’s webhook settings for instant updates. ", secretSoFar(forum)),
    hooksSoFar(forum),
    kind?.hook_help
      ? h("details.fold", null, h("summary", null, "How to set it up"), h("p.hint", null, kind.hook_help))
      : null,
  );
}

customElements.define("closeloop-forum", CloseloopForum);
