"""Snoozed threads whose time has come are back in the queue, and everybody who looks at it hears of that."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.events.actions import SYSTEM, record
from powerup.tickets.models import Ticket
from powerup.triage.rules import Standing
from powerup.triage.settings import pace
from powerup.triage.standing import refresh

AT_ONCE = 100


def wake(session: Session) -> int:
    """Wake what is due, of every workspace; returns how many. Two workers wake none twice."""
    due = select(Ticket).where(Ticket.triage == Standing.snoozed, Ticket.snoozed_until <= clock.now())
    found = session.scalars(due.order_by(Ticket.snoozed_until).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for ticket in found:
        refresh(session, ticket, pace(session, ticket.workspace_id))
        record(session, ticket.workspace_id, "triage.woken", by=SYSTEM, ticket_id=ticket.id)
    return len(found)
