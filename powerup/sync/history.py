"""Back-fill: reads forums' history in the background, newest first, a short turn at a time and never while a poll is due.

Like a poll it keeps its place in the database: the cursor together with the listed threads, and each thread is taken off in the
transaction that records it. Killed, paused or stopped anywhere, it goes on with exactly the next thread.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.forums import actions as forums
from powerup.forums import backfills
from powerup.forums import queries as forum_queries
from powerup.forums.models import Backfill
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import IntegrationError, RateLimitedError, VendorBrokenError
from powerup.integrations.forums.base import Forum, ThreadStub
from powerup.log import logger
from powerup.sync.engine import OUR_FAULT, RATE_PAUSE
from powerup.sync.pace import quicker, rest_after, slower
from powerup.sync.todo import PATIENCE, Item, LeaseLostError, Outcome, Reader, packed, unpacked
from powerup.sync.turns import TakesTurns
from powerup.threads import ThreadState
from powerup.tickets.models import Ticket

log = logger("backfill")

TURN = 10.0
"""Seconds of one turn, about: the same thread of a worker also polls, and asks who is on the boards."""
_SKEW = timedelta(minutes=5)
"""A forum's clock may be so much behind ours."""
_WEIGHT = 0.1
"""Of the newest thread in the mean of what one takes."""


class Backfiller(TakesTurns):
    """Takes turns at due back-fills."""

    def run_one(self) -> bool:
        """Take one turn; returns whether there was something to do."""
        backfill = self.claim()
        if backfill is not None:
            self.work_on(backfill)
        return backfill is not None

    def claim(self) -> Backfill | None:
        """Take the next turn that is due, or None; polls go before."""
        with self._services.database.write() as session:
            lease = self._services.settings.lease_seconds
            return backfills.claim(session, worker=self._worker, lease_seconds=lease, only=self._only)

    def work_on(self, backfill: Backfill) -> None:
        """One turn; what the forum got wrong is written down, what we got wrong is raised."""
        try:
            with self._services.database.read() as session:
                forum = forum_queries.get(session, backfill.workspace_id, backfill.forum_id)
            self._take_turn(backfill, forum)
        except RateLimitedError as error:
            pace = slower(forum.pace)
            seconds = max(error.retry_after or RATE_PAUSE, pace)
            log.info("back-fill pauses", forum=forum.id, seconds=seconds, pace=pace)
            with self._services.database.write() as session:
                backfills.rest(session, backfill, seconds=seconds)
                forums.ask_less(session, forum.id, seconds=seconds, pace=pace)
        except IntegrationError as error:
            self.fail(backfill, error)
        except LeaseLostError:
            log.info("back-fill was paused or taken over", forum=backfill.forum_id)
        except NotFoundError:
            log.info("back-fill of a forum that was removed", forum=backfill.forum_id)

    def fail(self, backfill: Backfill, error: IntegrationError | None) -> None:
        """Say why it cannot go on (None: our own fault), and try later."""
        log.warning("back-fill failed", forum=backfill.forum_id, status=error.http_status if error else None)
        reason, wait = (error.detail, error.retry_after) if error else (OUR_FAULT, None)
        with self._services.database.write() as session:
            backfills.fail(session, backfill, reason, permanent=error is not None and error.permanent, retry_after=wait)

    def _take_turn(self, backfill: Backfill, forum: ForumRow) -> None:
        book = _HistoryLedger(backfill, forum, self._services.settings.lease_seconds)
        began, pause = time.monotonic(), 0.0
        with self._services.forum(forum) as adapter:
            reader = Reader(self._services, adapter, book, doubted=backfill.failures > 0, tries=self._tries[forum.id])
            while not self._stop():
                if not book.todo and backfill.last_page:
                    self._finish(backfill)
                    return
                if book.todo:
                    reader.read_next()
                    pause = rest_after(reader.took, forum.pace)
                else:
                    self._list(adapter, book)
                    pause = forum.pace
                if pause > PATIENCE or time.monotonic() - began > TURN or self._is_poll_due():
                    break
                if pause:
                    self._wait(pause)
        with self._services.database.write() as session:
            backfills.rest(session, backfill, seconds=pause)

    def _list(self, adapter: Forum, book: "_HistoryLedger") -> None:
        """The next page goes on the list, but for what is known and has not changed since; the cursor is saved beside it."""
        backfill = book.backfill
        page = adapter.history(backfill.cursor, since=backfill.since)
        if page.more and not page.stubs and dict(page.cursor) == backfill.cursor:
            raise VendorBrokenError("The forum's list of threads goes round in circles.")
        stubs = [stub for stub in page.stubs if stub.changed_at >= backfill.since]
        with self._services.database.read() as session:
            known = _known(session, book.forum.id, stubs)
        todo = [Item.of(stub) for stub in stubs if not _is_here(known.get(stub.external_id), stub)]
        with self._services.database.write() as session:
            book.save_page(session, page.cursor, todo, stubs, last=not page.more, total=page.total)
        log.info("history page listed", forum=book.forum.id, threads=len(stubs), new=len(todo), more=page.more)

    def _finish(self, backfill: Backfill) -> None:
        with self._services.database.write() as session:
            if not backfills.finish(session, backfill):
                raise LeaseLostError
        self._tries.pop(backfill.forum_id, None)
        log.info("back-fill done", forum=backfill.forum_id, read=backfill.read, skipped=backfill.skipped)

    def _is_poll_due(self) -> bool:
        with self._services.database.read() as session:
            return backfills.is_poll_due(session, self._only)


