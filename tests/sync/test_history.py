"""Back-fill: all of the past arrives, newest first, once, gently, and stops and goes on as it is told."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from powerup import clock
from powerup.errors import ConflictError, InvalidError
from powerup.forums import actions as forums
from powerup.forums import backfills
from powerup.forums.models import Backfill, Forum
from powerup.forums.progress import progress, words
from powerup.inbox.actions import store
from powerup.outbox.models import Delivery
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.store import NewPost
from powerup.sync import hooks
from powerup.sync.history import Backfiller
from powerup.tickets.models import Message, Ticket
from tests.factories import BY_ADA
from tests.scene import Scene
from tests.sync.past import YEAR, backfill, begin, due, go_on, next_poll_in, old_thread, poll, row, subjects, with_past


def pause(scene: Scene) -> None:
    with scene.services.database.write() as session:
        backfills.pause(session, session.get_one(Backfill, backfill(scene).id), by=BY_ADA)


def resume(scene: Scene) -> None:
    with scene.services.database.write() as session:
        backfills.resume(session, session.get_one(Backfill, backfill(scene).id), by=BY_ADA)


def test_all_of_the_past_arrives_newest_first_and_once(scene: Scene) -> None:
    titles = with_past(scene, 75)
    old_thread(scene, "Too old", days=500)
    poll(scene)
    first = subjects(scene)
    assert set(first) == set(titles[: len(first)]) and 0 < len(first) < 75
    begin(scene)
    go_on(scene)
    assert subjects(scene) == first + titles[len(first) :]
    done = backfill(scene)
    assert (done.state, done.read, done.error, done.lease_by, done.todo) == ("done", 75 - len(first), None, None, None)
    assert done.skipped >= len(first)
    with scene.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 150


def test_what_is_known_and_unchanged_is_not_read_again(small: Scene) -> None:
    with_past(small, 40)
    begin(small)
    poll(small)
    go_on(small)
    small.forum.store.add_post(15, NewPost("mei", "It happens again, sorry."))
    small.forum.faults.requests.clear()
    begin(small)
    go_on(small)
    assert backfill(small).state == "done"
    assert [number for number in range(11, 51) if small.forum.faults.requests.count(path=f"/t/{number}.json")] == [15]


def test_polls_go_before_history(small: Scene) -> None:
    with_past(small, 3)
    begin(small)
    filler = Backfiller(small.services, "test", wait=lambda _: None)
    assert filler.run_one() is False
    poll(small)
    assert filler.run_one() is True


def test_a_turn_ends_when_a_poll_becomes_due(small: Scene) -> None:
    poll(small)
    with_past(small, 20)
    begin(small)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 4:
            due(small)

    Backfiller(small.services, "test", wait=wait).run_one()
    assert 0 < len(subjects(small)) <= 5
    assert backfill(small).lease_by is None and backfill(small).todo


def test_paused_it_stays_where_it_is_and_goes_on_with_the_next_thread(small: Scene) -> None:
    titles = with_past(small, 20)
    next_poll_in(small, hours=1)
    begin(small)

    def wait(_: float) -> None:
        if len(subjects(small)) == 7:
            pause(small)

    Backfiller(small.services, "test", wait=wait).run_one()
    # The thread that was in hand when somebody pressed "pause" is given back unread.
    assert subjects(small) == titles[:7]
    assert (backfill(small).state, backfill(small).next_at, backfill(small).lease_by) == ("paused", None, None)
    assert go_on(small) == 0
    pause(small)
    resume(small)
    resume(small)
    small.forum.faults.requests.clear()
    go_on(small)
    assert subjects(small) == titles
    assert small.forum.faults.requests.count(path="/t/") == 13
    with pytest.raises(ConflictError):
        pause(small)
    with pytest.raises(ConflictError):
        resume(small)


def test_two_workers_never_work_on_the_same_history_and_a_dead_ones_is_taken_over(scene: Scene) -> None:
    titles = with_past(scene, 6)
    next_poll_in(scene, days=1)
    begin(scene)
    dead, heir = Backfiller(scene.services, "dead"), Backfiller(scene.services, "heir", wait=lambda _: None)
    held = dead.claim()
    assert held is not None and heir.claim() is None
    later = clock.now() + timedelta(seconds=scene.services.settings.lease_seconds + 1)
    with time_machine.travel(later):
        while heir.run_one():
            continue
        after = backfill(scene)
        dead.work_on(held)
    assert subjects(scene) == titles
    assert (backfill(scene).read, backfill(scene).state, backfill(scene).cursor) == (6, "done", after.cursor)


def test_an_earlier_day_widens_it_and_a_later_one_changes_nothing(small: Scene) -> None:
    titles = with_past(small, 60)
    poll(small)
    begin(small, since=clock.now() - timedelta(days=40, hours=12))
    go_on(small)
    assert len(subjects(small)) == 40
    begin(small, since=clock.now() - YEAR)
    begin(small, since=clock.now() - timedelta(days=2))
    assert clock.now() - backfill(small).since > timedelta(days=364)
    go_on(small)
    assert set(subjects(small)) == set(titles)
    for wrong in (clock.now() + timedelta(days=1), clock.parse("1970-01-01T00:00:00Z")):
        with pytest.raises(InvalidError):
            begin(small, since=wrong)


def test_asked_to_slow_down_it_leaves_the_forum_alone_and_goes_on_more_slowly(small: Scene) -> None:
    titles = with_past(small, 12)
    next_poll_in(small, seconds=10)
    begin(small)
    waits: list[float] = []
    filler = Backfiller(small.services, "test", wait=waits.append)
    small.forum.faults.set(FaultPlan(fail_every=5, status=429, retry_after=33, times=1, path_contains="/t/"))
    filler.run_one()
    assert row(small).pace == 0.5
    for at in (backfill(small).next_at, row(small).next_sync_at):
        # Polls leave it alone, too.
        assert at is not None and 30 <= (at - clock.now()).total_seconds() <= 60
    assert (backfill(small).state, backfill(small).failures, backfill(small).error) == ("running", 0, None)
    assert filler.run_one() is False
    with time_machine.travel(clock.now() + timedelta(seconds=34)):
        waits.clear()
        next_poll_in(small, days=1)
        small.forum.faults.set(FaultPlan(fail_every=4, status=429, times=1, path_contains="/t/"))
        filler.run_one()
        assert waits and all(0.4 < pause < 2 for pause in waits)
        eased = row(small).pace
        assert 0.9 < eased < 1.0
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        while filler.run_one():
            continue
    assert backfill(small).state == "done" and row(small).pace < eased
    assert subjects(small) == titles


def test_a_webhooks_reading_that_is_refused_for_haste_slows_everything_down(small: Scene) -> None:
    topic = small.thread("Told by webhook")
    poll(small)
    begin(small)
    with small.services.database.write() as session:
        source, hint = f"forum:{small.forum_row.id}", {"thread": str(topic.id)}
        store(session, small.board.workspace_id, source=source, event_id="1", hint=hint)
    small.break_calls(small.forum, status=429, retry_after=200)
    hooks.run_one(small.services, "test")
    for at in (row(small).next_sync_at, backfill(small).next_at):
        assert at is not None and 150 < (at - clock.now()).total_seconds() <= 200
    assert row(small).pace == 0.5


def test_a_slow_forum_is_asked_at_most_half_of_the_time(small: Scene) -> None:
    with_past(small, 4)
    next_poll_in(small, hours=1)
    begin(small)
    waits: list[float] = []
    small.forum.faults.set(FaultPlan(delay_seconds=0.15, path_contains="/t/"))
    Backfiller(small.services, "test", wait=waits.append).run_one()
    assert sum(pause >= 0.15 for pause in waits) >= 3


def test_a_forum_that_is_down_is_tried_less_and_less_often_and_at_last_given_up(small: Scene) -> None:
    with_past(small, 5)
    poll(small)
    begin(small)
    small.break_calls(small.forum, status=500)
    pauses: list[float] = []
    for _ in range(3):
        go_on(small, most=1)
        at = backfill(small).next_at
        assert at is not None
        pauses.append((at - clock.now()).total_seconds())
        with small.services.database.write() as session:
            session.get_one(Backfill, backfill(small).id).next_at = clock.now()
    assert pauses[0] < pauses[1] < pauses[2]
    assert "trouble" in (backfill(small).error or "") and "tried again soon" in words(backfill(small))
    with small.services.database.write() as session:
        session.get_one(Backfill, backfill(small).id).failures = backfills.GIVE_UP_AFTER - 1
    go_on(small, most=1)
    assert (backfill(small).state, backfill(small).next_at) == ("failed", None)
    small.forum.faults.clear()
    resume(small)
    go_on(small)
    assert (backfill(small).state, backfill(small).error) == ("done", None)


def test_threads_that_are_gone_or_cannot_be_read_hold_nothing_up(small: Scene) -> None:
    titles = with_past(small, 10)
    next_poll_in(small, hours=1)
    begin(small)
    small.forum.faults.set(FaultPlan(fail_every=1, status=500, path_contains="/t/15.json"))
    go_on(small)
    done = backfill(small)
    assert (done.state, done.read, done.skipped) == ("done", 9, 1)
    small.forum.faults.clear()
    assert hooks.run_one(small.services, "test") is True
    assert sorted(subjects(small)) == sorted(titles)


def test_a_forum_that_was_removed_is_left_alone(small: Scene) -> None:
    with_past(small, 3)
    poll(small)
    begin(small)
    held = Backfiller(small.services, "test").claim()
    assert held is not None
    with small.services.database.write() as session:
        forums.remove(session, session.get_one(Forum, small.forum_row.id), by=BY_ADA)
    Backfiller(small.services, "test").work_on(held)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        assert go_on(small) == 0


def test_history_is_quiet(scene: Scene) -> None:
    old_thread(scene, "Answered long ago", days=100, answered=True)
    old_thread(scene, "Never answered", days=90)
    old_thread(scene, "Answered yesterday", days=1, answered=True)
    old_thread(scene, "Asked yesterday", days=1.2)
    poll(scene)
    begin(scene)
    go_on(scene)

    def ticket(subject: str) -> Ticket:
        with scene.services.database.read() as session:
            return session.scalars(select(Ticket).where(Ticket.subject == subject)).one()

    standing = {subject: ticket(subject).triage for subject in subjects(scene)}
    assert standing == {"Answered long ago": "settled", "Never answered": "new", "Answered yesterday": "new", "Asked yesterday": "new"}
    past = ticket("Never answered")
    assert past.queue_rank > ticket("Answered yesterday").queue_rank > ticket("Asked yesterday").queue_rank
    assert (past.due_at, past.warn_at) == (None, None) and ticket("Asked yesterday").due_at is not None
    with scene.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    # Whoever writes again is of today.
    with scene.forum.store.lock:
        topics = {topic.title: topic.id for topic in scene.forum.store.rows.topics.values()}
    for subject in ("Answered long ago", "Never answered"):
        scene.forum.store.add_post(topics[subject], NewPost("mei", "It happens again, what now?"))
    due(scene)
    poll(scene)
    assert ticket("Answered long ago").triage == "new" and ticket("Answered long ago").queue_rank == 3
    assert ticket("Never answered").queue_rank == 3 and ticket("Never answered").due_at is not None


def test_progress_says_how_much_how_far_back_and_how_long() -> None:
    now = clock.now()
    made = Backfill(since=now - timedelta(days=1000), started_at=now, state="running", found=1250, read=1100, skipped=104, failures=0)
    assert words(made) == "1,204 threads"
    made.total, made.reached_at, made.seconds_each = 9_800, clock.parse("2026-07-15T00:00:00Z"), 0.1
    assert progress(made).about is not None and progress(made).share is not None
    made.reached_at = now - timedelta(days=250)
    made.total = None
    assert (progress(made).about, progress(made).share) == (4_816, 0.25)
    assert words(made).startswith("1,204 of about 4,816 threads, back to ") and words(made).endswith(", about 6 minutes left")
    # The forum's own count is of all its threads, those before `since` too: the smaller guess is nearer.
    made.total = 9_800
    assert progress(made).about == 4_816
    made.total = 2_000
    assert progress(made).about == 2_000
    made.state = "paused"
    assert words(made).endswith("paused")
    made.state = "done"
    assert (progress(made).share, progress(made).about) == (1.0, 1_204)
