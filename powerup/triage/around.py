"""What is around threads in the queue: who gave them back, which card stands for them, for whom they would be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.assignments.queries import not_undone
from powerup.cards.models import Card
from powerup.links.models import Link
from powerup.teams.models import Area, Team

LATELY = timedelta(days=60)
"""Who took an area's threads longer ago may work on something else by now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread went."""

    card: Card | None
    """An open one."""
    team: Team | None
    """The team that has the thread, or else whose board the card is on."""
    assigned: Team | None


def hand_backs(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, tuple[Team, str | None]]:
    """For each ticket whose last assignment was handed back: by which team, and why."""
    last = select(func.max(Assignment.id)).where(Assignment.ticket_id.in_(ticket_ids), not_undone()).group_by(Assignment.ticket_id)
    wanted = select(Assignment, Team).join(Team, Team.id == Assignment.team_id)
    rows = session.execute(wanted.where(Assignment.id.in_(last), Assignment.ended_how == "handed_back"))
    return {row.Assignment.ticket_id: (row.Team, row.Assignment.ended_why) for row in rows}


def places(session: Session, workspace_id: int, ticket_ids: Sequence[int]) -> Mapping[int, Place]:
    """Where threads went: their first open card and their team; absent where neither is."""
    tied = select(Link.ticket_id, Card).join(Card, Card.id == Link.card_id)
    tied = tied.where(Link.workspace_id == workspace_id, Link.ticket_id.in_(ticket_ids), Link.ended_at.is_(None), Card.closed_at.is_(None))
    cards: dict[int, Card] = {}
    for ticket_id, card in session.execute(tied.order_by(Link.id)):
        cards.setdefault(ticket_id, card)
    standing = select(Assignment.ticket_id, Team).join(Team, Team.id == Assignment.team_id)
    standing = standing.where(Assignment.ticket_id.in_(ticket_ids), Assignment.ended_at.is_(None))
    owned: dict[int, Team] = {ticket_id: team for ticket_id, team in session.execute(standing)}
    of_board = teams_of(session, {card.board_id for card in cards.values()})
    found: dict[int, Place] = {}
    for ticket_id in {*cards, *owned}:
        on, assigned = cards.get(ticket_id), owned.get(ticket_id)
        found[ticket_id] = Place(on, assigned or (of_board.get(on.board_id) if on else None), assigned)
    return found


def takers(session: Session, workspace_id: int, areas: Iterable[Area]) -> Mapping[int, str]:
    """For each area who would take a thread: its owner, or else who took most of its threads lately; by area id."""
    wanted = {area.id: area for area in areas}
    team_ids = {area.team_id for area in wanted.values()}
    on_team = {team.id: team.member_ids for team in session.scalars(select(Team).where(Team.id.in_(team_ids)))}
    found: dict[int, str] = {}
    for area in wanted.values():
        own = next((one for one in area.owner_ids if one in on_team.get(area.team_id, ())), None)
        if own is not None:
            found[area.id] = own
    rest = wanted.keys() - found.keys()
    if not rest:
        return found
    taken: dict[int, Counter[str]] = {}
    about = select(Assignment.area_id, Assignment.member_id, func.count()).where(
        Assignment.workspace_id == workspace_id,
        Assignment.made_at > clock.now() - LATELY,
        Assignment.area_id.in_(rest),
        Assignment.member_id.is_not(None),
    )
    for area_id, member_id, count in session.execute(about.group_by(Assignment.area_id, Assignment.member_id)):
        if area_id is not None and member_id is not None and member_id in on_team.get(wanted[area_id].team_id, ()):
            taken.setdefault(area_id, Counter())[member_id] += count
    # Of two who took as many the same one each time.
    return found | {area_id: min(counts, key=lambda one: (-counts[one], one)) for area_id, counts in taken.items()}


def teams_of(session: Session, board_ids: Iterable[int]) -> dict[int, Team]:
    """The team whose cards are on each board; with several, the first."""
    found: dict[int, Team] = {}
    wanted = select(Team).where(Team.board_id.in_(set(board_ids)), Team.removed_at.is_(None))
    for team in session.scalars(wanted.order_by(Team.position, Team.id)):
        found.setdefault(team.board_id or 0, team)
    return found
