"""Reads one thread from its forum and records it; the one way in for polls, webhooks and pasted addresses."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.db.engine import Database
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Forum
from powerup.threads import Thread, ThreadState
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket

_TRIES = 4


class StaleReadingError(Exception):
    """Somebody recorded the thread while we were reading it: ours may be the older reading."""


def read_thread(database: Database, adapter: Forum, forum: ForumRow, thread_id: str) -> Ticket:
    """Read the thread whole and record it; raises GoneError (and remembers that) when it was deleted or hidden, or IntegrationError.

    No transaction is open while the forum is asked. A reading that was overtaken by another is thrown away and made again,
    because recording it would mark the newest messages as deleted.
    """
    for attempt in range(1, _TRIES + 1):
        started = clock.now()
        try:
            thread = adapter.read(thread_id)
        except GoneError:
            _mark_deleted(database, forum, thread_id)
            raise
        try:
            with database.write() as session:
                return _record(session, forum, thread, started=started, last=attempt == _TRIES)
        except (StaleReadingError, IntegrityError):
            if attempt == _TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def _record(session: Session, forum: ForumRow, thread: Thread, *, started: datetime, last: bool) -> Ticket:
    known = _locked(session, forum.id, thread.external_id)
    if known is not None and known.read_at >= started and not last:
        raise StaleReadingError
    if known is not None and thread.state == ThreadState.deleted:
        # Moderators see a deleted thread without its posts; what we have read of it stays readable.
        tickets.mark_deleted(session, known)
        return known
    return tickets.record(session, forum, thread)


def _mark_deleted(database: Database, forum: ForumRow, thread_id: str) -> None:
    with database.write() as session:
        ticket = _locked(session, forum.id, thread_id)
        if ticket is not None:
            tickets.mark_deleted(session, ticket)


def _locked(session: Session, forum_id: int, thread_id: str) -> Ticket | None:
    wanted = select(Ticket).where(Ticket.forum_id == forum_id, Ticket.external_id == thread_id)
    return session.scalar(wanted.with_for_update())
