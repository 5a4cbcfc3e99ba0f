"""Reads forums by their cursors: one page a claim, so that no forum keeps the others waiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from powerup import clock
from powerup.forums import actions as forums
from powerup.forums.models import Forum as ForumRow
from powerup.inbox.actions import store
from powerup.integrations.errors import (
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import Forum, Page, ThreadStub
from powerup.log import logger
from powerup.services import Services
from powerup.sync.reading import read_thread

log = logger("sync")

OUR_FAULT = "Reading this forum failed on our side. It is tried again; if it keeps failing, the log has the details."
_RATE_PAUSE = 15.0
_FAILURES_IN_A_ROW = 3
"""So many threads of one page that cannot be read, one after another, mean that it is the forum."""


class LeaseLostError(Exception):
    """Another worker reads this forum now."""


@dataclass
class _Half:
    """A page that was not finished: what it began from, and how many of its threads are read."""

    cursor: Mapping[str, object] | None
    page: Page
    done: int = 0


class Syncer:
    """Reads due forums. For one thread; several may run anywhere, a lease keeps them apart.

    :param stop: asked between two threads; when it says yes, the page is left for later and nothing is lost.
    """

    def __init__(self, services: Services, worker: str, *, stop: Callable[[], bool] = lambda: False) -> None:
        self._services = services
        self._worker = worker
        self._stop = stop
        self._halves: dict[int, _Half] = {}

    def run_one(self) -> bool:
        """Read one page of the next due forum; returns whether one was due."""
        forum = self.claim()
        if forum is not None:
            self.read(forum)
        return forum is not None

    def claim(self) -> ForumRow | None:
        """Take the next due forum, or None."""
        with self._services.database.write() as session:
            return forums.claim_due(session, worker=self._worker, lease_seconds=self._services.settings.lease_seconds)

    def read(self, forum: ForumRow) -> None:
        """Read one page of a claimed forum; what the forum got wrong is written down, what we got wrong is raised."""
        try:
            self._read_page(forum)
        except RateLimitedError as error:
            log.info("sync pauses", forum=forum.id, retry_after=error.retry_after)
            with self._services.database.write() as session:
                forums.pause_sync(session, forum, seconds=error.retry_after or _RATE_PAUSE)
        except IntegrationError as error:
            self.fail(forum, error)
        except LeaseLostError:
            self._halves.pop(forum.id, None)
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
        with self._services.forum(forum) as adapter:
            half = self._halves.get(forum.id)
            if half is None or half.cursor != forum.cursor:
                half = self._halves[forum.id] = _Half(forum.cursor, adapter.changed_since(forum.cursor))
            self._read_threads(adapter, forum, half)
        if half.done < len(half.page.stubs):
            with self._services.database.write() as session:
                forums.pause_sync(session, forum, seconds=0)
            return
        self._halves.pop(forum.id)
        pause = 0.0 if half.page.more else float(self._services.settings.poll_seconds)
        with self._services.database.write() as session:
            if not forums.save_progress(session, forum, half.page.cursor, lease_seconds=self._services.settings.lease_seconds):
                raise LeaseLostError
            forums.finish_sync(session, forum, poll_seconds=pause)
        log.info("sync page read", forum=forum.id, threads=half.done, more=half.page.more)

    def _read_threads(self, adapter: Forum, forum: ForumRow, half: _Half) -> None:
        broken: list[ThreadStub] = []
        renewed = clock.now()
        for stub in half.page.stubs[half.done :]:
            if self._stop():
                return
            if (clock.now() - renewed).total_seconds() > self._services.settings.lease_seconds / 3:
                self._renew(forum)
                renewed = clock.now()
            try:
                read_thread(self._services, adapter, forum, stub.external_id)
                broken.clear()
            except GoneError:
                # Deleted between the listing and now: that is remembered, and no failure of the forum.
                broken.clear()
            except (VendorBrokenError, RejectedError, NotPermittedError):
                broken.append(stub)
                if len(broken) >= _FAILURES_IN_A_ROW:
                    raise
                self._try_later(forum, stub)
            half.done += 1

    def _renew(self, forum: ForumRow) -> None:
        with self._services.database.write() as session:
            if not forums.renew_lease(session, forum, lease_seconds=self._services.settings.lease_seconds):
                raise LeaseLostError

    def _try_later(self, forum: ForumRow, stub: ThreadStub) -> None:
        """One thread that cannot be read must not hold up all others: the inbox tries it again by itself."""
        log.warning("thread cannot be read now", forum=forum.id, thread=stub.external_id)
        with self._services.database.write() as session:
            event = f"sync:{stub.external_id}:{clock.iso(stub.changed_at)}"
            store(session, forum.workspace_id, source=f"forum:{forum.id}", event_id=event[:160], hint={"thread": stub.external_id})
