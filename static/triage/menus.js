// @ts-check
/** What each menu offers; choosing does it. */

import { alikeWords, cardsOf } from "../elements/closeloop-triage-around.js";
import { h } from "../lib/dom.js";
import { clockWords, fromInput, snoozes } from "./snoozes.js";
import { score } from "./teams.js";
import { IMPACTS, threads } from "./words.js";

/** @typedef {import("../elements/closeloop-triage-menu.js").Menu} Menu */
/** @typedef {import("../elements/closeloop-triage-menu.js").Option} Option */
/** @typedef {import("./desk.js").Desk} Desk */

/** @param {string} verb @param {Triage.Row[]} rows */
const titled = (verb, rows) =>
  rows.length > 1 ? `${verb} ${threads(rows.length)}` : `${verb} “${rows[0]?.subject ?? ""}”`;

/** @param {number} at */
const digit = (at) => (at < 9 ? String(at + 1) : undefined);

/** Teams, areas and people. @param {Desk} desk @param {Triage.Row[]} rows @returns {Menu} */
export function ownersMenu(desk, rows) {
  const suggested = desk.teams.offers(rows.length === 1 ? rows[0] : undefined);
  const owners = desk.teams.owners.map((owner) => ({
    name: owner.person ? owner.person.name : (owner.area?.name ?? owner.team.name),
    about: owner.person || owner.area ? owner.team.name : undefined,
    tag: owner.person ? "person" : owner.area ? "area" : "team",
    words: owner.words,
    run: () => desk.decisions.assign(rows, owner),
  }));
  const first = suggested.flatMap(({ team, choice, rank }) => {
    const known = owners.find(({ name, tag }) => tag === "team" && name === team.name);
    const owner = { team, area: choice?.area ?? null, person: null };
    const about = rank ? "suggested" : undefined;
    return [
      {
        ...(known ?? { name: team.name, tag: "team", words: team.name }),
        about,
        run: () => desk.decisions.assign(rows, owner),
      },
    ];
  });
  const others = owners.filter(({ name, tag }) => tag !== "team" || !first.some((one) => one.name === name));
  // Whose it would be in the suggested team stands before everybody else.
  const person = rows.length === 1 ? rows[0]?.person : null;
  const isTheirs = (/** @type {Option} */ { name, tag, about }) =>
    tag === "person" && name === person?.name && about === suggested[0]?.team.name;
  const rest = [...others.filter(isTheirs), ...others.filter((option) => !isTheirs(option))];
  return {
    title: titled("Give", rows),
    placeholder: "Team, area or person",
    options: [...first.map((option, at) => ({ ...option, key: digit(at) })), ...rest],
    empty: "No team, area or person is called like that.",
  };
}

/** @param {Desk} desk @param {Triage.Row[]} rows @returns {Menu} */
export function linkMenu(desk, rows) {
  const [row] = rows;
  const own = row ? desk.details.now(row.id) : null;
  // What is like another thread is no offer for this one: Enter must never link to a stranger's card.
  const near = own ? cardsOf(own) : [];
  const options = near.map(({ card, likeness }, at) => ({
    ...cardOption(desk, rows, card, alikeWords(likeness)),
    key: digit(at),
  }));
  const isOffered = (/** @type {string} */ typed, /** @type {Triage.Card} */ { id }) =>
    near.some(({ card }, at) => card.id === id && score(typed, options[at]?.words ?? "") > 0);
  return {
    title: titled("Link", rows),
    placeholder: near.length ? "Search all open cards" : "Type to search all open cards",
    options,
    empty: "No open card is like this thread: type words of a card’s name.",
    more: async (typed) => {
      /** @type {{cards: Triage.Card[]}} */
      const { cards } = await desk.api.get(`/triage/cards?q=${encodeURIComponent(typed.slice(0, 200))}`);
      return cards.filter((card) => !isOffered(typed, card)).map((card) => cardOption(desk, rows, card, ""));
    },
  };
}

/** @param {Desk} desk @param {Triage.Row[]} rows @param {Triage.Card} card @param {string} likeness @returns {Option} */
const cardOption = (desk, rows, card, likeness) => ({
  name: card.name,
  about: [card.team?.name, likeness].filter(Boolean).join(" · "),
  words: `${card.name} ${card.team?.name ?? ""}`,
  run: () => desk.decisions.link(rows, card),
});

/** @param {Desk} desk @param {Triage.Row[]} rows @returns {Menu} */
export const impactMenu = (desk, rows) => ({
  title: rows.length > 1 ? `Impact of ${threads(rows.length)}` : "Impact",
  // Enter alone must not raise an alarm: what they have is marked first, and nothing when they differ.
  active: rows.every(({ impact }) => impact === rows[0]?.impact)
    ? IMPACTS.findIndex(({ id }) => id === rows[0]?.impact)
    : -1,
  options: IMPACTS.map(({ id, name, key, about }) => ({
    key,
    name,
    about,
    run: () => rows.some(({ impact }) => impact !== id) && desk.decisions.impact(rows, id),
  })),
});

/** @param {Desk} desk @param {Triage.Row[]} rows @param {() => void} close @returns {Menu} */
export function snoozeMenu(desk, rows, close) {
  const { zone } = desk;
  const snooze = (/** @type {Date} */ until) => desk.decisions.snooze(rows, until, clockWords(until, zone));
  return {
    title: titled("Snooze", rows),
    options: snoozes(new Date(), zone).map(({ key, name, until }) => ({
      key,
      name,
      about: clockWords(until, zone),
      run: () => snooze(until),
    })),
    foot: anotherTime(zone, (until) => {
      close();
      snooze(until);
    }),
  };
}

/** @param {string} zone @param {(until: Date) => void} done */
function anotherTime(zone, done) {
  const input = h("input", { type: "datetime-local", "aria-label": `Another time (${zone})`, required: true });
  const says = h("span.quiet", null, zone);
  const form = h("form.menu-time", null, input, h("button", { type: "submit" }, "Snooze until then"), says);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const until = fromInput(input.value, zone);
    if (until && until.getTime() > Date.now()) done(until);
    else says.textContent = "Choose a time that is still to come.";
  });
  return form;
}

/** @param {Desk} desk @param {(canned: Triage.Canned | null) => void} write @returns {Menu} */
export const repliesMenu = (desk, write) => ({
  title: "Reply",
  options: [
    { key: "0", name: "Write a reply", run: () => write(null) },
    ...desk.replies.canned.map((canned, at) => ({
      key: digit(at),
      name: canned.title,
      about: canned.text.slice(0, 120),
      words: `${canned.title} ${canned.text}`,
      run: () => write(canned),
    })),
  ],
});

/** @param {Desk} desk @param {string} word @param {(area: Triage.Ref) => void} add @returns {Menu} */
export const areasMenu = (desk, word, add) => ({
  title: `Add “${word}” to the keywords of`,
  placeholder: "Area or team",
  options: desk.teams.areas.map(({ team, area }) => ({
    name: area.name,
    about: team.name,
    words: `${area.name} ${team.name}`,
    run: () => add(area),
  })),
  empty: "No area is called like that.",
});
