// @ts-check
import { requestId } from "../lib/request-id.js";
import { impactOf, teamName, threads } from "./words.js";

/** @typedef {import("./teams.js").Owner} Owner */
/** @typedef {{words: string, take: () => void}} Undoable */

/** What the triager is told. @typedef {object} Teller
 * @property {(words: string, undoable?: boolean) => void} say something was done
 * @property {(words: string) => void} unsay it was not done after all
 * @property {(words: string, row?: Triage.Row) => void} warn something was refused
 */

/**
 * Decides at once on the screen and tells the server afterwards. What the server refuses comes back with the reason; every
 * decision can be taken back, the last one first.
 */
export class Decisions {
  /** The server has a decision: it may suggest other teams now. @type {() => void} */ saved = () => {};
  /** @type {Undoable[]} */ #done = [];
  #queue;
  #outbox;
  #pace;
  #tell;

  /** @param {{queue: import("./queue.js").Queue, outbox: import("./outbox.js").Outbox, pace: import("./pace.js").Pace, tell: Teller}} parts */
  constructor({ queue, outbox, pace, tell }) {
    this.#queue = queue;
    this.#outbox = outbox;
    this.#pace = pace;
    this.#tell = tell;
  }

  /** @param {Triage.Row[]} rows @param {Owner} owner */
  assign(rows, { team, area, person }) {
    const ranks = rows.map(({ choices }) =>
      choices.length ? choices.findIndex((choice) => choice.team.id === team.id) + 1 : null,
    );
    const to = person ? `${person.name} in ${team.name}` : team.name;
    this.#decide(
      rows,
      { kind: "assign", team_id: team.id, area_id: rows.length === 1 ? area?.id : undefined, member_id: person?.id },
      `${rows.length > 1 ? `${threads(rows.length)} assigned` : "Assigned"} to ${to}`,
      ranks,
    );
  }

  /** Each goes where it is suggested to go; one undo takes all of it back. @param {Triage.Row[]} rows */
  acceptAll(rows) {
    const sure = rows.filter(({ choices }) => choices.length);
    const before = this.#done.length;
    /** @type {Map<number, Triage.Row[]>} */
    const parts = new Map();
    for (const row of sure) {
      const { team } = /** @type {Triage.Choice} */ (row.choices[0]);
      parts.set(team.id, [...(parts.get(team.id) ?? []), row]);
    }
    for (const part of parts.values()) {
      const { team, area } = /** @type {Triage.Choice} */ (/** @type {Triage.Row} */ (part[0]).choices[0]);
      this.assign(part, { team, area, person: null });
    }
    const made = this.#done.splice(before);
    const words = `${threads(sure.length)} assigned as suggested`;
    if (made.length) this.#done.push({ words, take: () => made.toReversed().forEach(({ take }) => void take()) });
    this.#tell.say(words, made.length > 0);
    if (sure.length < rows.length)
      this.#tell.warn(`${threads(rows.length - sure.length)} without a suggestion stayed: choose a team for them.`);
  }

  /** @param {Triage.Row[]} rows @param {Triage.Card} card */
  link(rows, card) {
    this.#decide(rows, { kind: "link", card_id: card.id }, `${counted(rows, "Linked")} to “${card.name}”`);
  }

  /** @param {Triage.Row[]} rows @param {Date} until @param {string} when */
  snooze(rows, until, when) {
    this.#decide(rows, { kind: "snooze", until: until.toISOString() }, `${counted(rows, "Snoozed")} until ${when}`);
  }

  /** @param {Triage.Row[]} rows */
  dismiss(rows) {
    this.#decide(rows, { kind: "no_action" }, `${counted(rows, "Marked")} as no action`);
  }

  /** @param {Triage.Row[]} rows @param {Triage.Impact} impact */
  impact(rows, impact) {
    const before = rows.map((row) => ({ row, impact: row.impact }));
    this.#setImpact(rows, impact);
    const words = `${rows.length > 1 ? threads(rows.length) : "Impact"}: ${impactOf(impact).name.toLowerCase()}`;
    this.#done.push({
      words,
      take: () => {
        for (const each of new Set(before.map((one) => one.impact)))
          this.#setImpact(
            before.filter((one) => one.impact === each).map(({ row }) => row),
            each,
          );
        this.#queue.moveTo(/** @type {Triage.Row} */ (rows[0]).id);
      },
    });
    this.#tell.say(words, true);
  }

  /** Something else that can be taken back. @param {Undoable} undoable */
  remember(undoable) {
    this.#done.push(undoable);
    this.#tell.say(undoable.words, true);
  }

  /** What an earlier page decided and could not send. @param {import("./outbox.js").Job} job @returns {import("./outbox.js").Job} */
  adopt(job) {
    if (job.path !== "/triage/decisions") return job;
    const { truth } = this.#queue;
    const { ticket_ids } = /** @type {Triage.Order} */ (job.body);
    truth.decide(ticket_ids, false);
    return {
      ...job,
      done: ({ refused }) => {
        truth.settle(ticket_ids, false);
        for (const { detail } of refused) this.#tell.warn(detail);
      },
      failed: (error) => {
        truth.forget(ticket_ids);
        this.#tell.warn(`${job.words}: ${error.message}`);
      },
    };
  }

  /** Take the last one back. */
  undo() {
    const last = this.#done.pop();
    if (!last) {
      this.#tell.say("Nothing to undo.");
      return;
    }
    last.take();
    const next = this.#done.at(-1);
    this.#tell.say(`Undone: ${last.words}.${next ? " U again goes further back." : ""}`);
  }

  /** @param {Triage.Row[]} rows @param {Triage.Impact} impact */
  #setImpact(rows, impact) {
    const before = new Map(rows.map((row) => [row, row.impact]));
    for (const row of rows) row.impact = impact;
    this.#queue.changed();
    this.#outbox.add({
      key: requestId(),
      method: "PUT",
      path: "/triage/impacts",
      body: { ticket_ids: rows.map(({ id }) => id), impact },
      words: `Impact ${impact}`,
      failed: (error) => {
        for (const [row, was] of before) row.impact = was;
        this.#queue.changed();
        this.#tell.warn(`The impact was not changed: ${error.message}`);
      },
    });
  }

  /** @param {Triage.Row[]} rows @param {Partial<Triage.Order> & {kind: Triage.Kind}} order @param {string} words @param {(number | null)[]} [ranks] */
  #decide(rows, order, words, ranks = rows.map(() => null)) {
    const batch = requestId();
    const ids = rows.map(({ id }) => id);
    const seconds = this.#pace.seconds();
    const standing = rows[0]?.standing;
    /** @type {Triage.Order} */
    const body = {
      ...order,
      ticket_ids: ids,
      seconds,
      ranks: Object.fromEntries(ids.flatMap((id, at) => (ranks[at] === null ? [] : [[String(id), ranks[at]]]))),
      expected: standing === "snoozed" || standing === "no_action" ? standing : "new",
      batch,
    };
    this.#pace.note(seconds / rows.length, ranks);
    this.#queue.remove(ids);
    this.#pace.turn();
    /** What the server took; what it refused is not ours to take back. */
    const ours = new Set(rows);
    const entry = { words, take: () => this.#takeBack(batch, [...ours], ranks) };
    this.#done.push(entry);
    this.#tell.say(words, true);
    this.#outbox.add({
      key: batch,
      method: "POST",
      path: "/triage/decisions",
      body,
      words,
      done: (answer) => this.#settled(answer, rows, ranks, { entry, ours }),
      failed: (error) => {
        this.#back(rows, entry);
        this.#pace.unnote(ranks);
        this.#tell.warn(`${error.message} Nothing was changed.`, rows[0]);
      },
    });
  }

  /** @param {Triage.Decided} answer @param {Triage.Row[]} rows @param {(number | null)[]} ranks @param {{entry: Undoable, ours: Set<Triage.Row>}} held */
  #settled({ done, refused }, rows, ranks, { entry, ours }) {
    const queue = this.#queue;
    queue.truth.settle(
      done.map(({ ticket_id }) => ticket_id),
      false,
    );
    const notes = [...new Set(done.flatMap(({ note }) => note ?? []))];
    for (const note of notes) this.#tell.warn(note);
    if (done.length) this.saved();
    if (!refused.length) return;
    const isGone = refused.length === rows.length;
    if (isGone) this.#withdraw(entry);
    queue.truth.forget(refused.map(({ ticket_id }) => ticket_id));
    for (const one of refused) {
      const row = rows.find(({ id }) => id === one.ticket_id);
      if (!row) continue;
      ours.delete(row);
      const team = teamName(one.team);
      queue.leave(row.id, one.by_name ? `${one.by_name}${team ? ` → ${team}` : " was faster"}` : "Refused", row);
      this.#pace.unnote([ranks[rows.indexOf(row)] ?? null]);
      this.#tell.warn(`${one.detail} (“${row.subject}”)`);
    }
    queue.changed();
  }

  /** @param {string} batch @param {Triage.Row[]} rows @param {(number | null)[]} ranks */
  #takeBack(batch, rows, ranks) {
    const queue = this.#queue;
    const ids = rows.map(({ id }) => id);
    queue.restore(rows);
    this.#pace.unnote(ranks);
    this.#pace.turn();
    if (this.#outbox.drop(batch)) {
      queue.truth.forget(ids);
      return;
    }
    queue.truth.decide(ids, true);
    this.#outbox.add({
      key: `undo:${batch}`,
      method: "DELETE",
      path: `/triage/batches/${batch}`,
      body: undefined,
      words: "Undo",
      done: ({ refused = [] }) => {
        queue.truth.settle(ids, true);
        for (const { ticket_id, detail } of refused) {
          queue.leave(ticket_id, "Not undone");
          this.#tell.warn(detail);
        }
        queue.changed();
      },
      failed: (error) => {
        queue.truth.forget(ids);
        for (const id of ids) queue.leave(id, "Not undone");
        queue.changed();
        this.#tell.warn(`It was not undone: ${error.message}`);
      },
    });
  }

  /** Nothing is left of it that could be taken back. @param {Undoable} entry */
  #withdraw(entry) {
    // Said of something later meanwhile: that one stays.
    if (this.#done.at(-1) === entry) this.#tell.unsay(entry.words);
    this.#done = this.#done.filter((one) => one !== entry);
  }

  /** @param {Triage.Row[]} rows @param {Undoable} entry */
  #back(rows, entry) {
    this.#withdraw(entry);
    this.#queue.truth.forget(rows.map(({ id }) => id));
    const { cursor } = this.#queue;
    this.#queue.restore(rows);
    // Whoever reads the next thread already goes on reading it.
    if (cursor !== null) this.#queue.moveTo(cursor);
  }
}

/** @param {Triage.Row[]} rows @param {string} verb */
const counted = (rows, verb) => (rows.length > 1 ? `${threads(rows.length)} ${verb.toLowerCase()}` : verb);
