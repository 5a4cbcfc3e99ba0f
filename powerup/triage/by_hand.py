"""What people do with a card on Trello itself means something for the threads that it stands for."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.outbox.models import Delivery, State
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Desk
from powerup.triage.effects import Effects, card_lane
from powerup.triage.undo import reassign


def moved(session: Session, card: Card, desk: Desk) -> int:
    """Somebody took the card to another team's board: the threads are that team's now; returns how many.

    While a move of ours is under way the card is where an earlier decision had it, and nothing follows from that.
    """
    team = teams.of_board(session, card.board_id)
    count = 0
    for assignment, ticket in _standing(session, card) if team is not None else ():
        current = teams.get(session, card.workspace_id, assignment.team_id, removed_too=True)
        if team is None or current.board_id == card.board_id or _is_under_way(session, ticket):
            continue
        member = assignment.member_id if assignment.member_id in team.member_ids else None
        reassign(session, assignment, Owner(team.id, None, member), desk, card_is_there=True)
        count += 1
    return count


def joined(session: Session, card: Card, member_id: str, desk: Desk) -> None:
    """Somebody was put on the card: what nobody has is theirs."""
    for assignment, ticket in _standing(session, card):
        if assignment.member_id is None:
            assignments.take(session, assignment, member_id, by=desk.by)
            _tell_forum(session, ticket, assignment, desk)


def parted(session: Session, card: Card, member_id: str, desk: Desk) -> None:
    """Somebody was taken off the card: what was theirs is the team's."""
    for assignment, ticket in _standing(session, card):
        if assignment.member_id == member_id:
            assignments.release(session, assignment, by=desk.by)
            _tell_forum(session, ticket, assignment, desk)


def _standing(session: Session, card: Card) -> Iterator[tuple[Assignment, Ticket]]:
    for row in owned.of_card(session, card.workspace_id, card.id):
        ticket = session.get_one(Ticket, row.Assignment.ticket_id, with_for_update=True)
        session.refresh(row.Assignment)
        if row.Assignment.ended_at is None:
            yield row.Assignment, ticket


def _is_under_way(session: Session, ticket: Ticket) -> bool:
    mine = select(Delivery.id).where(Delivery.ticket_id == ticket.id, Delivery.lane == card_lane(ticket))
    ours = mine.where(Delivery.kind.in_(("trello_card", "trello_move")), Delivery.state.in_((State.pending, State.running)))
    return session.scalar(ours.limit(1)) is not None


def _tell_forum(session: Session, ticket: Ticket, assignment: Assignment, desk: Desk) -> None:
    team = teams.get(session, ticket.workspace_id, assignment.team_id, removed_too=True)
    person = teams.person(session, ticket.workspace_id, assignment.member_id) if assignment.member_id else None
    Effects(session, ticket, desk.by, desk.max_attempts).forum_assign(team, person)
