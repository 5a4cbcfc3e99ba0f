"""Reading forums: everything arrives, once, whatever breaks half-way."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from powerup import clock
from powerup.forums import actions as forums
from powerup.forums.models import Forum
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.store import NewPost
from powerup.sync import hooks
from powerup.sync.engine import Syncer
from powerup.tickets.models import Message, Ticket
from tests.factories import BY_ADA
from tests.scene import Scene


def sync(scene: Scene, most: int = 50) -> int:
    """Read all pages that are due; how many."""
    syncer, pages = Syncer(scene.services, "test"), 0
    while pages < most and syncer.run_one():
        pages += 1
    return pages


def due(scene: Scene) -> None:
    """Let the next poll come now."""
    with scene.services.database.write() as session:
        forums.sync_soon(session, scene.forum_row.id)


def row(scene: Scene) -> Forum:
    with scene.services.database.read() as session:
        return session.get_one(Forum, scene.forum_row.id)


def subjects(scene: Scene) -> set[str]:
    with scene.services.database.read() as session:
        return set(session.scalars(select(Ticket.subject)))


def state(scene: Scene, subject: str) -> tuple[str, int]:
    with scene.services.database.read() as session:
        found = session.scalars(select(Ticket).where(Ticket.subject == subject)).one()
        return found.state, found.message_count


def test_every_thread_arrives_and_the_next_poll_finds_only_what_is_new(scene: Scene) -> None:
    for number in range(45):
        scene.thread(f"Thread number {number}")
    assert sync(scene) >= 2
    assert subjects(scene) == {f"Thread number {number}" for number in range(45)}
    kept = row(scene)
    assert (kept.state, kept.lease_by) == ("working", None)
    assert kept.next_sync_at is not None and kept.next_sync_at > clock.now() + timedelta(seconds=30)
    scene.forum.faults.requests.clear()
    scene.thread("A new one")
    due(scene)
    sync(scene)
    assert "A new one" in subjects(scene)
    assert scene.forum.faults.requests.count(path="/t/") <= 3


def test_replies_edits_and_closed_threads_arrive_too(small: Scene) -> None:
    first, second = small.thread("First thread"), small.thread("Second thread")
    sync(small)
    small.forum.store.add_post(first.id, NewPost("mei", "And another thing."))
    with small.forum.store.lock:
        second.closed = True
    due(small)
    sync(small)
    assert state(small, "First thread") == ("open", 2)
    assert state(small, "Second thread") == ("closed", 1)


def test_a_forum_that_is_down_is_shown_broken_and_tried_less_often(small: Scene) -> None:
    small.break_calls(small.forum, status=500)
    pauses: list[float] = []
    for _ in range(3):
        due(small)
        sync(small)
        kept = row(small)
        assert (kept.state, kept.lease_by) == ("broken", None)
        assert kept.sync_error and kept.next_sync_at is not None
        pauses.append((kept.next_sync_at - clock.now()).total_seconds())
    assert pauses[0] < pauses[1] < pauses[2]
    small.forum.faults.clear()
    small.thread("After the trouble")
    due(small)
    sync(small)
    assert (row(small).state, row(small).sync_error, row(small).failures) == ("working", None, 0)
    assert subjects(small) == {"After the trouble"}


@pytest.mark.parametrize(
    "plan", [{"body": "html", "status": 200}, {"body": "truncated"}, {"body": "cut_off"}, {"status": 404}, {"status": 403}], ids=str
)
def test_nonsense_is_a_reason_in_words_and_loses_nothing(small: Scene, plan: dict[str, Any]) -> None:
    small.thread("Kept for later")
    small.break_calls(small.forum, **plan)
    sync(small, 1)
    assert row(small).sync_error
    assert row(small).cursor is None
    small.forum.faults.clear()
    due(small)
    sync(small)
    assert subjects(small) == {"Kept for later"}


def test_being_asked_to_slow_down_is_no_failure_and_goes_on_where_it_stopped(small: Scene) -> None:
    for number in range(6):
        small.thread(f"Thread number {number}")
    small.forum.faults.set(FaultPlan(fail_every=4, status=429, retry_after=33, times=1))
    syncer = Syncer(small.services, "test")
    syncer.run_one()
    kept = row(small)
    assert (kept.state, kept.lease_by) == ("working", None)
    assert kept.next_sync_at is not None
    assert 30 <= (kept.next_sync_at - clock.now()).total_seconds() <= 33
    read = len(subjects(small))
    assert 0 < read < 6
    small.forum.faults.requests.clear()
    due(small)
    while syncer.run_one():
        pass
    assert len(subjects(small)) == 6
    assert sum(small.forum.faults.requests.count(path=f"/t/{number}.json") > 0 for number in range(11, 17)) <= 6 - read


def test_one_thread_that_cannot_be_read_does_not_hold_up_the_others(small: Scene) -> None:
    topics = [small.thread(f"Thread number {number}") for number in range(4)]
    small.break_calls(small.forum, status=500, path_contains=f"/t/{topics[1].id}.json")
    sync(small)
    assert row(small).state == "working"
    assert subjects(small) == {"Thread number 0", "Thread number 2", "Thread number 3"}
    small.forum.faults.clear()
    assert hooks.run_one(small.services, "test") is True
    assert "Thread number 1" in subjects(small)


def test_a_thread_that_was_deleted_between_listing_and_reading_is_no_failure(small: Scene) -> None:
    topic = small.thread("Soon gone")
    small.thread("Stays")
    sync(small)
    small.forum.store.add_post(topic.id, NewPost("mei", "I found it myself."))
    small.break_calls(small.forum, status=404, path_contains=f"/t/{topic.id}")
    due(small)
    sync(small)
    assert row(small).state == "working"
    assert state(small, "Soon gone")[0] == "deleted"


def test_a_stopping_worker_leaves_the_page_for_the_next(small: Scene) -> None:
    for number in range(5):
        small.thread(f"Thread number {number}")
    asked = iter([False, False, True])
    Syncer(small.services, "stopping", stop=lambda: next(asked)).run_one()
    assert len(subjects(small)) == 2
    # The cursor claims the whole page, and what it claims without having read it stands beside it.
    kept = row(small)
    assert kept.cursor is not None and len(kept.todo or ()) == 3 and kept.lease_by is None
    sync(small)
    assert len(subjects(small)) == 5


def test_a_dead_workers_forum_is_taken_over_and_its_late_word_is_refused(scene: Scene) -> None:
    scene.thread("The only one")
    dead, heir = Syncer(scene.services, "dead"), Syncer(scene.services, "heir")
    forum = dead.claim()
    assert forum is not None and heir.claim() is None
    with time_machine.travel(clock.now() + timedelta(seconds=scene.services.settings.lease_seconds + 1)):
        assert heir.run_one() is True
        after = row(scene).cursor
        dead.read(forum)
    assert row(scene).cursor == after
    assert subjects(scene) == {"The only one"}


def test_a_forum_removed_while_it_is_read_stays_removed(small: Scene) -> None:
    syncer = Syncer(small.services, "test")
    forum = syncer.claim()
    assert forum is not None
    with small.services.database.write() as session:
        forums.remove(session, session.get_one(Forum, forum.id), by=BY_ADA)
    syncer.read(forum)
    assert row(small).next_sync_at is None
    assert syncer.run_one() is False


def test_a_poll_and_a_webhook_that_read_the_same_new_thread_at_once_make_one_ticket(scene: Scene) -> None:
    topic = scene.thread("Wanted by all")
    start, faults = threading.Barrier(4), list[BaseException]()

    def read() -> None:
        start.wait(10)
        try:
            scene.ticket(topic)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not faults
    with scene.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_page_that_a_dead_worker_began_is_finished_without_listing_it_again(small: Scene) -> None:
    for number in range(5):
        small.thread(f"Thread number {number}")
    asked = iter([False, False, True])
    Syncer(small.services, "dying", stop=lambda: next(asked)).run_one()
    small.forum.faults.requests.clear()
    assert Syncer(small.services, "heir").run_one() is True
    assert len(subjects(small)) == 5 and row(small).todo is None
    assert small.forum.faults.requests.count(path="/latest") == 0
    assert small.forum.faults.requests.count(path="/t/") == 3


def test_a_forum_in_trouble_loses_no_thread_of_the_page(small: Scene) -> None:
    for number in range(7):
        small.thread(f"Thread number {number}")
    asked = iter([False, True])
    syncer = Syncer(small.services, "test", stop=lambda: next(asked, False))
    syncer.run_one()
    small.break_calls(small.forum, status=500)
    for _ in range(3):
        due(small)
        syncer.run_one()
    kept = row(small)
    # Two were taken for broken threads before it was clear that it is the forum; nothing after that.
    assert kept.state == "broken" and len(kept.todo or ()) == 4
    small.forum.faults.clear()
    due(small)
    syncer.run_one()
    while hooks.run_one(small.services, "test"):
        continue
    assert len(subjects(small)) == 7


def test_a_cursor_of_the_first_release_still_works(scene: Scene) -> None:
    """It went backwards by itself (`back`); what is new since is found, what is older comes by back-fill."""
    scene.thread("Known then")
    since = clock.iso(clock.now() - timedelta(hours=1))
    back = {"page": 0, "ceiling": since, "edge": ["11"], "left": 900}
    latest = {"since": since, "seen": {"11": ["0123456789ab", since, 0]}, "sweep": None, "back": back, "turn": 0}
    with scene.services.database.write() as session:
        session.get_one(Forum, scene.forum_row.id).cursor = {"v": 1, "lists": {"latest": latest}, "posts": {}}
    scene.thread("Written since")
    assert sync(scene) >= 1
    assert "Written since" in subjects(scene) and row(scene).state == "working"
