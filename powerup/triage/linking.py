"""What a link between a card and a ticket, made or ended outside of the queue, means for triage."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.cards.models import Card
from powerup.events.actions import Actor
from powerup.links.models import Link
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.effects import Effects
from powerup.triage.settings import pace
from powerup.triage.standing import refresh


def linked(session: Session, ticket: Ticket, card: Card, *, by: Actor) -> None:
    """Somebody tied the ticket to a card by hand: whose the card is, the ticket is too. No alert: they know."""
    if owned.live(session, ticket.id) is None:
        on_card = owned.of_card(session, card.workspace_id, card.id)
        team = on_card[0].Team if on_card else teams.of_board(session, card.board_id)
        if team is not None:
            first = on_card[0].Assignment if on_card else None
            owner = Owner(team.id, first.area_id if first else None, first.member_id if first else None)
            assignments.assign(session, ticket, owner, by=by, card_id=card.id)
    refresh(session, ticket, pace(session, ticket.workspace_id))


def unlinked(session: Session, ticket: Ticket, card: Card, *, by: Actor, max_attempts: int) -> None:
    """Somebody untied it: with its last card gone it is nobody's, and back in the queue."""
    still = select(Link.card_id).where(Link.ticket_id == ticket.id, Link.ended_at.is_(None)).order_by(Link.id).limit(1)
    standing, other = owned.live(session, ticket.id), session.scalar(still)
    if standing is not None and standing.card_id == card.id:
        if other is None:
            assignments.end(session, standing, "unlinked", by=by)
            Effects(session, ticket, by, max_attempts).forum_assign(None, None)
        else:
            standing.card_id = other
    refresh(session, ticket, pace(session, ticket.workspace_id))
