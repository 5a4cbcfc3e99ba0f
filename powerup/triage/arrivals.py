"""After a thread was read from its forum: where it stands now, and who has to hear of the customer's answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.events.actions import Actor
from powerup.outbox.models import Delivery, State
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.effects import Effects
from powerup.triage.settings import pace
from powerup.triage.standing import refresh


def after_reading(session: Session, ticket: Ticket, *, spoke_before: datetime | None, is_new: bool, max_attempts: int) -> None:
    """Bring triage up to date; a customer who wrote on a thread that somebody owns is told to its team.

    :param spoke_before: `customer_spoke_at` before this reading.
    """
    spoke = ticket.customer_spoke_at
    is_news = not is_new and spoke is not None and (spoke_before is None or spoke > spoke_before)
    if is_news:
        # Written before somebody set the thread aside, perhaps, but read after it: they did not know.
        assignments.end_dismissals(session, ticket.id, by=Actor("forum"))
    refresh(session, ticket, pace(session, ticket.workspace_id))
    if not is_news or spoke is None or ticket.waiting_on != "us":
        return
    standing = owned.live(session, ticket.id)
    if standing is None or standing.made_at > spoke or _is_told(session, ticket):
        return
    team = teams.get(session, ticket.workspace_id, standing.team_id, removed_too=True)
    effects = Effects(session, ticket, Actor("forum"), max_attempts)
    effects.alert("answered", team, {"assignment_id": standing.id, "urgent": ticket.impact == "outage"})


def _is_told(session: Session, ticket: Ticket) -> bool:
    """Whether an alert of the same kind still waits to go out."""
    waiting = select(Delivery).where(Delivery.ticket_id == ticket.id, Delivery.kind == "team_alert", Delivery.state == State.pending)
    return any(delivery.payload.get("what") == "answered" for delivery in session.scalars(waiting))
