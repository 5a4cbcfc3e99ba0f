"""One customer on two forums is one person only where both forums verified the same address."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from powerup.crypto import Sealer, new_key
from powerup.db.engine import Database
from powerup.forums.actions import ForumSettings, Found, add
from powerup.forums.models import Forum
from powerup.tickets import actions, people
from powerup.tickets.models import Customer, Ticket
from tests import factories
from tests.factories import BY_ADA, CUSTOMER, SEALER, Rows, message, thread

PRINTS = Sealer([new_key()])


@pytest.fixture
def made(database: Database) -> Rows:
    """A connected forum."""
    with database.write() as session:
        return factories.rows(session)


@pytest.fixture
def other(database: Database, made: Rows) -> Forum:
    """Another forum of the same workspace."""
    with database.write() as session:
        wanted = ForumSettings("tender", "Old help", "https://old.test", credentials={}, hook_secret="s")
        return add(session, made.workspace_id, wanted, Found((), {}, "helper"), by=BY_ADA, sealer=SEALER)


def record(
    database: Database, forum: Forum, external_id: str, customer_id: str, email: str | None, workspace_id: int | None = None
) -> Ticket:
    author = replace(CUSTOMER, external_id=customer_id, verified_email=email)
    with database.write() as session:
        return actions.record(
            session,
            forum,
            thread(external_id, message(1, author=author), customer=author),
            fingerprint=_print(workspace_id or forum.workspace_id),
        )


def _print(workspace_id: int) -> Callable[[str], str]:
    return lambda text: PRINTS.fingerprint(f"customers.email:{workspace_id}", text)


def others(database: Database, ticket: Ticket) -> list[tuple[str, str]]:
    with database.read() as session:
        found = people.threads_of(session, ticket.workspace_id, ticket.customer_id, but=ticket.id)
        return [(forum.name, each.external_id) for each, forum in found]


def count(database: Database, ticket: Ticket) -> int:
    with database.read() as session:
        return people.counts(session, ticket.workspace_id, [ticket.customer_id])[ticket.customer_id]


def test_the_same_verified_address_is_the_same_person(database: Database, made: Rows, other: Forum) -> None:
    here = record(database, made.forum, "1", "c1", "Mei@Example.org ")
    there = record(database, other, "9", "u7", "mei@example.org")
    earlier = record(database, other, "8", "u7", "mei@example.org")
    assert others(database, here) == [("Old help", earlier.external_id), ("Old help", there.external_id)]
    assert others(database, there) == [("Old help", "8"), ("Help", "1")]
    assert (count(database, here), count(database, there)) == (3, 3)


@pytest.mark.parametrize("email", [None, "", "  ", "mei@elsewhere.org"])
def test_nothing_else_makes_one_person_of_two(database: Database, made: Rows, other: Forum, email: str | None) -> None:
    here = record(database, made.forum, "1", "c1", "mei@example.org")
    record(database, other, "9", "c1", email)
    assert others(database, here) == []
    assert count(database, here) == 1


def test_two_without_an_address_are_two(database: Database, made: Rows, other: Forum) -> None:
    here = record(database, made.forum, "1", "c1", None)
    record(database, other, "9", "c2", None)
    assert others(database, here) == []


def test_an_address_that_is_withdrawn_parts_them_again(database: Database, made: Rows, other: Forum) -> None:
    here = record(database, made.forum, "1", "c1", "mei@example.org")
    record(database, other, "9", "u7", "mei@example.org")
    record(database, made.forum, "1", "c1", None)
    assert others(database, here) == []


def test_the_address_itself_is_nowhere(database: Database, made: Rows) -> None:
    ticket = record(database, made.forum, "1", "c1", "mei@example.org")
    with database.read() as session:
        kept = session.get_one(Customer, ticket.customer_id).email_print
    assert kept is not None and len(kept) == 64 and "mei" not in kept
    assert kept != _print(made.workspace_id + 1)("mei@example.org"), "another workspace cannot compare"
