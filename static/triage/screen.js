// @ts-check
import { h } from "../lib/dom.js";
import "../elements/closeloop-outage-banner.js";
import "../elements/closeloop-toast.js";
import "../elements/closeloop-triage-detail.js";
import "../elements/closeloop-triage-foot.js";
import "../elements/closeloop-triage-help.js";
import "../elements/closeloop-triage-list.js";
import "../elements/closeloop-triage-menu.js";
import "../elements/closeloop-triage-notices.js";
import "../elements/closeloop-triage-reply.js";
import "../elements/closeloop-triage-top.js";
import "../elements/closeloop-triage-word.js";
import { Acts } from "./acts.js";
import { filterFrom } from "./filter.js";
import { listen } from "./keys.js";
import { emptiness } from "./states.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** The page: the queue on the left, the thread under the cursor on the right, what can be done below. */
export class Screen {
  top = h("closeloop-triage-top");
  list = h("closeloop-triage-list");
  detail = h("closeloop-triage-detail");
  menu = h("closeloop-triage-menu");
  help = h("closeloop-triage-help");
  #empty = h("div.queue-empty");
  #reply = h("closeloop-triage-reply");
  #foot = h("closeloop-triage-foot");
  #toast = h("closeloop-toast");
  #notices = h("closeloop-triage-notices");
  #word = h("closeloop-triage-word");
  #outages = h("closeloop-outage-banner");
  element = h(
    "div.triage",
    null,
    this.top,
    h("div.outage-place", null, this.#outages),
    h("div.halves", null, h("div.half-list", null, this.list, this.#empty), this.detail),
    this.#notices,
    this.#toast,
    this.#foot,
    this.menu,
    this.help,
    this.#word,
  );
  #desk;
  #acts;
  #ways;
  /** @type {number | null} */ #cursor = null;
  #frame = 0;

  #states;

  /** @param {Desk} desk @param {{ways: Node[], states: import("./states.js").Ways}} about `ways`: what stands at the end of the first line */
  constructor(desk, { ways, states }) {
    this.#desk = desk;
    this.#acts = new Acts(desk, this);
    this.#ways = ways;
    this.#states = states;
    this.detail.append(this.#reply);
  }

  /** Once it is on the page. @param {AbortSignal} signal */
  begin(signal) {
    const desk = this.#desk;
    desk.changed = () => this.#soon();
    this.list.content = {
      queue: desk.queue,
      offers: (row) => desk.teams.offers(row),
      people: (id) => desk.feed.on(id),
    };
    this.#word.watch(this.detail, () => desk.row?.choices.flatMap(({ area }) => area ?? []) ?? []);
    listen((name, key) => (this.#isElsewhere ? false : this.#acts.run(name, key)), signal);
    this.#hear();
    // A pointer that lies still marks no row while the keys are used.
    document.addEventListener("keydown", () => this.element.classList.add("by-keys"), { signal });
    document.addEventListener("pointermove", () => this.element.classList.remove("by-keys"), { signal });
    this.draw();
  }

  /** @param {string} words @param {boolean} [undoable] */
  say(words, undoable = false) {
    const undo = { text: "Undo", run: () => this.#acts.run("undo") };
    this.#toast.say(words, undoable ? undo : undefined);
  }

  /** What was said is not so after all. @param {string} words */
  unsay(words) {
    this.#toast.unsay(words);
  }

  /** @param {string} words */
  warn(words) {
    this.#notices.say(words);
  }

  focus() {
    // While there is no row the focus waits on the page; with the first row it goes to the list.
    if (this.list.hidden) /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
    else this.list.focus({ preventScroll: true });
  }

  /** One step back: what is open closes first, then the selection goes. */
  clear() {
    const { queue } = this.#desk;
    this.#word.close();
    if (this.#reply.isOpen) this.#reply.close();
    else if (queue.selected.size) queue.select([]);
    else this.element.classList.remove("reading");
  }

  /** @param {Triage.Row[]} rows @param {string} [text] @param {number} [cannedId] */
  reply(rows, text, cannedId) {
    const [row] = rows;
    if (!row) return;
    const detail = this.#desk.details.now(row.id);
    const may = rows.length > 1 || !detail || detail.features.includes("reply");
    this.element.classList.add("reading");
    this.#reply.open(
      {
        ids: rows.map(({ id }) => id),
        name: row.customer.name || row.customer.username,
        forum: row.forum.name,
        isPrivate: row.private,
        confidential: Boolean(row.forum.confidential),
        why: may
          ? null
          : `Replies are not possible here: ${detail?.missing.reply ?? "this forum is connected for reading only."}`,
      },
      text,
      cannedId,
    );
  }

  /** A menu, a dialog or a reply has the keys. */
  get #isElsewhere() {
    return document.querySelector("dialog[open]") !== null;
  }

  #hear() {
    /** @param {string} name @param {(detail: any) => unknown} act */
    const on = (name, act) =>
      this.element.addEventListener(
        `closeloop-${name}`,
        (event) => void act(/** @type {CustomEvent} */ (event).detail),
      );
    const { queue, views, replies, outbox } = this.#desk;
    const acts = this.#acts;
    on("choose", ({ id }) => {
      queue.moveTo(id);
      this.element.classList.add("reading");
    });
    on("toggle", ({ id }) => queue.toggle(id));
    on("stretch", ({ id }) => queue.select(between(queue.rows, queue.cursor, id, queue.selected)));
    on("take", ({ id, at }) => {
      if (!queue.selected.size) queue.moveTo(id);
      acts.take(at);
      this.focus();
    });
    on("act", ({ name }) => {
      acts.run(name);
      if (!this.#isElsewhere && !this.#reply.isOpen && name !== "find") this.focus();
    });
    on("impact", () => acts.run("impact"));
    on("back", () => {
      this.element.classList.remove("reading");
      this.focus();
    });
    on("link", ({ card }) => {
      acts.link(card);
      this.focus();
    });
    on("keyword", ({ word, area }) => acts.keyword(word, area));
    on("keyword-search", ({ word }) => acts.keyword(word));
    on("filter", ({ filter }) => this.#narrow(filter));
    on("view", ({ id }) => this.#narrow(filterFrom(views.all.find((view) => view.id === id)?.filter ?? {})));
    on("save-view", () => this.#saveView());
    on("drop-view", ({ id }) => views.drop(id).then(() => this.draw()));
    on("retry", () => outbox.retry());
    on("done", () => this.focus());
    on("closed", () => this.focus());
    on("send", (reply) => {
      const rows = reply.ids.flatMap((/** @type {number} */ id) => queue.get(id) ?? []);
      replies.send(reply, rows[0]?.customer.name ?? "the customer", (text) =>
        this.reply(rows.length ? rows : queue.targets, text),
      );
    });
    on("look-at-outage", () => location.assign(this.#states.page("outages")));
    on("dismiss-outage", ({ id }) => this.#desk.dismissOutage(id).catch((error) => this.warn(error.message)));
    on("keep", ({ text }) => text && this.#keepReply(text));
  }

  /** @param {Triage.Filter} filter */
  #narrow(filter) {
    this.#desk.queue.load(filter).then(() => this.#desk.feed.now());
  }

  #saveView() {
    const { queue, views } = this.#desk;
    this.#ask("Save this view as", 80, async (name) => {
      await views.save(name, queue.filter);
      this.say(`View “${name}” saved.`);
      this.draw();
    });
  }

  /** @param {string} text */
  #keepReply(text) {
    const { api, replies } = this.#desk;
    this.#ask("Save this reply as", 80, async (title) => {
      const { canned_reply } = await api.post("/triage/canned-replies", { title, text });
      replies.canned.push(canned_reply);
      this.say(`“${title}” is offered with R from now on.`);
    });
  }

  /** @param {string} title @param {number} longest @param {(name: string) => Promise<void>} done */
  #ask(title, longest, done) {
    const input = h("input", { type: "text", "aria-label": title, maxlength: String(longest), required: true });
    const form = h("form.menu-time", null, input, h("button.primary", { type: "submit" }, "Save"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = input.value.trim();
      if (!name) return;
      this.menu.close();
      done(name).catch((error) => this.warn(error.message));
    });
    this.menu.open({ title, options: [], empty: "", foot: form });
    input.focus();
  }

  /** Many changes in one turn are drawn once; before the next frame, so that nothing is seen late. */
  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const desk = this.#desk;
    const { queue, feed, outbox, pace } = desk;
    if (queue.cursor !== this.#cursor) this.#turned();
    this.#cursor = queue.cursor;
    this.top.setup = {
      forums: desk.info.forums,
      teams: desk.teams.ready,
      views: desk.views.all,
      filter: queue.filter,
      ways: this.#ways,
    };
    this.top.status = {
      total: queue.total,
      whole: queue.whole,
      minutes: pace.minutes(queue.total),
      state: queue.state,
      people: feed.present.map(({ person }) => person),
      unsaved: outbox.size,
      trouble: outbox.trouble?.message ?? null,
      behind: feed.behind,
      isStale: !feed.reaches,
    };
    const isEmpty = queue.rows.length === 0;
    this.list.hidden = isEmpty;
    this.element.classList.toggle("empty", isEmpty);
    this.#empty.hidden = !isEmpty;
    if (isEmpty) emptiness(this.#empty, desk, this.#states);
    else if (document.activeElement === document.body) this.focus();
    this.list.draw();
    this.#outages.outages = feed.outages;
    this.#drawDetail();
    this.#foot.show(desk.offers, queue.selected.size);
  }

  #drawDetail() {
    const { row, offers, queue, details, feed } = this.#desk;
    this.detail.show(
      row
        ? {
            row,
            offers,
            detail: details.now(row.id),
            ghost: queue.ghosts.get(row.id) ?? null,
            problem: null,
            people: feed.on(row.id),
          }
        : null,
    );
  }

  /** Another thread lies under the cursor. */
  #turned() {
    const { pace, feed } = this.#desk;
    pace.turn();
    if (this.#reply.isOpen) this.#reply.close();
    this.#word.close();
    // The new row is painted first; what lies around it can come a moment later.
    setTimeout(() => this.#desk.look());
    feed.opened();
  }
}

/** From the cursor to the clicked row, with what was selected before. @param {Triage.Row[]} rows @param {number | null} cursor @param {number} id @param {Set<number>} selected */
function between(rows, cursor, id, selected) {
  const ends = [rows.findIndex((row) => row.id === (cursor ?? id)), rows.findIndex((row) => row.id === id)];
  return [...selected, ...rows.slice(Math.min(...ends), Math.max(...ends) + 1).map((row) => row.id)];
}
