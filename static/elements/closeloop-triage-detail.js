// @ts-check
import { emit, fill, h, outside } from "../lib/dom.js";
import { plural, waiting } from "../lib/words.js";
import { mark, marked } from "../triage/marks.js";
import { teamName } from "../triage/words.js";
import "./closeloop-message.js";
import "./closeloop-pill.js";
import { privateMark } from "./closeloop-ticket.js";
import "./closeloop-time.js";
import "./closeloop-triage-around.js";
import { impactPill } from "./closeloop-triage-row.js";
import "./closeloop-triage-teams.js";

/** @typedef {{row: Triage.Row, offers: import("../triage/teams.js").Offer[], detail: Triage.Detail | null, ghost: string | null, problem: string | null, people: Triage.Person[]}} Shown */

/** The thread under the cursor: whose it may be and why, what was written, what is like it. Emits back, impact, and what its parts emit. */
export class CloseloopTriageDetail extends HTMLElement {
  #head = h("header.detail-head");
  #teams = h("closeloop-triage-teams");
  #messages = h("div.detail-messages", { role: "group", "aria-label": "Messages" });
  #around = h("closeloop-triage-around");
  #scroll = h(
    "div.detail-scroll",
    { tabindex: "0", role: "region", "aria-label": "Thread" },
    this.#head,
    this.#teams,
    this.#messages,
    this.#around,
  );
  /** @type {number | null} */ #id = null;
  #drawn = { head: "", teams: "", messages: "" };
  /** @type {Triage.Detail | null | undefined} */ #detail;

  connectedCallback() {
    if (!this.#scroll.parentNode) this.prepend(this.#scroll);
  }

  /** What the triager selected in the messages, or nothing. */
  get selection() {
    const selected = document.getSelection();
    if (!selected || selected.isCollapsed || !selected.anchorNode || !this.#scroll.contains(selected.anchorNode))
      return "";
    return selected.toString().trim().replace(/\s+/g, " ");
  }

  /** @param {Shown | null} shown */
  show(shown) {
    this.#scroll.hidden = shown === null;
    if (!shown) {
      this.#id = null;
      return;
    }
    const { row, offers, detail } = shown;
    const isNew = row.id !== this.#id;
    if (isNew) this.#drawn = { head: "", teams: "", messages: "" };
    this.#id = row.id;
    this.#once("head", [row, shown.ghost, shown.people, shown.problem], () => this.#drawHead(shown));
    this.#once("teams", [offers, row.person], () => this.#teams.show(offers, row));
    this.#once("messages", [row.id, row.excerpt, detail?.messages, row.choices[0]?.reasons], () =>
      this.#drawMessages(row, detail),
    );
    if (isNew || detail !== this.#detail) this.#around.detail = detail;
    this.#detail = detail;
    if (isNew) this.#scroll.scrollTop = 0;
  }

  /** @param {"head" | "teams" | "messages"} part @param {unknown} facts @param {() => void} draw */
  #once(part, facts, draw) {
    const now = JSON.stringify(facts);
    if (now === this.#drawn[part]) return;
    this.#drawn[part] = now;
    draw();
  }

  /** @param {Shown} shown */
  #drawHead({ row, ghost, people, problem }) {
    const pill = h("closeloop-pill");
    pill.saying = waiting(row.waiting_on, row.waiting_since);
    const back = row.handed_back_by;
    fill(
      this.#head,
      h("button.subtle.back", { type: "button", onclick: () => emit(this, "back") }, "‹ Queue"),
      ghost ? h("p.taken", null, `${ghost}. J goes on.`) : null,
      problem ? h("p.taken", null, problem) : null,
      h("h2", { dir: "auto" }, marked(row.subject, row.choices[0]?.reasons ?? [])),
      h(
        "p.detail-about",
        null,
        h("strong", { dir: "auto" }, row.customer.name || row.customer.username),
        ` on ${row.forum.name} · `,
        h("closeloop-time", { datetime: row.created_at }),
        ` · ${plural(row.message_count, "message")}`,
        row.earlier_threads ? ` · ${plural(row.earlier_threads, "other thread")} of this customer` : null,
      ),
      h(
        "p.detail-tags",
        null,
        h(
          "button.impact",
          { type: "button", title: "Set the impact (I)", onclick: () => emit(this, "impact") },
          impactPill(row.impact),
        ),
        pill,
        row.private ? privateMark() : null,
        people.map(({ name }) => h("span.tag.here", null, `${name} has this open`)),
        h("span.detail-out", null, outside(row.url, "Open on the forum")),
      ),
      row.handed_back
        ? h(
            "p.handed-back",
            null,
            h("strong", null, `Handed back by ${teamName(back?.team) || "a team"}`),
            back?.why ? `: ${back.why}` : "",
          )
        : null,
    );
  }

  /** @param {Triage.Row} row @param {Triage.Detail | null} detail */
  #drawMessages(row, detail) {
    const reasons = row.choices[0]?.reasons ?? [];
    if (!detail) {
      fill(this.#messages, h("div.words.early", { dir: "auto" }, marked(row.excerpt, reasons)));
      return;
    }
    const { messages, messages_left_out: hidden } = detail;
    const shown = messages.map((message) => {
      const element = h("closeloop-message");
      element.message = message;
      return element;
    });
    for (const element of shown) for (const words of element.querySelectorAll(".words")) mark(words, reasons);
    const gap = hidden ? h("p.quiet.gap", null, outside(row.url, `${plural(hidden, "message")} between`)) : null;
    const before = messages.findIndex(
      ({ number }, at) => at > 0 && hidden > 0 && number - (messages[at - 1]?.number ?? 0) > 1,
    );
    fill(this.#messages, before < 0 ? [shown, gap] : [shown.slice(0, before), gap, shown.slice(before)]);
  }
}

customElements.define("closeloop-triage-detail", CloseloopTriageDetail);
