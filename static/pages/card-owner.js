// @ts-check
import { h } from "../lib/dom.js";
import { IMPACTS } from "../lib/teams.js";
import "../elements/closeloop-owner.js";

/** Whose the shown thread is, and what can be done about that from the card. */
export class CardOwner {
  element = h("closeloop-owner");
  #api;
  #me;
  #toast;
  #do;

  /**
   * @param {import('../lib/api.js').ApiClient} api @param {string} me Trello's id of whoever looks
   * @param {import('../elements/closeloop-toast.js').CloseloopToast} toast
   * @param {(act: () => Promise<unknown>) => Promise<boolean>} act does it and says what went wrong
   */
  constructor(api, me, toast, act) {
    this.#api = api;
    this.#me = me;
    this.#toast = toast;
    this.#do = act;
    this.element.hidden = true;
    /** @param {string} name @param {(detail: any) => unknown} hear */
    const on = (name, hear) =>
      this.element.addEventListener(
        `closeloop-${name}`,
        (event) => void hear(/** @type {CustomEvent} */ (event).detail),
      );
    on("take", ({ assignment }) => this.#take(assignment));
    on("pass", ({ assignment, to, words }) => this.#pass(assignment, to, words));
    on("hand-back", ({ assignment, why }) => this.#handBack(assignment, why));
    on("impact", ({ ticket, impact }) => this.#setImpact(ticket, impact));
  }

  /** @param {Api.CardDetail} detail @param {number | null} ticketId the shown thread's @param {boolean} mayWrite */
  show({ links, assignments = [], teams = [] }, ticketId, mayWrite) {
    const ticket = links.find((link) => link.ticket.id === ticketId)?.ticket;
    this.element.hidden = !ticket;
    if (!ticket) return;
    const assignment = assignments.find((each) => each.ticket_id === ticketId) ?? null;
    this.element.show({ ticket, assignment, teams, me: this.#me, mayWrite });
  }

  /** @param {Api.CardAssignment} assignment */
  async #take({ id, team, area }) {
    if (!(await this.#do(() => this.#api.call("PUT", `/assignments/${id}/taker`, { body: {} })))) return;
    const back = { team_id: team.id, area_id: area?.id ?? null, member_id: null };
    this.#say("You have it now.", () => this.#do(() => this.#put(id, back)));
  }

  /** @param {Api.CardAssignment} before @param {Record<string, unknown>} to @param {string} words */
  async #pass(before, to, words) {
    let now = before.id;
    const passed = await this.#do(async () => {
      now = (await this.#put(before.id, to)).assignment.id;
    });
    if (!passed) return;
    const back = { team_id: before.team.id, area_id: before.area?.id ?? null, member_id: before.person?.id ?? null };
    this.#say(words, () => this.#do(() => this.#put(now, back)));
  }

  /** @param {Api.CardAssignment} assignment @param {string | null} why */
  async #handBack({ id }, why) {
    if (await this.#do(() => this.#api.post(`/assignments/${id}/hand-back`, { why })))
      this.#toast.say("Handed back: the thread stands near the top of the triage queue.");
  }

  /** @param {Api.Ticket} ticket @param {Api.Impact} impact */
  async #setImpact(ticket, impact) {
    const before = ticket.impact;
    const set = (/** @type {Api.Impact} */ wanted) =>
      this.#do(() => this.#api.call("PUT", `/tickets/${ticket.id}/impact`, { body: { impact: wanted } }));
    if (!(await set(impact))) return;
    const name = IMPACTS.find(([value]) => value === impact)?.[1] ?? impact;
    this.#say(`Impact: ${name.toLowerCase()}.`, () => set(before));
  }

  /** @param {number} id @param {Record<string, unknown>} body */
  #put(id, body) {
    return this.#api.call("PUT", `/assignments/${id}`, { body });
  }

  /** @param {string} words @param {() => unknown} undo */
  #say(words, undo) {
    this.#toast.say(words, { text: "Undo", run: () => void undo() });
  }
}