class _HistoryLedger:
    """The list that stands with the back-fill."""

    def __init__(self, backfill: Backfill, forum: ForumRow, lease_seconds: float) -> None:
        self.backfill = backfill
        self.forum = forum
        self.todo = unpacked(backfill.todo)
        self._lease_seconds = lease_seconds
        self._turned_at = time.monotonic()

    def keep(self, session: Session, todo: Sequence[Item], done: Item | None, outcome: Outcome | None) -> None:
        row = self.backfill
        values: dict[str, Any] = {"todo": packed(todo)}
        if done is not None:
            values |= {"read": row.read + (outcome is Outcome.read), "skipped": row.skipped + (outcome is Outcome.left)}
            values |= {"reached_at": _earlier(row.reached_at, done.changed_at), "seconds_each": self._seconds_each()}
        if outcome is Outcome.read:
            values |= {"failures": 0, "error": None}
        pace = quicker(self.forum.pace) if outcome is Outcome.read else self.forum.pace
        if pace != self.forum.pace:
            forums.set_pace(session, self.forum.id, pace)
        self._save(session, values)
        self.forum.pace = pace

    def save_page(
        self, session: Session, cursor: Any, todo: list[Item], stubs: Sequence[ThreadStub], *, last: bool, total: int | None
    ) -> None:
        """The cursor, and what it claims."""
        row = self.backfill
        values: dict[str, Any] = {"cursor": dict(cursor), "todo": packed(todo), "last_page": last, "failures": 0, "error": None}
        values |= {"found": row.found + len(stubs), "skipped": row.skipped + len(stubs) - len(todo)}
        if total is not None:
            values["total"] = total
        if stubs and not todo:
            values["reached_at"] = _earlier(row.reached_at, min(stub.changed_at for stub in stubs))
        self._save(session, values)
        self.todo = todo

    def _save(self, session: Session, values: dict[str, Any]) -> None:
        if not backfills.keep(session, self.backfill, lease_seconds=self._lease_seconds, **values):
            raise LeaseLostError
        # Detached from any session: this row is our own copy.
        for name, value in values.items():
            setattr(self.backfill, name, value)

    def _seconds_each(self) -> float:
        now, before = time.monotonic(), self.backfill.seconds_each
        took, self._turned_at = now - self._turned_at, now
        return took if before is None else before + _WEIGHT * (took - before)


def _known(session: Session, forum_id: int, stubs: Sequence[ThreadStub]) -> dict[str, tuple[str, datetime, datetime]]:
    ids = [stub.external_id for stub in stubs]
    wanted = select(Ticket.external_id, Ticket.state, Ticket.changed_at, Ticket.read_at)
    rows = session.execute(wanted.where(Ticket.forum_id == forum_id, Ticket.external_id.in_(ids)))
    return {row.external_id: (row.state, row.changed_at, row.read_at) for row in rows}


def _is_here(known: tuple[str, datetime, datetime] | None, stub: ThreadStub) -> bool:
    """Whether we have read the thread since it changed last."""
    if known is None or known[0] == ThreadState.deleted:
        return False
    _, changed_at, read_at = known
    return changed_at >= stub.changed_at or read_at >= stub.changed_at + _SKEW


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
