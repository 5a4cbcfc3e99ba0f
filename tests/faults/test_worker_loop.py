"""The worker's loop: nothing ends it but being told, and nothing slow in it delays a reply."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from powerup import clock
from powerup.inbox.actions import store
from powerup.inbox.models import Received
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.trello.store.models import Card
from powerup.tickets.models import Ticket
from powerup.worker import Worker
from powerup.workspaces.models import Board
from tests.faults.workers import is_alive, nursery
from tests.helpers import wait_for
from tests.scene import Scene, connected

NEWS = {"type": "docs", "words": "Docs", "evidence_url": None, "note": None}


@pytest.fixture
def scene(sqlite_url: str) -> Iterator[Scene]:
    """A connected installation; it waits long enough for a double that is slow on purpose."""
    with connected(sqlite_url, read_timeout=60.0) as made:
        yield made


@contextmanager
def working(scene: Scene) -> Iterator[Worker]:
    """A worker in this process."""
    worker = Worker(scene.services, "test")
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(30)
        assert not thread.is_alive()


def state(scene: Scene, delivery: int) -> str:
    return scene.delivery(delivery).state


def comment(scene: Scene, card: Card | None = None) -> int:
    return scene.order("trello_comment", NEWS, card_id=scene.card(card).id)


def test_it_delivers_reads_forums_and_works_on_webhooks(scene: Scene) -> None:
    topic = scene.thread("Arrived by itself")
    with working(scene):
        wait_for(lambda: has_ticket(scene), 30, "the forum to be read")
        reply = scene.order("forum_reply", {"text": "Which version do you use?"}, ticket_id=scene.ticket(topic).id)
        wait_for(lambda: state(scene, reply) == "done", 30, "the reply")
        wait_for(lambda: hints(scene) == {"done"}, 30, "the reading that follows it")


def test_what_breaks_is_settled_and_everything_else_goes_on(scene: Scene) -> None:
    strange, after = scene.order("trello_dance", {}), comment(scene)
    with scene.services.database.write() as session:
        store(session, scene.board.workspace_id, source="trello:none", event_id="1", hint={})
    with working(scene):
        wait_for(lambda: state(scene, after) == "done", 30, "the next delivery")
        wait_for(lambda: state(scene, strange) == "pending", 30, "the broken one to be put back")
        wait_for(lambda: hints(scene) == {"pending"}, 30, "the broken hint to be put back")
    assert "our side" in (scene.delivery(strange).reason or "")


def test_a_slow_forum_does_not_delay_what_is_to_be_delivered(scene: Scene) -> None:
    scene.forum.faults.set(FaultPlan(delay_seconds=50, path_contains="latest"))
    with working(scene):
        wait_for(lambda: forum_lease(scene), 30, "the forum to be read")
        done = comment(scene)
        wait_for(lambda: state(scene, done) == "done", 30, "the comment")
        assert forum_lease(scene)
        scene.forum.faults.clear()


def test_members_are_asked_for_by_itself(scene: Scene) -> None:
    with scene.services.database.write() as session:
        session.get_one(Board, scene.board.id).members_checked_at = clock.now() - timedelta(hours=1)
    with working(scene):
        wait_for(lambda: scene.trello.faults.requests.count(path="memberships"), 30, "the question to Trello")


def test_told_to_stop_it_finishes_what_is_in_hand(scene: Scene, tmp_path: Path) -> None:
    scene.trello.faults.set(FaultPlan(delay_seconds=2, methods=("POST",)))
    first, second = comment(scene), comment(scene)
    with nursery(scene.services.settings, tmp_path / "workers.log") as workers:
        process_id = workers.start("worker")
        wait_for(lambda: state(scene, first) == "running", 30, f"the first delivery\n{workers.log}")
        os.kill(process_id, signal.SIGTERM)
        wait_for(lambda: not is_alive(process_id), 30, "the worker to end")
    assert state(scene, first) == "done"
    assert state(scene, second) == "pending"


def has_ticket(scene: Scene) -> bool:
    with scene.services.database.read() as session:
        return session.scalars(select(Ticket.subject)).first() == "Arrived by itself"


def hints(scene: Scene) -> set[str]:
    with scene.services.database.read() as session:
        return {row.state for row in session.scalars(select(Received))}


def forum_lease(scene: Scene) -> bool:
    with scene.services.database.read() as session:
        return session.get_one(type(scene.forum_row), scene.forum_row.id).lease_by is not None
