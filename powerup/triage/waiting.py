"""Cards that could not be made while a team had no list for them."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.events.actions import SYSTEM
from powerup.outbox.models import Delivery
from powerup.teams import queries as teams
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage.effects import Effects, card_lane
from powerup.triage.rules import Standing

AT_ONCE = 500


def cards_for_waiting(session: Session, team: Team, *, max_attempts: int) -> int:
    """Now that the team has a list: cards for its threads that have none, and the cards that came from elsewhere; returns how many.

    What was ordered before is not ordered again, whatever became of it: a failure is there to be seen and retried.
    """
    if not teams.is_ready(team):
        return 0
    theirs = select(Assignment, Ticket).join(Ticket, Ticket.id == Assignment.ticket_id)
    theirs = theirs.where(Assignment.team_id == team.id, Assignment.ended_at.is_(None), Ticket.triage != Standing.settled)
    count = 0
    for assignment, ticket in session.execute(theirs.order_by(Assignment.id).limit(AT_ONCE)).all():
        effects = Effects(session, ticket, SYSTEM, max_attempts)
        if _is_ordered(session, ticket, assignment):
            continue
        if assignment.card_id is None:
            count += effects.card(team, assignment) is not None
        elif _came_from_elsewhere(session, team, assignment):
            count += effects.move(team, assignment) is not None
    return count


def _is_ordered(session: Session, ticket: Ticket, assignment: Assignment) -> bool:
    mine = select(Delivery.id).where(Delivery.ticket_id == ticket.id, Delivery.lane == card_lane(ticket))
    mine = mine.where(Delivery.kind.in_(("trello_card", "trello_move")), Delivery.created_at >= assignment.made_at)
    return session.scalar(mine.limit(1)) is not None


def _came_from_elsewhere(session: Session, team: Team, assignment: Assignment) -> bool:
    """Passed on by another team with its card, which lies on that team's board still."""
    card = session.get(Card, assignment.card_id)
    before = exists().where(
        Assignment.card_id == assignment.card_id,
        Assignment.ticket_id == assignment.ticket_id,
        Assignment.team_id != team.id,
        Assignment.ended_how == "reassigned",
    )
    return card is not None and card.board_id != team.board_id and bool(session.scalar(select(before)))
