"""Reads the listed threads one after another; what is done is taken off the list in the transaction that records it.

A list stands in the database beside the cursor that claims it, so a process that is killed anywhere leaves exactly the threads that
were not recorded. Polls and back-fill share this; each brings a `Ledger`, which knows where its list stands.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Protocol, Self

from sqlalchemy.orm import Session

from powerup import clock
from powerup.forums.models import Forum as ForumRow
from powerup.inbox.actions import store
from powerup.integrations.errors import (
    GoneError,
    IntegrationError,
    NotPermittedError,
    RejectedError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.forums.base import Forum, ThreadStub
from powerup.log import logger
from powerup.services import Services
from powerup.sync.reading import read_thread

log = logger("sync")

Wait = Callable[[float], object]
"""Waits so many seconds, less when told to stop."""

IN_A_ROW = 3
"""So many threads that cannot be read, one after another, mean that it is the forum."""
MOST_TRIES = 5
"""After so many tries of one process a thread is left to the inbox, whatever the forum's state: it must not hold up all others."""
PATIENCE = 2.0
"""Seconds that are waited for in place; for longer ones the forum is given back meanwhile."""
_MAY_BE_THE_THREADS = (VendorBrokenError, VendorTimeoutError, RejectedError, NotPermittedError)


class LeaseLostError(Exception):
    """Another worker reads this now, or somebody paused it."""


class Outcome(Enum):
    """What became of a thread."""

    read = auto()
    left = auto()
    """Gone, or put off: nothing was recorded of it just now."""


@dataclass(frozen=True, slots=True)
class Item:
    """A listed thread."""

    id: str
    changed_at: datetime

    @classmethod
    def of(cls, stub: ThreadStub) -> Self:
        """What is kept of a listing's row."""
        return cls(stub.external_id, stub.changed_at)


def packed(items: Sequence[Item]) -> list[Any]:
    """As JSON."""
    return [[item.id, clock.iso(item.changed_at)] for item in items]


def unpacked(kept: Sequence[Any] | None) -> list[Item]:
    """The reverse of `packed`."""
    return [Item(str(thread_id), clock.parse(changed_at)) for thread_id, changed_at in kept or ()]


class Ledger(Protocol):
    """Where a list stands and who holds it."""

    forum: ForumRow
    todo: list[Item]

    def keep(self, session: Session, todo: Sequence[Item], done: Item | None, outcome: Outcome | None) -> None:
        """Write down what is left, in this session's transaction, after `done`; raises LeaseLostError."""


class Reader:
    """Reads from one ledger. For one thread of this process.

    :param doubted: the last try failed, so that a failure is the forum's rather than the thread's until one was read.
    :param tries: how often each thread was tried in vain; the caller keeps it from one turn to the next.
    """

    def __init__(self, services: Services, adapter: Forum, ledger: Ledger, *, doubted: bool, tries: Counter[str]) -> None:
        self._services = services
        self._adapter = adapter
        self._ledger = ledger
        self._doubted = doubted
        self._tries = tries
        self._broken = 0
        self.took = 0.0
        """Seconds that the last thread took."""

    def read_next(self) -> None:
        """Read the first thread of the list and take it off; raises IntegrationError when the forum is the trouble."""
        item, *rest = self._ledger.todo
        began, is_ours = time.monotonic(), True
        try:
            read_thread(self._services, self._adapter, self._ledger.forum, item.id, also=self._noting(rest, item))
            is_ours = False
        except GoneError:
            # Deleted between the listing and now: that is remembered, and no failure of the forum.
            is_ours = False
        except _MAY_BE_THE_THREADS as error:
            is_ours = False
            self._put_off(item, rest, error)
            return
        except (IntegrationError, LeaseLostError):
            is_ours = False
            raise
        finally:
            self.took = time.monotonic() - began
            if is_ours:
                self._step_over(item, rest)
        self._ledger.todo = rest
        self._broken, self._doubted = 0, False
        self._tries.pop(item.id, None)

    def _noting(self, rest: Sequence[Item], item: Item) -> Callable[[Session, bool], None]:
        def note(session: Session, is_there: bool) -> None:
            self._ledger.keep(session, rest, item, Outcome.read if is_there else Outcome.left)

        return note

    def _put_off(self, item: Item, rest: list[Item], error: IntegrationError) -> None:
        """One thread that cannot be read must not hold up all others; but when it is the forum, nothing may be lost."""
        self._tries[item.id] += 1
        self._broken += 1
        if (self._doubted or self._broken >= IN_A_ROW) and self._tries[item.id] < MOST_TRIES:
            # Next time another one shows whether the forum works.
            self._keep([*rest, item], None)
            raise error
        log.warning("thread cannot be read now", forum=self._ledger.forum.id, thread=item.id)
        self._keep(rest, item)

    def _step_over(self, item: Item, rest: list[Item]) -> None:
        """Something in this thread broke our own code: what broke is raised, and the next try begins with another thread."""
        self._tries[item.id] += 1
        if self._tries[item.id] < MOST_TRIES and rest:
            self._keep([*rest, item], None)
        else:
            self._keep(rest, item)

    def _keep(self, todo: list[Item], left: Item | None) -> None:
        forum = self._ledger.forum
        with self._services.database.write() as session:
            if left is not None:
                event = f"sync:{left.id}:{clock.iso(left.changed_at)}"[:160]
                store(session, forum.workspace_id, source=f"forum:{forum.id}", event_id=event, hint={"thread": left.id})
            self._ledger.keep(session, todo, left, Outcome.left if left else None)
        self._ledger.todo = todo


def patient() -> Wait:
    """A wait that nothing cuts short, for whoever has nobody to stop it."""
    return threading.Event().wait
