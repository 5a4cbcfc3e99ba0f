"""Where a ticket stands in triage, derived from its rows and written on it in the same transaction.

Call `refresh` after anything that it is derived from: a reading of the thread, an assignment, a link, a dismissal, an impact.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as assignments
from powerup.assignments.models import Dismissal
from powerup.forums.models import Forum
from powerup.links.models import Link
from powerup.tickets.models import Ticket
from powerup.triage.rules import PAST, Impact, Pace, Standing, due, is_at_rest, is_past, rank


def refresh(session: Session, ticket: Ticket, pace: Pace) -> None:
    """Write down the ticket's standing, its place in the queue and its targets."""
    session.flush()
    past = is_past(ticket.last_message_at, session.get_one(Forum, ticket.forum_id).created_at)
    ticket.triage, ticket.snoozed_until = _standing(session, ticket, past=past)
    handed_back = ticket.triage == Standing.new and assignments.was_handed_back(session, ticket.id)
    place(ticket, pace, handed_back=handed_back, past=past and not handed_back)


def place(ticket: Ticket, pace: Pace, *, handed_back: bool | None = None, past: bool | None = None) -> None:
    """Write down rank and targets; None leaves what was known of that."""
    waits, impact = ticket.waiting_on == "us", Impact(ticket.impact)
    back = handed_back if handed_back is not None else ticket.queue_rank in (1, 6)
    past = past if past is not None else ticket.queue_rank == PAST
    ticket.queue_rank = rank(impact, waits_on_us=waits, handed_back=back)
    ticket.queue_at = (ticket.waiting_since if waits else None) or ticket.last_message_at
    if past and waits and impact is Impact.normal:
        # From before the forum was connected, and nobody has said since that it matters: no promise of ours runs.
        ticket.queue_rank, ticket.warn_at, ticket.due_at, ticket.due_kind = PAST, None, None, None
        return
    found = due(pace, impact, waiting_since=ticket.waiting_since if waits else None, answered=ticket.first_answer_at is not None)
    ticket.warn_at, ticket.due_at, ticket.due_kind = found.warn_at, found.due_at, found.kind


def _standing(session: Session, ticket: Ticket, *, past: bool) -> tuple[Standing, datetime | None]:
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
        done = past and ticket.waiting_on != "us" and not _was_touched(session, ticket)
        return (Standing.settled if done else Standing.new), None
    if ticket.customer_spoke_at is not None and ticket.customer_spoke_at > dismissal.made_at:
        # The customer wrote again: whoever set it aside did not know that.
        dismissal.ended_at = clock.now()
        return Standing.new, None
    if dismissal.kind == "snooze":
        return (Standing.snoozed, dismissal.until) if dismissal.until and dismissal.until > clock.now() else (Standing.new, None)
    return Standing.no_action, None


def _was_touched(session: Session, ticket: Ticket) -> bool:
    """Whether anybody here ever decided anything about it."""
    set_aside = select(Dismissal.id).where(Dismissal.ticket_id == ticket.id).limit(1)
    return assignments.last_end(session, ticket.id) is not None or session.scalar(set_aside) is not None
