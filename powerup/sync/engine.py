"""Polls forums by their cursors: one page a claim, so that no forum keeps the others waiting.

A page is listed and its cursor saved together with the threads to be read (`forums.todo`); each thread is then taken off in the
transaction that records it. Webhooks bring news sooner (`sync.hooks`); what they miss, the next poll finds.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from powerup.forums import actions as forums
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import IntegrationError, RateLimitedError
from powerup.integrations.forums.base import Forum
from powerup.log import logger
from powerup.sync.pace import quicker, slower
from powerup.sync.todo import PATIENCE, Item, LeaseLostError, Outcome, Reader, packed, unpacked
from powerup.sync.turns import TakesTurns

log = logger("sync")

OUR_FAULT = "Reading this forum failed on our side. It is tried again; if it keeps failing, the log has the details."
RATE_PAUSE = 15.0
"""Seconds after a forum said "slow down" and not for how long."""


class Syncer(TakesTurns):
    """Polls due forums, one page a turn."""

    def run_one(self) -> bool:
        """Read one page of the next due forum; returns whether one was due."""
        forum = self.claim()
        if forum is not None:
            self.read(forum)
        return forum is not None

    def claim(self) -> ForumRow | None:
        """Take the next due forum, or None."""
        with self._services.database.write() as session:
            lease = self._services.settings.lease_seconds
            return forums.claim_due(session, worker=self._worker, lease_seconds=lease, only=self._only)

    def read(self, forum: ForumRow) -> None:
        """Read one page of a claimed forum; what the forum got wrong is written down, what we got wrong is raised."""
        try:
            self._read_page(forum)
        except RateLimitedError as error:
            seconds, pace = max(error.retry_after or RATE_PAUSE, slower(forum.pace)), slower(forum.pace)
            log.info("sync pauses", forum=forum.id, seconds=seconds, pace=pace)
            with self._services.database.write() as session:
                forums.pause_sync(session, forum, seconds=seconds)
                forums.ask_less(session, forum.id, seconds=seconds, pace=pace)
        except IntegrationError as error:
            self.fail(forum, error)
        except LeaseLostError:
            log.warning("sync was taken over", forum=forum.id)

    def fail(self, forum: ForumRow, error: IntegrationError | None) -> None:
        """Say on the settings page why reading failed (None: our own fault), and try later."""
        log.warning("sync failed", forum=forum.id, kind=forum.kind, status=error.http_status if error else None)
        with self._services.database.write() as session:
            forums.fail_sync(
                session,
                forum,
                error.detail if error else OUR_FAULT,
                poll_seconds=self._services.settings.poll_seconds,
                retry_after=error.retry_after if error else None,
            )

    def _read_page(self, forum: ForumRow) -> None:
        page = _PollLedger(forum, self._services.settings.lease_seconds)
        with self._services.forum(forum) as adapter:
            # A page that somebody began is finished first; whether more follow, the next listing says.
            more = True if page.todo else self._list(adapter, page)
            doubted = forum.failures > 0
            reader = Reader(self._services, adapter, page, doubted=doubted, tries=self._tries[forum.id])
            pause = 0.0
            while page.todo and not self._stop():
                reader.read_next()
                pause = forum.pace if page.todo else 0.0
                if pause > PATIENCE:
                    break
                if pause:
                    self._wait(pause)
        with self._services.database.write() as session:
            if page.todo:
                forums.pause_sync(session, forum, seconds=pause)
                return
            forums.finish_sync(session, forum, poll_seconds=0.0 if more else float(self._services.settings.poll_seconds))
        self._tries.pop(forum.id, None)
        log.info("sync page read", forum=forum.id, threads=page.done, more=more)

    def _list(self, adapter: Forum, page: "_PollLedger") -> bool:
        """What changed goes on the list, and the cursor beside it; returns whether there is more."""
        forum, found = page.forum, adapter.changed_since(page.forum.cursor)
        page.todo = [Item.of(stub) for stub in found.stubs]
        with self._services.database.write() as session:
            lease = self._services.settings.lease_seconds
            if not forums.save_page(session, forum, found.cursor, packed(page.todo), lease_seconds=lease):
                raise LeaseLostError
        return found.more


class _PollLedger:
    """The list that stands with the forum itself."""

    def __init__(self, forum: ForumRow, lease_seconds: float) -> None:
        self.forum = forum
        self.todo = unpacked(forum.todo)
        self.done = 0
        self._lease_seconds = lease_seconds

    def keep(self, session: Session, todo: Sequence[Item], done: Item | None, outcome: Outcome | None) -> None:
        pace = quicker(self.forum.pace) if outcome is Outcome.read else self.forum.pace
        if not forums.keep_todo(session, self.forum, packed(todo), pace=pace, lease_seconds=self._lease_seconds):
            raise LeaseLostError
        self.done += done is not None
        # Detached from any session: this row is our own copy.
        self.forum.pace = pace
