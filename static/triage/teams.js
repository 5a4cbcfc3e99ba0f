// @ts-check

const MOST = 9;

/** @typedef {{team: Triage.Ref, area: Triage.Ref | null, choice: Triage.Choice | null, rank: number}} Offer a team with its number in the list; `rank` 0: not suggested */
/** @typedef {{team: Triage.Ref, area: Triage.Ref | null, person: Triage.Person | null}} Owner */

/** Teams, areas and people of the workspace. */
export class Teams {
  /** @type {Triage.Team[]} */ all = [];
  /** @type {Triage.Person[]} */ people = [];
  isKnown = false;

  /** @param {Triage.Teams} answer */
  take(answer) {
    this.all = answer.teams;
    this.people = answer.people;
    this.isKnown = true;
  }

  /** Teams that threads can be given to. */
  get ready() {
    return this.all.filter(({ ready }) => ready !== false);
  }

  get areas() {
    return this.all.flatMap((team) => team.areas.map((area) => ({ team, area })));
  }

  /** The numbered list of a row: what is suggested first, then the others in their own order. @param {Triage.Row | undefined} row @returns {Offer[]} */
  offers(row) {
    const choices = row?.choices ?? [];
    const suggested = choices.map((choice, at) => ({ team: choice.team, area: choice.area, choice, rank: at + 1 }));
    const rest = this.ready
      .filter(({ id }) => !choices.some(({ team }) => team.id === id))
      .map(({ id, name }) => ({ team: { id, name }, area: null, choice: null, rank: 0 }));
    return [...suggested, ...rest].slice(0, MOST);
  }

  /** Everybody and every team that a thread can be given to, for the search. @returns {(Owner & {words: string})[]} */
  get owners() {
    return this.ready.flatMap((team) => {
      const ref = { id: team.id, name: team.name };
      return [
        { team: ref, area: null, person: null, words: team.name },
        ...team.areas.map((area) => ({
          team: ref,
          area: { id: area.id, name: area.name },
          person: null,
          words: `${area.name} ${team.name} ${area.keywords.join(" ")}`,
        })),
        ...team.members.map((person) => ({
          team: ref,
          area: null,
          person,
          words: `${person.name} ${person.username} ${team.name}`,
        })),
      ];
    });
  }
}

/** How well words match what is typed: each word must begin a word; the earlier the better. 0: not at all. @param {string} typed @param {string} words */
export function score(typed, words) {
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  const among = plain(words).split(/[^\p{L}\p{N}]+/u);
  let sum = 0;
  for (const part of parts) {
    const at = among.findIndex((word) => word.startsWith(part));
    if (at < 0) return 0;
    sum += 1 / (at + 1) + (among[at] === part ? 0.5 : 0);
  }
  return sum || 1;
}

/** Without accents and capitals. @param {string} text */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
