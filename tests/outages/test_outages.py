"""Outage mode: one master card, everybody told once, promises that are kept or reminded of."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from powerup import clock
from powerup.assignments import queries as owned
from powerup.db.engine import Database
from powerup.errors import ConflictError, InvalidError
from powerup.outages import actions, master, queries
from powerup.outages.actions import Declaration
from powerup.outages.models import Outage
from powerup.outbox.models import Delivery
from powerup.teams.models import Area
from powerup.tickets.models import Ticket
from powerup.triage.standing import refresh
from powerup.triage.undo import hand_back
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import set_slack
from tests import factories
from tests.factories import BY_ADA, SEALER, Rows

HOOK = "https://hooks.slack.com/services/a/b/c"
REPLY = "Hello {name}, we see it and will write again within the hour."


@pytest.fixture
def made(database: Database) -> Rows:
    """Three customers' threads, and a team that owns what they are about."""
    with database.write() as session:
        rows = factories.rows(session)
        factories.area(session, factories.team(session, rows.board, rows.workspace_id))
        for number in "123":
            refresh(session, factories.ticket(session, rows, number), factories.desk().pace)
        set_slack(
            session, workspaces.workspace(session, rows.workspace_id), "https://hooks.slack.com/services/a/b/c", sealer=SEALER, by=BY_ADA
        )
        return rows


def declare(database: Database, *ids: int, reply: str = REPLY, promise: int = 60) -> Outage:
    with database.write() as session:
        area = session.scalars(select(Area)).one()
        return actions.declare(session, area, Declaration("Agents offline", ids, reply, promise), factories.desk())


def told(database: Database, what: str = "") -> list[str]:
    with database.read() as session:
        sent = select(Delivery).where(Delivery.kind == "forum_reply", Delivery.request_id.like(f"outage:%:{what}%"))
        return [delivery.payload["text"] for delivery in session.scalars(sent.order_by(Delivery.id))]


def alerts(database: Database) -> list[str]:
    with database.read() as session:
        sent = select(Delivery).where(Delivery.kind == "team_alert").order_by(Delivery.id)
        return [delivery.payload["what"] for delivery in session.scalars(sent)]


def test_opening_makes_one_card_and_tells_every_customer_once(database: Database, made: Rows) -> None:
    outage = declare(database, 1, 2, 3)
    with database.read() as session:
        cards = session.scalars(select(Delivery).where(Delivery.kind == "trello_card")).all()
        assert [(card.ticket_id, card.payload["name"]) for card in cards] == [(1, "Agents offline")]
        desc = cards[0].payload["desc"]
        assert "Outage: Agents offline" in desc and "3 customers are hit" in desc and "promised news by 20" in desc
        tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
        assert [(ticket.impact, ticket.triage) for ticket in tickets] == [("outage", "owned")] * 3
        assert session.get_one(Outage, outage.id).next_word_at is not None
    assert told(database) == [REPLY.replace("{name}", "Mei Tanaka")] * 3
    assert alerts(database) == ["outage_opened"]


def test_everybody_is_linked_to_the_master_card_when_it_is_there(database: Database, made: Rows) -> None:
    declare(database, 1, 2)
    with database.write() as session:
        first = session.get_one(Ticket, 1)
        standing = owned.live(session, first.id)
        assert standing is not None
        standing.card_id = made.card.id
        master.link_waiting(session, first, made.card, max_attempts=3)
    with database.write() as session:
        second = owned.live(session, 2)
        assert second is not None and second.card_id == made.card.id
        outage = session.scalars(select(Outage)).one()
        actions.join(session, outage, [2, 3], factories.desk(), reply=REPLY)
    with database.read() as session:
        third = owned.live(session, 3)
        assert third is not None and third.card_id == made.card.id
    assert len(told(database)) == 3, "who was told already is not told again"


def test_a_thread_that_was_given_back_before_there_was_a_master_card_stays_in_the_queue(database: Database, made: Rows) -> None:
    declare(database, 1, 2)
    with database.write() as session:
        given = owned.live(session, 2)
        assert given is not None
        hand_back(session, given, factories.desk(), why="Not ours.")
    with database.write() as session:
        master.link_waiting(session, session.get_one(Ticket, 1), made.card, max_attempts=3)
        refresh(session, session.get_one(Ticket, 2), factories.desk().pace)
    with database.read() as session:
        assert session.get_one(Ticket, 2).triage == "new"


def test_a_second_outage_for_an_area_is_refused_while_one_is_open(database: Database, made: Rows) -> None:
    declare(database, 1)
    with pytest.raises(ConflictError):
        declare(database, 2)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Outage)) == 1


def test_a_declaration_without_threads_changes_nothing(database: Database, made: Rows) -> None:
    with pytest.raises(InvalidError):
        declare(database)
    with pytest.raises(InvalidError):
        declare(database, 1, promise=1)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Outage)) == 0
        assert session.get_one(Ticket, 1).triage == "new"


def test_news_renew_the_promise_and_a_promise_that_runs_out_is_reminded_of_once(database: Database, made: Rows) -> None:
    with time_machine.travel(factories.NOON, tick=False) as traveller:
        outage = declare(database, 1, 2)
        traveller.shift(timedelta(minutes=51))
        for expected in (1, 0):
            with database.write() as session:
                assert actions.remind_due(session, max_attempts=3) == expected
        with database.write() as session:
            count = actions.update(session, session.get_one(Outage, outage.id), "Still on it.", factories.desk(), promise_minutes=None)
        assert count == 2
        with database.write() as session:
            again = session.get_one(Outage, outage.id)
            assert again.next_word_at == clock.now() + timedelta(minutes=60)
            assert actions.remind_due(session, max_attempts=3) == 0
    assert alerts(database) == ["outage_opened", "outage_news_due"]
    assert told(database, "news") == ["Still on it."] * 2


def test_the_all_clear_tells_everybody_and_ends_it(database: Database, made: Rows) -> None:
    outage = declare(database, 1, 2)
    with database.write() as session:
        actions.end(session, session.get_one(Outage, outage.id), "It works again.", factories.desk())
    assert told(database, "over") == ["It works again."] * 2
    with database.write() as session:
        ended = session.get_one(Outage, outage.id)
        assert (ended.state, ended.next_word_at) == ("over", None)
        assert {ticket.impact for ticket in session.scalars(select(Ticket).where(Ticket.id < 3))} == {"normal"}
        assert queries.telling(session, [outage.id])[outage.id] == (0, 4)
        with pytest.raises(ConflictError):
            actions.end(session, ended, "Again.", factories.desk())


def test_a_dismissed_proposal_leaves_the_area_free(database: Database, made: Rows) -> None:
    with database.write() as session:
        area = session.scalars(select(Area)).one()
        proposed = actions.propose(session, area, {"count": 7}, title="Outage: Agents")
        assert proposed is not None
        assert actions.propose(session, area, {"count": 8}, title="Outage: Agents") is None
        actions.dismiss(session, proposed, by=BY_ADA)
    assert declare(database, 1).state == "open"
