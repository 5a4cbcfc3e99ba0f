"""Claiming: in order within a lane, under a lease, never twice."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from powerup import clock
from powerup.db.engine import Database
from powerup.errors import ConflictError
from powerup.outbox.actions import (
    LeaseLostError,
    Order,
    backoff,
    cancel,
    cancel_where,
    claim,
    enqueue,
    forget_finished,
    retry,
    settle_done,
    settle_failed,
)
from powerup.outbox.models import Delivery, State
from tests import factories

LEASE = 60.0


@pytest.fixture
def workspace(database: Database) -> int:
    """Whose deliveries these are."""
    with database.write() as session:
        return factories.rows(session).workspace_id


def put(database: Database, workspace: int, lane: str = "a", **more: str) -> int:
    """Enqueue one and return its id."""
    with database.write() as session:
        return enqueue(session, workspace, Order("forum_reply", lane, **more), max_attempts=3).id  # type: ignore[arg-type]


def take(database: Database, worker: str = "w") -> Delivery | None:
    """Claim in a transaction of its own, as the worker does."""
    with database.write() as session:
        return claim(session, worker=worker, lease_seconds=LEASE)


def taken(database: Database) -> Delivery:
    """Claim what must be there."""
    found = take(database)
    assert found is not None
    return found


def done(database: Database, delivery: Delivery) -> None:
    with database.write() as session:
        settle_done(session, delivery, {})


def fail(database: Database, delivery: Delivery, *, permanent: bool = False, retry_after: float | None = None) -> bool:
    with database.write() as session:
        return settle_failed(session, delivery, "It was away.", permanent=permanent, retry_after=retry_after, base_seconds=4)


def row(database: Database, delivery_id: int) -> Delivery:
    with database.read() as session:
        return session.get_one(Delivery, delivery_id)


def test_one_lane_goes_out_in_order_and_others_do_not_wait(database: Database, workspace: int) -> None:
    first, second, other = put(database, workspace), put(database, workspace), put(database, workspace, "b")
    one = taken(database)
    assert one.id == first
    assert taken(database).id == other
    assert take(database) is None
    done(database, one)
    assert taken(database).id == second


def test_a_lane_waits_for_its_failing_head_until_it_is_given_up(database: Database, workspace: int) -> None:
    first, second = put(database, workspace), put(database, workspace)
    assert fail(database, taken(database)) is False
    assert take(database) is None
    with time_machine.travel(clock.now() + timedelta(seconds=10), tick=False):
        head = taken(database)
        assert head.id == first and head.attempts == 2
        assert fail(database, head, permanent=True) is True
        assert taken(database).id == second


def test_a_retried_head_waits_for_the_one_that_is_on_its_way(database: Database, workspace: int) -> None:
    first, second = put(database, workspace), put(database, workspace)
    fail(database, taken(database), permanent=True)
    later = taken(database)
    assert later.id == second
    with database.write() as session:
        retry(session, session.get_one(Delivery, first), max_attempts=3)
    assert take(database) is None
    done(database, later)
    assert taken(database).id == first


def test_a_retried_head_and_a_dead_worker_do_not_block_each_other(database: Database, workspace: int) -> None:
    first, second = put(database, workspace), put(database, workspace)
    fail(database, taken(database), permanent=True)
    assert taken(database).id == second
    with database.write() as session:
        retry(session, session.get_one(Delivery, first), max_attempts=3)
    with time_machine.travel(clock.now() + timedelta(seconds=LEASE + 1), tick=False):
        head = taken(database)
        assert head.id == first
        done(database, head)
        assert taken(database).id == second


def test_a_dead_workers_delivery_is_taken_over_and_its_late_word_is_refused(database: Database, workspace: int) -> None:
    put(database, workspace)
    dead = taken(database)
    assert take(database) is None
    with time_machine.travel(clock.now() + timedelta(seconds=LEASE + 1), tick=False):
        heir = taken(database)
        assert (heir.id, heir.attempts) == (dead.id, 2)
        with pytest.raises(LeaseLostError):
            done(database, dead)
        with pytest.raises(LeaseLostError):
            fail(database, dead)
        done(database, heir)
        with pytest.raises(LeaseLostError):
            done(database, heir)
    assert row(database, dead.id).state == State.done


def test_a_delivery_is_given_up_after_its_attempts_and_says_why(database: Database, workspace: int) -> None:
    put(database, workspace)
    moment = clock.now()
    for attempt in range(1, 4):
        with time_machine.travel(moment, tick=False):
            delivery = taken(database)
            assert fail(database, delivery) is (attempt == 3)
        moment += timedelta(hours=2)
    kept = row(database, delivery.id)
    assert (kept.state, kept.attempts, kept.reason) == (State.failed, 3, "It was away.")
    assert kept.finished_at is not None


def test_the_vendors_wait_is_obeyed(database: Database, workspace: int) -> None:
    put(database, workspace)
    with time_machine.travel(clock.now(), tick=False):
        delivery = taken(database)
        fail(database, delivery, retry_after=300)
        assert row(database, delivery.id).next_attempt_at >= clock.now() + timedelta(seconds=300)


def test_pauses_grow_and_end_at_an_hour() -> None:
    pauses = [backoff(attempt, base_seconds=4, retry_after=None) for attempt in range(1, 40)]
    assert all(2 * 2**n <= pause <= 4 * 2**n for n, pause in enumerate(pauses[:9]))
    assert max(pauses) <= 3600
    assert backoff(1, base_seconds=4, retry_after=86_400) == 3600


def test_a_failed_one_can_be_retried_and_a_done_one_not(database: Database, workspace: int) -> None:
    put(database, workspace)
    delivery = taken(database)
    with database.write() as session, pytest.raises(ConflictError):
        retry(session, session.get_one(Delivery, delivery.id), max_attempts=3)
    fail(database, delivery, permanent=True)
    with database.write() as session:
        retry(session, session.get_one(Delivery, delivery.id), max_attempts=5)
    again = taken(database)
    assert (again.attempts, again.attempts_left) == (2, 5)
    done(database, again)
    with database.write() as session, pytest.raises(ConflictError):
        retry(session, session.get_one(Delivery, delivery.id), max_attempts=3)


def test_a_waiting_one_can_be_cancelled_and_a_running_one_not(database: Database, workspace: int) -> None:
    first, second = put(database, workspace), put(database, workspace, "b")
    running = taken(database)
    with database.write() as session, pytest.raises(ConflictError):
        cancel(session, session.get_one(Delivery, running.id))
    with database.write() as session:
        cancel(session, session.get_one(Delivery, second))
        assert cancel_where(session, Delivery.id.in_((first, second))) == 0
    assert take(database) is None
    done(database, running)


def test_the_same_request_is_one_delivery(database: Database, workspace: int) -> None:
    assert put(database, workspace, request_id="r-1") == put(database, workspace, request_id="r-1")
    assert put(database, workspace, request_id="r-2") != put(database, workspace, request_id="r-1")


def test_long_finished_ones_are_forgotten_and_failed_ones_stay(database: Database, workspace: int) -> None:
    for lane in "abc":
        put(database, workspace, lane)
    done(database, taken(database))
    fail(database, taken(database), permanent=True)
    with database.write() as session:
        assert forget_finished(session, before=clock.now() - timedelta(days=1)) == 0
        assert forget_finished(session, before=clock.now() + timedelta(days=1)) == 1
    with database.read() as session:
        assert sorted(session.scalars(select(Delivery.state))) == ["failed", "pending"]


def test_four_workers_and_three_hundred_deliveries_none_twice_and_in_order(database: Database, workspace: int) -> None:
    with database.write() as session:
        for number in range(300):
            enqueue(session, workspace, Order("forum_reply", f"lane:{number % 30}", {"number": number}), max_attempts=3)
    order: list[tuple[str, int]] = []
    lock, faults = threading.Lock(), list[BaseException]()

    def work(name: str) -> None:
        try:
            while len(order) < 300:
                delivery = take(database, name)
                if delivery is None:
                    continue
                with lock:
                    order.append((delivery.lane, delivery.payload["number"]))
                done(database, delivery)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert Counter(number for _, number in order) == Counter(range(300))
    for lane in {lane for lane, _ in order}:
        numbers = [number for each, number in order if each == lane]
        assert numbers == sorted(numbers)
    with database.read() as session:
        assert not session.scalars(select(Delivery.id).where(Delivery.state != State.done)).all()
