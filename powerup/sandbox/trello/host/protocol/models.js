// @ts-check
/** Boards, lists, cards and people as `t.board()`, `t.card()` and their kin show them: known fields only, and only those asked for. */

/** @import {Board, Card, List, Person} from '../types' */

/** `[]` and `['all']` mean everything. @param {Record<string, unknown>} model @param {unknown} fields */
export function choose(model, fields) {
  const names = Array.isArray(fields) ? fields : [];
  if (names.length === 0 || names.includes("all")) return model;
  return Object.fromEntries(names.filter((name) => Object.hasOwn(model, name)).map((name) => [name, model[name]]));
}

/** @param {Person} person */
export const memberModel = ({ id, fullName, username, initials, avatarUrl }) => ({
  id,
  fullName,
  username,
  initials,
  avatar: avatarUrl ?? null,
});

/** @param {Card} card @param {Board} board */
export const cardModel = (card, board) => ({
  id: card.id,
  name: card.name,
  desc: card.desc,
  due: card.due ?? null,
  dueComplete: card.dueComplete ?? false,
  start: card.start ?? null,
  closed: card.closed,
  cover: null,
  attachments: card.attachments.map(({ id, name, url, date }) => ({ id, name, url, date })),
  members: board.members.filter(({ id }) => card.idMembers.includes(id)).map(memberModel),
  labels: card.labels.map(({ id, name, color }) => ({ id, name, color })),
  url: card.url,
  shortLink: card.shortLink,
  idList: card.idList,
  idShort: card.idShort,
  dateLastActivity: card.dateLastActivity,
  badges: card.badges ?? {},
  customFieldItems: [],
  coordinates: null,
  address: null,
  locationName: null,
  pos: card.pos,
  checklists: [],
});

/** @param {List} list @param {Board} board */
export const listModel = (list, board) => ({
  id: list.id,
  name: list.name,
  cards: board.cards.filter(({ idList }) => idList === list.id).map((card) => cardModel(card, board)),
});

/** @param {Board} board */
export const boardModel = (board) => ({
  id: board.id,
  name: board.name,
  url: board.url,
  shortLink: board.shortLink,
  members: board.members.map(memberModel),
  dateLastActivity: board.dateLastActivity ?? null,
  idOrganization: board.idOrganization,
  customFields: [],
  labels: board.labels.map(({ id, name, color }) => ({ id, name, color })),
  memberships: board.memberships,
  paidStatus: "standard",
});
