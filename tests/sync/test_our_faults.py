"""A thread that breaks our own code holds up no other: the next try begins with another, and in the end the inbox has it."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.forums.models import Forum as ForumRow
from powerup.inbox.models import Received
from powerup.integrations.forums.base import Forum, Thread
from powerup.sync.todo import MOST_TRIES, Item, Outcome, Reader
from tests.scene import Scene
from tests.sync.past import row

POISON = "13"


class Breaking:
    """The real adapter, but for one thread that no reader of ours can take."""

    def __init__(self, adapter: Forum) -> None:
        self._adapter = adapter

    def read(self, thread_id: str) -> Thread:
        if thread_id == POISON:
            raise ValueError("a mistake of ours")
        return self._adapter.read(thread_id)


class Ledger:
    """A list in memory."""

    def __init__(self, forum: ForumRow, ids: Sequence[str]) -> None:
        self.forum = forum
        self.todo = [Item(each, clock.now()) for each in ids]
        self.read: list[str] = []

    def keep(self, session: Session, todo: Sequence[Item], done: Item | None, outcome: Outcome | None) -> None:
        self.todo = list(todo)
        if done is not None and outcome is Outcome.read:
            self.read.append(done.id)


def test_the_others_are_read_and_the_inbox_gets_the_one(small: Scene) -> None:
    ids = [str(small.thread(f"Thread number {number}").id) for number in range(5)]
    assert POISON in ids
    ledger, tries, broke = Ledger(row(small), ids), Counter[str](), 0
    with small.services.forum(ledger.forum) as adapter:
        reader = Reader(small.services, Breaking(adapter), ledger, doubted=False, tries=tries)  # type: ignore[arg-type]  # reads only
        while ledger.todo:
            try:
                reader.read_next()
            except ValueError:
                broke += 1
    assert sorted(ledger.read) == sorted(set(ids) - {POISON})
    assert 1 <= broke <= MOST_TRIES
    with small.services.database.read() as session:
        hints = [row.hint for row in session.scalars(select(Received))]
    assert {"thread": POISON} in hints


def test_what_broke_is_raised_for_the_log(small: Scene) -> None:
    ids = [str(small.thread(f"Thread number {number}").id) for number in range(3)]
    ledger = Ledger(row(small), [POISON, *ids])
    with small.services.forum(ledger.forum) as adapter:
        reader = Reader(small.services, Breaking(adapter), ledger, doubted=False, tries=Counter())  # type: ignore[arg-type]  # as above
        with pytest.raises(ValueError, match="a mistake of ours"):
            reader.read_next()
    assert [item.id for item in ledger.todo] == [*ids, POISON]
