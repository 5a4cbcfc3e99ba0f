"""A thread that needs no answer leaves the forum's own list of what waits, where there is such a list."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from powerup.forums.models import Forum
from powerup.outbox.models import Delivery
from powerup.triage.undo import undo
from tests import factories
from tests.triage.conftest import Queue


def can(queue: Queue, *features: str) -> None:
    with queue.database.write() as session:
        session.get_one(Forum, queue.rows.forum.id).features = {"can": list(features), "missing": {}}


def orders(queue: Queue) -> Sequence[tuple[str, str]]:
    with queue.database.read() as session:
        found = session.execute(select(Delivery.kind, Delivery.state).where(Delivery.kind == "forum_acknowledge"))
        return [(kind, str(state)) for kind, state in found]


def test_setting_aside_acknowledges_and_undo_takes_it_back(queue: Queue) -> None:
    can(queue, "acknowledge")
    decision = queue.decide(queue.thread(1), kind="no_action")
    assert orders(queue) == [("forum_acknowledge", "pending")]
    with queue.database.write() as session:
        undo(session, session.merge(decision), factories.desk())
    assert orders(queue) == [("forum_acknowledge", "cancelled")]


@pytest.mark.parametrize(("features", "kind"), [((), "no_action"), (("acknowledge",), "assign")])
def test_nothing_is_said_where_nothing_is_to_say(queue: Queue, features: tuple[str, ...], kind: str) -> None:
    can(queue, *features)
    queue.decide(queue.thread(1), kind=kind)
    assert orders(queue) == []
