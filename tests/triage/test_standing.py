"""Where a thread stands, what it is promised, and its place in the queue."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from powerup import hours
from powerup.assignments.models import Dismissal
from powerup.errors import InvalidError
from powerup.links.actions import link, unlink
from powerup.links.models import Link
from powerup.tickets.models import Ticket
from powerup.triage import linking, news, settings
from powerup.triage import queue as queues
from powerup.triage.arrivals import after_reading
from powerup.triage.queue import Filter
from powerup.triage.rules import DEFAULT, Impact, Pace, Standing, due, is_at_rest, rank, targets_as_json, targets_from
from powerup.triage.standing import refresh
from tests import factories
from tests.factories import BY_ADA, NOON, STAFF, message
from tests.triage.conftest import Queue

OFFICE = hours.read({"time_zone": "Europe/Berlin", "days": {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}})


def test_outages_then_what_came_back_then_impact_and_whoever_does_not_wait_comes_last() -> None:
    order = [
        rank(Impact.outage, waits_on_us=True, handed_back=True),
        rank(Impact.low, waits_on_us=True, handed_back=True),
        rank(Impact.high, waits_on_us=True, handed_back=False),
        rank(Impact.normal, waits_on_us=True, handed_back=False),
        rank(Impact.low, waits_on_us=True, handed_back=False),
        rank(Impact.outage, waits_on_us=False, handed_back=False),
    ]
    assert order == sorted(set(order))


def test_a_promise_runs_in_business_hours() -> None:
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    promised = due(Pace(OFFICE, DEFAULT.targets), Impact.high, waiting_since=friday, answered=False)
    assert promised.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC) and promised.kind == "first_answer"
    assert promised.warn_at == datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    assert due(DEFAULT, Impact.high, waiting_since=None, answered=False).due_at is None
    assert due(DEFAULT, Impact.low, waiting_since=friday, answered=True).kind == "next_update"


def test_targets_are_read_back_as_they_were_written_and_nonsense_names_its_field() -> None:
    assert targets_from(targets_as_json(DEFAULT.targets)) == DEFAULT.targets
    for wrong in (0, -1, "60", 1.5, 10**9):
        with pytest.raises(InvalidError) as refused:
            targets_from({"high": {"next_update": wrong}})
        assert refused.value.extra["errors"][0]["field"] == "targets.high.next_update"  # type: ignore[index]


@pytest.mark.parametrize(
    ("state", "waiting", "rests"),
    [("open", "us", False), ("closed", "us", True), ("deleted", None, True), ("resolved", None, True), ("resolved", "us", False)],
)
def test_a_thread_rests_when_the_forum_says_so_and_nobody_waits(state: str, waiting: str | None, rests: bool) -> None:
    assert is_at_rest(state, waiting) is rests


def test_a_customer_who_writes_again_ends_a_dismissal(queue: Queue) -> None:
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        ticket = queue.thread(1)
        queue.decide(ticket, kind="no_action")
        assert queue.ticket(ticket).triage == Standing.no_action
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        with queue.database.write() as session:
            more = [message(1), message(2, "It still fails", created_at=NOON + timedelta(hours=2))]
            row = factories.ticket(session, queue.rows, "1", *more)
            refresh(session, row, DEFAULT)
        assert queue.ticket(ticket).triage == Standing.new
        with queue.database.read() as session:
            assert session.scalars(select(Dismissal)).one().ended_at is not None


def test_a_customers_word_that_was_read_after_the_thread_was_set_aside_brings_it_back(queue: Queue) -> None:
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        ticket = queue.thread(1)
        queue.decide(ticket, kind="no_action")
        before = queue.ticket(ticket).customer_spoke_at
        with queue.database.write() as session:
            unread = message(2, "It still fails", created_at=NOON + timedelta(minutes=50))
            row = factories.ticket(session, queue.rows, "1", message(1), unread)
            after_reading(session, row, spoke_before=before, is_new=False, max_attempts=5)
        assert queue.ticket(ticket).triage == Standing.new


def test_a_snooze_ends_by_itself(queue: Queue) -> None:
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False) as clock:
        ticket = queue.thread(1)
        queue.decide(ticket, kind="snooze", until=NOON + timedelta(hours=1))
        with queue.database.read() as session:
            assert queues.count(session, queue.workspace_id, Filter()) == 0
            assert queues.count(session, queue.workspace_id, Filter(standing=Standing.snoozed)) == 1
        clock.move_to(NOON + timedelta(hours=1, seconds=5))
        with queue.database.read() as session:
            assert [row["id"] for row in queues.page(session, queue.workspace_id, Filter())] == [ticket]
            assert queues.count(session, queue.workspace_id, Filter(standing=Standing.snoozed)) == 0
            assert news.since(session, queue.workspace_id, 0).arrived == (ticket,)


def test_a_link_by_hand_owns_the_thread_and_its_end_gives_it_back(queue: Queue) -> None:
    ticket = queue.thread(1)
    with queue.database.write() as session:
        row = session.get_one(Ticket, ticket)
        link(session, queue.rows.card, row, by=BY_ADA, max_attempts=5)
        linking.linked(session, row, queue.rows.card, by=BY_ADA)
        assert row.triage == Standing.owned
    with queue.database.write() as session:
        row, made = session.get_one(Ticket, ticket), session.scalars(select(Link)).one()
        unlink(session, made, queue.rows.card, row, by=BY_ADA, max_attempts=5)
        linking.unlinked(session, row, queue.rows.card, by=BY_ADA, max_attempts=5)
        assert row.triage == Standing.new


def test_whoever_was_answered_waits_no_more(queue: Queue) -> None:
    with queue.database.write() as session:
        row = factories.ticket(session, queue.rows, "1", message(1), message(2, author=STAFF))
        refresh(session, row, DEFAULT)
        assert (row.waiting_on, row.due_at, row.queue_rank) == ("customer", None, 8)


def test_new_settings_measure_every_waiting_thread_anew(queue: Queue) -> None:
    ticket = queue.thread(1)
    before = queue.ticket(ticket).due_at
    with queue.database.write() as session:
        settings.change(session, queue.workspace_id, Pace(OFFICE, DEFAULT.targets), by=BY_ADA)
    with queue.database.read() as session:
        assert settings.pace(session, queue.workspace_id) == Pace(OFFICE, DEFAULT.targets)
    after = queue.ticket(ticket).due_at
    assert before is not None and after is not None and after > before


def test_every_thread_is_on_exactly_one_page_though_many_began_at_one_moment(queue: Queue) -> None:
    with queue.database.write() as session:
        ids = [queue.thread(number, at=1 + number // 4, session=session) for number in range(1, 24)]
    seen: list[int] = []
    after = None
    with queue.database.read() as session:
        while page := queues.page(session, queue.workspace_id, Filter(), after=after, limit=5):
            seen += [row["id"] for row in page]
            after = (page[-1]["queue_rank"], page[-1]["queue_at"], page[-1]["id"])
        assert queues.count(session, queue.workspace_id, Filter()) == 23
    assert seen == ids


def test_a_thread_that_leaves_between_two_pages_takes_no_other_with_it(queue: Queue) -> None:
    ids = [queue.thread(number) for number in range(1, 7)]
    with queue.database.read() as session:
        first = queues.page(session, queue.workspace_id, Filter(), limit=3)
    queue.decide(ids[2])
    with queue.database.read() as session:
        last = first[-1]
        rest = queues.page(session, queue.workspace_id, Filter(), after=(last["queue_rank"], last["queue_at"], last["id"]), limit=3)
    assert [row["id"] for row in (*first, *rest)] == ids


def test_the_queue_is_read_from_its_own_index(queue: Queue) -> None:
    queue.thread(1)
    if not queue.database.url.startswith("sqlite"):
        return
    with queue.database.read() as session:
        asked = "SELECT id FROM tickets WHERE triage IN ('new', 'snoozed') AND workspace_id = 1 ORDER BY queue_rank, queue_at, id LIMIT 50"
        plan = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + asked).all()
    assert "ix_tickets_queue" in str(plan) and "TEMP B-TREE" not in str(plan)
