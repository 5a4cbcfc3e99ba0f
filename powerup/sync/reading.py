"""Reads one thread from its forum and records it; the one way in for polls, history, webhooks and pasted addresses."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Forum
from powerup.services import Services
from powerup.sync.merging import merge
from powerup.threads import Thread, ThreadState
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from powerup.triage.arrivals import after_reading

_TRIES = 4

Also = Callable[[Session, bool], None]
"""Further work in the transaction that records a reading; told whether the thread is there. Whatever it raises undoes all."""


class StaleReadingError(Exception):
    """Somebody recorded the thread while we were reading it: ours may be the older reading."""


def read_thread(services: Services, adapter: Forum, forum: ForumRow, thread_id: str, *, also: Also | None = None) -> Ticket:
    """Read the thread whole and record it; raises GoneError (and remembers that) when it was deleted or hidden, or IntegrationError.

    No transaction is open while the forum is asked. A reading that was overtaken by another is thrown away and made again,
    because recording it would mark the newest messages as deleted. A thread that was merged into another gives the other one's
    ticket; the cards of the one that was asked for go over to it.
    """
    for attempt in range(1, _TRIES + 1):
        started = clock.now()
        try:
            thread = adapter.read(thread_id)
        except GoneError:
            _mark_deleted(services, forum, thread_id, also)
            raise
        try:
            with services.database.write() as session:
                ticket = _record(services, session, forum, thread, started=started, last=attempt == _TRIES)
                if thread.external_id != thread_id and (merged := _locked(session, forum.id, thread_id)) is not None:
                    merge(session, merged, ticket, max_attempts=services.settings.max_attempts)
                if also is not None:
                    also(session, True)
                return ticket
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
        ticket = tickets.record(session, forum, thread, fingerprint=services.email_print(forum.workspace_id))
    max_attempts = services.settings.max_attempts
    after_reading(session, ticket, spoke_before=spoke_before, is_new=known is None, max_attempts=max_attempts)
    return ticket


def _mark_deleted(services: Services, forum: ForumRow, thread_id: str, also: Also | None) -> None:
    with services.database.write() as session:
        ticket = _locked(session, forum.id, thread_id)
        if ticket is not None:
            tickets.mark_deleted(session, ticket)
            spoke = ticket.customer_spoke_at
            after_reading(session, ticket, spoke_before=spoke, is_new=False, max_attempts=services.settings.max_attempts)
        if also is not None:
            also(session, False)


def _locked(session: Session, forum_id: int, thread_id: str) -> Ticket | None:
    wanted = select(Ticket).where(Ticket.forum_id == forum_id, Ticket.external_id == thread_id)
    return session.scalar(wanted.with_for_update())
