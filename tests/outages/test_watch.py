"""A burst of threads on one area becomes a proposal; what they are about is read from their words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from powerup.db.engine import Database
from powerup.forums.models import Forum
from powerup.outages import watch
from powerup.outages.models import Outage
from powerup.teams.models import Area
from powerup.tickets.models import Customer, Ticket
from powerup.triage.brain import Brain
from powerup.triage.standing import refresh
from tests import factories
from tests.factories import NOON, Rows


@pytest.fixture
def made(database: Database) -> Iterator[Rows]:
    """A team with two areas, a day after their names were read."""
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        with database.write() as session:
            rows = factories.rows(session)
            team = factories.team(session, rows.board, rows.workspace_id)
            factories.area(session, team)
            factories.area(session, team, "Invoices", ("invoice", "billing"))
        yield rows


def arrive(database: Database, made: Rows, number: int, subject: str, minutes_ago: float) -> None:
    """A new customer's thread."""
    with database.write() as session:
        at = NOON + timedelta(days=1) - timedelta(minutes=minutes_ago)
        author = replace(factories.CUSTOMER, external_id=f"c{number}", username=f"customer{number}")
        message = factories.message(1, subject, author=author, created_at=at)
        ticket = factories.ticket(session, made, str(number), message, subject=subject, customer=author, created_at=at)
        refresh(session, ticket, factories.desk().pace)


def look(database: Database, made: Rows) -> list[Outage]:
    watch.guess_areas(database, Brain(database, made.workspace_id))
    with database.write() as session:
        return watch.watch(session, made.workspace_id)


def test_seven_customers_within_the_hour_are_a_burst_and_proposed_once(database: Database, made: Rows) -> None:
    for number in range(7):
        arrive(database, made, number, f"Our agent lost its heartbeat ({number})", minutes_ago=40 - number * 5)
    found = look(database, made)
    assert [(outage.title, outage.state, outage.evidence["count"]) for outage in found] == [("Outage: Agents", "proposed", 7)]
    assert "Agents" in found[0].evidence["words"]
    assert look(database, made) == []
    with database.read() as session:
        assert set(session.scalars(select(Ticket.area_id))) == {1}


def test_one_customer_who_writes_seven_times_is_no_burst(database: Database, made: Rows) -> None:
    for number in range(7):
        arrive(database, made, number, "Our agent lost its heartbeat", minutes_ago=40 - number * 5)
    with database.write() as session:
        first = session.scalars(select(Customer).order_by(Customer.id)).first()
        assert first is not None
        for ticket in session.scalars(select(Ticket)):
            ticket.customer_id = first.id
    assert look(database, made) == []


def test_threads_spread_over_areas_are_no_burst(database: Database, made: Rows) -> None:
    for number in range(6):
        arrive(database, made, number, "The invoice is wrong" if number % 2 else "An agent is slow", minutes_ago=300 - number * 50)
    assert look(database, made) == []


def test_the_past_of_a_forum_that_was_just_connected_makes_no_burst(database: Database, made: Rows) -> None:
    for number in range(60):
        arrive(database, made, number, f"Our agent lost its heartbeat ({number})", minutes_ago=5 + number * 45)
    with database.write() as session:
        for area in session.scalars(select(Area)):
            area.created_at = NOON - timedelta(days=300)
        session.get_one(Forum, made.forum.id).created_at = NOON + timedelta(days=1)
    # Eight in six hours are usual for this forum, of which we know two days; they would not be after eight quiet weeks.
    assert look(database, made) == []
