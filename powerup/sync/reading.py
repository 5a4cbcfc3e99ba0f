"""Reads one thread from its forum and records it; the one way in for polls, webhooks and pasted addresses."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Forum
from powerup.services import Services
from powerup.threads import Thread, ThreadState
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from powerup.triage.arrivals import after_reading

_TRIES = 4


class StaleReadingError(Exception):
    """Somebody recorded the thread while we were reading it: ours may be the older reading."""


def read_thread(services: Services, adapter: Forum, forum: ForumRow, thread_id: str) -> Ticket:
    """Read the thread whole and record it; raises GoneError (and remembers that) when it was deleted or hidden, or IntegrationError.

    No transaction is open while the forum is asked. A reading that was overtaken by another is thrown away and made again,
    because recording it would mark the newest messages as deleted.
    """
    for attempt in range(1, _TRIES + 1):
        started = clock.now()
        try:
            thread = adapter.read(thread_id)
        except GoneError:
            _mark_deleted(services, forum, thread_id)
            raise
        try:
            with services.database.write() as session:
                return _record(services, session, forum, thread, started=started, last=attempt == _TRIES)
        except (StaleReadingError, IntegrityError):
            if attempt == _TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def _record(services: Services, session: Session, forum: ForumRow, thread: Thread, *, started: datetime, last: bool) -> Ticket:
    known = _locked(session, forum.id, thread.external_id)
    if known is not None and known.read_at >= started and not last:
        raise StaleReadingError
    spoke_before = known.customer_spoke_at if known is not None else None
    if known is not None and thread.state == ThreadState.deleted:
        # Moderators see a deleted thread without its posts; what we have read of it stays readable.
        tickets.mark_deleted(session, known)
        ticket = known
    else:
        ticket = tickets.record(session, forum, thread)
    max_attempts = services.settings.max_attempts
    after_reading(session, ticket, spoke_before=spoke_before, is_new=known is None, max_attempts=max_attempts)
    return ticket


def _mark_deleted(services: Services, forum: ForumRow, thread_id: str) -> None:
    with services.database.write() as session:
        ticket = _locked(session, forum.id, thread_id)
        if ticket is not None:
            tickets.mark_deleted(session, ticket)
            spoke = ticket.customer_spoke_at
            after_reading(session, ticket, spoke_before=spoke, is_new=False, max_attempts=services.settings.max_attempts)


def _locked(session: Session, forum_id: int, thread_id: str) -> Ticket | None:
    wanted = select(Ticket).where(Ticket.forum_id == forum_id, Ticket.external_id == thread_id)
    return session.scalar(wanted.with_for_update())
