// @ts-check
import { ProblemError } from "../lib/api.js";
import { areasMenu, impactMenu, linkMenu, ownersMenu, repliesMenu, snoozeMenu } from "./menus.js";

/** @typedef {import("./screen.js").Screen} Screen */

/** What each key does, wherever it comes from: the keyboard, a button, a touch. */
export class Acts {
  #desk;
  #screen;

  /** @param {import("./desk.js").Desk} desk @param {Screen} screen */
  constructor(desk, screen) {
    this.#desk = desk;
    this.#screen = screen;
  }

  /** @param {string} name as in keys.js @param {string} [key] the pressed one @returns {boolean | void} false: not ours */
  run(name, key = "") {
    const { queue, decisions } = this.#desk;
    const screen = this.#screen;
    const rows = queue.targets;
    switch (name) {
      case "next":
        return queue.move(1);
      case "previous":
        return queue.move(-1);
      case "pageDown":
        return queue.move(screen.list.page);
      case "pageUp":
        return queue.move(-screen.list.page);
      case "first":
        return queue.move(-queue.rows.length);
      case "last":
        return queue.move(queue.rows.length);
      case "select":
        if (queue.cursor !== null) queue.toggle(queue.cursor);
        return;
      case "selectNext":
        return this.#stretch(1);
      case "selectPrevious":
        return this.#stretch(-1);
      case "selectAll":
        return queue.select(queue.selected.size === queue.rows.length ? [] : queue.rows.map(({ id }) => id));
      case "clear":
        return screen.clear();
      case "undo":
        return decisions.undo();
      case "help":
        return screen.help.open();
      case "find":
        return screen.top.find();
    }
    if (rows.length) this.#decide(name, key, rows);
    else if (queue.cursor !== null && (name === "accept" || name === "team" || name === "nothing")) queue.move(1);
  }

  /** @param {number} at in the numbered list of the row under the cursor */
  take(at) {
    const { queue, offers, decisions, teams } = this.#desk;
    const rows = queue.targets;
    const offer = offers[at];
    if (!offer || !rows.length) return;
    if (rows.length === 1) decisions.assign(rows, { team: offer.team, area: offer.area, person: null });
    else decisions.assign(rows, { team: offer.team, area: null, person: null });
    if (!teams.isKnown) void this.#desk.readTeams();
  }

  /** @param {Triage.Card} card */
  link(card) {
    const rows = this.#desk.queue.targets;
    if (rows.length) this.#desk.decisions.link(rows, card);
  }

  /** @param {string} word @param {Triage.Ref} [area] */
  async keyword(word, area) {
    if (!area) {
      this.#screen.menu.open(areasMenu(this.#desk, word, (chosen) => void this.keyword(word, chosen)));
      return;
    }
    try {
      await this.#desk.addKeyword(word, area);
      this.#screen.say(`“${word}” is a keyword of ${area.name} now.`);
    } catch (error) {
      this.#screen.warn(error instanceof ProblemError ? error.message : "The keyword was not added.");
    }
  }

  /** @param {string} name @param {string} key @param {Triage.Row[]} rows */
  #decide(name, key, rows) {
    const desk = this.#desk;
    const screen = this.#screen;
    switch (name) {
      case "accept":
        return this.#accept(rows);
      case "team":
        return this.take(Number(key) - 1);
      case "nothing":
        return desk.decisions.dismiss(rows);
      case "search":
        return screen.menu.open(ownersMenu(desk, rows));
      case "link":
        return screen.menu.open(linkMenu(desk, rows));
      case "impact":
        return screen.menu.open(impactMenu(desk, rows));
      case "snooze":
        return screen.menu.open(snoozeMenu(desk, rows, () => screen.menu.close()));
      case "reply":
        return this.#reply(rows);
      case "open":
        return void window.open(rows[0]?.url, "_blank", "noopener,noreferrer");
      case "keyword": {
        const word = screen.detail.selection;
        if (word) void this.keyword(word);
        else screen.say("Select a word in the thread first, or click on one.");
      }
    }
  }

  /** Several at once: each team gets what was suggested for it, and one U takes all of it back. @param {Triage.Row[]} rows */
  #accept(rows) {
    const { decisions } = this.#desk;
    const [row] = rows;
    if (rows.length > 1) return decisions.acceptAll(rows);
    const first = row?.choices[0];
    if (row && first) return decisions.assign(rows, { team: first.team, area: first.area, person: null });
    // Nothing is suggested: the search is the shortest way to a team.
    return this.#screen.menu.open(ownersMenu(this.#desk, rows));
  }

  /** @param {Triage.Row[]} rows */
  #reply(rows) {
    const { replies } = this.#desk;
    const write = (/** @type {Triage.Canned | null} */ canned) => this.#screen.reply(rows, canned?.text, canned?.id);
    if (replies.canned.length) this.#screen.menu.open(repliesMenu(this.#desk, write));
    else write(null);
  }

  /** @param {number} step */
  #stretch(step) {
    const { queue } = this.#desk;
    if (queue.cursor !== null) queue.selected.add(queue.cursor);
    queue.move(step);
    if (queue.cursor !== null) queue.select([...queue.selected, queue.cursor]);
  }
}
