"""Recording a thread: once or ten times, in any order, with posts deleted and moved."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from powerup.db.engine import Database
from powerup.events.models import Event
from powerup.threads import ThreadState
from powerup.tickets import actions, queries
from powerup.tickets.models import Customer, Message, Ticket
from tests import factories
from tests.factories import STAFF, Rows, message, thread


@pytest.fixture
def made(database: Database) -> Rows:
    """A connected forum."""
    with database.write() as session:
        return factories.rows(session)


def record(database: Database, made: Rows, *messages: object, external_id: str = "1", **more: object) -> Ticket:
    with database.write() as session:
        return actions.record(session, made.forum, thread(external_id, *messages, **more))  # type: ignore[arg-type]


def shown(database: Database, ticket: Ticket) -> list[str]:
    """What the card would show of the thread."""
    with database.read() as session:
        return [row.text for row in queries.messages(session, ticket.id).messages]


def verbs(database: Database) -> list[str]:
    with database.read() as session:
        return [verb for verb in session.scalars(select(Event.verb).order_by(Event.id)) if verb.startswith("ticket.")]


@contextmanager
def writes(database: Database) -> Iterator[list[str]]:
    """The INSERTs, UPDATEs and DELETEs within the block."""
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_a_thread_becomes_a_ticket_with_its_customer_and_messages(database: Database, made: Rows) -> None:
    note = message(3, "Note", author=STAFF, internal=True)
    ticket = record(database, made, message(1, "It stops."), message(2, "Which version?", author=STAFF), note)
    assert (ticket.message_count, ticket.waiting_on, ticket.excerpt) == (3, "customer", "It stops.")
    assert shown(database, ticket) == ["It stops.", "Which version?", "Note"]
    with database.read() as session:
        row = queries.summary(session, made.workspace_id, ticket.id)
        assert (row.Customer.name, row.Forum.id) == ("Mei Tanaka", made.forum.id)
    assert verbs(database) == ["ticket.found"]


def test_recording_twice_changes_nothing_but_the_time_of_reading(database: Database, made: Rows) -> None:
    posts = message(1), message(2, author=STAFF, deleted=True)
    record(database, made, *posts)
    with writes(database) as seen:
        record(database, made, *posts)
    assert [statement.split()[:2] for statement in seen] == [["UPDATE", "tickets"]]
    assert "read_at" in seen[0] and "subject" not in seen[0]
    assert verbs(database) == ["ticket.found"]


def test_an_older_reading_recorded_late_is_healed_by_the_next(database: Database, made: Rows) -> None:
    ticket = record(database, made, message(1), message(2, author=STAFF))
    record(database, made, message(1))
    assert shown(database, ticket) == ["Message 1"]
    ticket = record(database, made, message(1), message(2, author=STAFF))
    assert shown(database, ticket) == ["Message 1", "Message 2"]
    assert (ticket.waiting_on, ticket.message_count) == ("customer", 2)


def test_posts_in_any_order_are_shown_in_theirs(database: Database, made: Rows) -> None:
    ticket = record(database, made, message(3), message(1), message(2))
    assert shown(database, ticket) == ["Message 1", "Message 2", "Message 3"]


def test_a_deleted_post_is_no_longer_shown_nor_counted(database: Database, made: Rows) -> None:
    ticket = record(database, made, message(1), message(2, author=STAFF))
    ticket = record(database, made, message(1), message(2, author=STAFF, deleted=True))
    assert shown(database, ticket) == ["Message 1"]
    assert (ticket.waiting_on, ticket.message_count) == ("us", 1)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 2


def test_a_post_that_vanished_and_came_back_is_one_row(database: Database, made: Rows) -> None:
    ticket = record(database, made, message(1), message(2))
    record(database, made, message(1))
    assert shown(database, ticket) == ["Message 1"]
    record(database, made, message(1), message(2))
    assert shown(database, ticket) == ["Message 1", "Message 2"]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 2


@pytest.mark.parametrize("new_first", [True, False], ids=["new thread read first", "old thread read first"])
def test_a_moved_post_keeps_its_row_and_belongs_to_the_new_thread(database: Database, made: Rows, new_first: bool) -> None:
    old = record(database, made, message(1), message(2, "I have this too."))
    left = thread("1", message(1))
    moved = replace(thread("1", message(2, "I have this too.")).messages[0], number=2)
    into = replace(thread("2"), messages=(*thread("2").messages, moved))
    for reading in (into, left) if new_first else (left, into):
        with database.write() as session:
            new = actions.record(session, made.forum, reading)
    with database.read() as session:
        new = session.scalars(select(Ticket).where(Ticket.external_id == "2")).one()
        assert session.scalar(select(func.count()).select_from(Message)) == 3
    assert shown(database, old) == ["Message 1"]
    assert shown(database, new) == ["It stops after one minute.", "I have this too."]


def test_an_edited_post_is_sanitised_again_and_an_unchanged_one_keeps_its_html(database: Database, made: Rows) -> None:
    ticket = record(database, made, message(1, "Before"))
    record(database, made, message(1, '<script>alert(1)</script><b onclick="x()">After</b>', edited_at=factories.NOON))
    with database.read() as session:
        row = queries.messages(session, ticket.id).messages[0]
        assert "After" in row.html and "script" not in row.html and "onclick" not in row.html
        assert "<script>" in row.source_html and row.edited_at == factories.NOON


def test_a_thread_that_is_gone_stays_readable_and_waits_on_nobody(database: Database, made: Rows) -> None:
    ticket = record(database, made)
    for _ in range(2):
        with database.write() as session:
            actions.mark_deleted(session, session.get_one(Ticket, ticket.id))
    with database.read() as session:
        gone = session.get_one(Ticket, ticket.id)
        assert (gone.state, gone.waiting_on, gone.waiting_since) == ("deleted", None, None)
    assert shown(database, ticket)
    assert verbs(database) == ["ticket.found", "ticket.deleted"]
    assert record(database, made).state == "open"


def test_a_changed_state_is_history(database: Database, made: Rows) -> None:
    record(database, made)
    ticket = record(database, made, state=ThreadState.closed)
    assert (ticket.waiting_on, verbs(database)) == (None, ["ticket.found", "ticket.changed"])


def test_a_renamed_customer_is_the_same_customer(database: Database, made: Rows) -> None:
    record(database, made)
    record(database, made, external_id="2", customer=replace(factories.CUSTOMER, username="mei2", name="Mei T."))
    with database.read() as session:
        assert [row.name for row in session.scalars(select(Customer))] == ["Mei T."]


def test_two_threads_of_one_customer_recorded_at_once(database: Database, made: Rows) -> None:
    """Two workers; whoever loses the race for the customer's row may be refused, and then simply reads again."""
    start, faults = threading.Barrier(2), list[str]()

    def work(external_id: str) -> None:
        start.wait(10)
        try:
            record(database, made, external_id=external_id)
        except Exception as error:
            faults.append(type(error).__name__)

    threads = [threading.Thread(target=work, args=(external_id,)) for external_id in ("1", "2")]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert set(faults) <= {"IntegrityError"} and len(faults) < 2
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        assert session.scalar(select(func.count()).select_from(Ticket)) == 2 - len(faults)
