"""The stand-up digest: what stands in it, and that each team hears it once, at its own local time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from powerup.assignments import actions as assignments
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.db.engine import Database
from powerup.deliveries.team_digest import words
from powerup.digests import actions
from powerup.digests.queries import compile_digest
from powerup.links.actions import link
from powerup.outbox.models import Delivery
from powerup.resolutions.actions import Marking, resolve
from powerup.resolutions.rules import Type
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage.standing import refresh
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import set_slack
from tests import factories
from tests.factories import BY_ADA, NOON, SEALER, STAFF, Rows, message

HOOK = "https://hooks.slack.com/services/a/b/c"
MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
"""A Wednesday, 9:00 in Berlin."""


@pytest.fixture
def made(database: Database) -> Rows:
    """Four owned threads: one waits on us, one is answered, one came back after a resolution, one is private."""
    with database.write() as session:
        rows = factories.rows(session)
        team = factories.team(
            session, rows.board, rows.workspace_id, stand_up={"at": "09:15", "days": [0, 1, 2, 3, 4], "time_zone": "Europe/Berlin"}
        )
        answered = factories.ticket(session, rows, "2", message(1), message(2, author=STAFF))
        for ticket in (
            factories.ticket(session, rows, "1", subject="Waits"),
            answered,
            factories.ticket(session, rows, "3", subject="Is private", private=True),
            factories.ticket(session, rows, "4", subject="Came back"),
        ):
            assignments.assign(session, ticket, Owner(team.id), by=BY_ADA)
            refresh(session, ticket, factories.desk().pace)
        return rows


def counts(database: Database, since: datetime | None = None) -> dict[str, int]:
    with database.read() as session:
        digest = compile_digest(session, session.scalars(select(Team)).one(), since=since)
        return {section.key: section.count for section in digest.sections}


def test_each_thread_stands_where_it_belongs(database: Database, made: Rows) -> None:
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        assert counts(database, since=datetime(2026, 11, 22, tzinfo=UTC)) == {
            "over_target": 0,
            "came_back": 0,
            "new": 4,
            "waiting_on_us": 3,
            "answered": 1,
        }
    with time_machine.travel(MORNING, tick=False):
        assert counts(database)["over_target"] == 3, "the target of eight hours is long over"


def test_a_customer_who_writes_after_the_resolution_came_back(database: Database, made: Rows) -> None:
    with database.write() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.subject == "Came back")).one()
        link(session, made.card, ticket, by=BY_ADA, max_attempts=3, attach=False)
        standing = session.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)).one()
        standing.card_id = made.card.id
        with time_machine.travel(NOON, tick=False):
            resolve(session, made.card, Marking(Type.docs, None, None, None, None), by=BY_ADA, max_attempts=3)
    assert counts(database)["came_back"] == 1


def test_a_private_thread_is_counted_and_not_named(database: Database, made: Rows) -> None:
    with database.read() as session:
        digest = compile_digest(session, session.scalars(select(Team)).one(), shown=10)
        waiting = next(section for section in digest.sections if section.key == "waiting_on_us")
        private = [line for line in waiting.lines if not line.subject]
        assert len(private) == 1 and private[0].customer == ""
        assert "Is private" not in str(digest)


def test_it_goes_out_once_at_the_local_time_and_is_planned_for_the_next_working_day(database: Database, made: Rows) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        with database.write() as session:
            set_slack(
                session,
                workspaces.workspace(session, made.workspace_id),
                "https://hooks.slack.com/services/a/b/c",
                sealer=SEALER,
                by=BY_ADA,
            )
            actions.plan(session, session.scalars(select(Team)).one())
        with database.write() as session:
            assert actions.send_due(session, max_attempts=3) == 0
        traveller.shift(timedelta(minutes=16))
        for expected in (1, 0):
            with database.write() as session:
                assert actions.send_due(session, max_attempts=3) == expected
        with database.read() as session:
            assert session.scalars(select(Team)).one().stand_up_next_at == datetime(2026, 11, 26, 8, 15, tzinfo=UTC)
            assert [each.kind for each in session.scalars(select(Delivery))] == ["team_digest"]


def test_a_team_without_a_channel_sends_nothing_and_stays_planned(database: Database, made: Rows) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        with database.write() as session:
            actions.plan(session, session.scalars(select(Team)).one())
        traveller.shift(timedelta(hours=1))
        with database.write() as session:
            assert actions.send_due(session, max_attempts=3) == 0
        with database.read() as session:
            assert session.scalars(select(Team)).one().stand_up_next_at is not None


def test_the_channel_names_each_thread_once_and_says_how_late_it_is(database: Database, made: Rows) -> None:
    with time_machine.travel(MORNING, tick=False), database.read() as session:
        digest = compile_digest(session, session.scalars(select(Team)).one(), since=datetime(2026, 11, 22, tzinfo=UTC), once=True)
        text = "\n".join(words(digest, "https://closeloop.test/digest/1", factories.desk().pace, {}).linked)
    assert text.count("|Waits>") == text.count("|Came back>") == text.count("|Private thread>") == 1
    assert "over by " in text and ", waits " not in text and "Is private" not in text
    assert "Waiting on us (3)\n… 3 named above" in text and "… and 3 named above" in text
    assert "answered " in text and " ago" in text
