"""Where a ticket stands in triage, derived from its rows and written on it in the same transaction.

Call `refresh` after anything that it is derived from: a reading of the thread, an assignment, a link, a dismissal, an impact.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as assignments
from powerup.assignments.models import Dismissal
from powerup.links.models import Link
from powerup.tickets.models import Ticket
from powerup.triage.rules import Impact, Pace, Standing, due, is_at_rest, rank


def refresh(session: Session, ticket: Ticket, pace: Pace) -> None:
    """Write down the ticket's standing, its place in the queue and its targets."""
    session.flush()
    ticket.triage, ticket.snoozed_until = _standing(session, ticket)
    place(ticket, pace, handed_back=ticket.triage == Standing.new and assignments.was_handed_back(session, ticket.id))


def place(ticket: Ticket, pace: Pace, *, handed_back: bool | None = None) -> None:
    """Write down rank and targets; `handed_back` None leaves what was known of that."""
    waits, impact = ticket.waiting_on == "us", Impact(ticket.impact)
    back = handed_back if handed_back is not None else ticket.queue_rank in (1, 6)
    ticket.queue_rank = rank(impact, waits_on_us=waits, handed_back=back)
    ticket.queue_at = (ticket.waiting_since if waits else None) or ticket.last_message_at
    found = due(pace, impact, waiting_since=ticket.waiting_since if waits else None, answered=ticket.first_answer_at is not None)
    ticket.warn_at, ticket.due_at, ticket.due_kind = found.warn_at, found.due_at, found.kind


def _standing(session: Session, ticket: Ticket) -> tuple[Standing, datetime | None]:
    if is_at_rest(ticket.state, ticket.waiting_on):
        return Standing.settled, None
    linked = select(Link.id).where(Link.ticket_id == ticket.id, Link.ended_at.is_(None)).limit(1)
    if assignments.live(session, ticket.id) is not None or session.scalar(linked) is not None:
        return Standing.owned, None
    if ticket.assigned_to is not None and assignments.last_end(session, ticket.id) not in ("handed_back", "undone", "unlinked"):
        # Somebody assigned it on the forum. After we took it back the forum shows the old owner until our delivery has told it.
        return Standing.owned, None
    dismissal = session.scalar(select(Dismissal).where(Dismissal.ticket_id == ticket.id, Dismissal.ended_at.is_(None)))
    if dismissal is None:
        return Standing.new, None
    if ticket.customer_spoke_at is not None and ticket.customer_spoke_at > dismissal.made_at:
        # The customer wrote again: whoever set it aside did not know that.
        dismissal.ended_at = clock.now()
        return Standing.new, None
    if dismissal.kind == "snooze":
        return (Standing.snoozed, dismissal.until) if dismissal.until and dismissal.until > clock.now() else (Standing.new, None)
    return Standing.no_action, None
