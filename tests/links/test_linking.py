"""Linking and unlinking: once, with an attachment on the card, and with history."""

import threading

import pytest
from sqlalchemy import func, select

from powerup.db.engine import Database
from powerup.errors import AlreadyLinkedError, NotFoundError
from powerup.links import actions, queries
from powerup.links.models import Link
from powerup.outbox.models import Delivery
from powerup.tickets.models import Ticket
from tests import factories
from tests.factories import BY_ADA, BY_BEN, Rows


@pytest.fixture
def made(database: Database) -> Rows:
    """A card and a forum."""
    with database.write() as session:
        return factories.rows(session)


@pytest.fixture
def ticket(database: Database, made: Rows) -> Ticket:
    """A thread that is linked to nothing."""
    with database.write() as session:
        return factories.ticket(session, made)


def deliveries(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        return [(row.kind, row.state) for row in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_a_link_and_its_attachment_are_made_together(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3)
    assert deliveries(database) == [("trello_attachment", "pending")]
    with database.read() as session:
        row = queries.of_card(session, made.workspace_id, made.card.id)[0]
        assert (row.Link.made_by, row.Ticket.id) == (BY_ADA.id, ticket.id)


def test_a_link_to_an_address_that_is_there_attaches_nothing(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3, attach=False)
    assert deliveries(database) == []


def test_the_same_link_is_refused_and_leaves_nothing_behind(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3)
    with pytest.raises(AlreadyLinkedError), database.write() as session:
        actions.link(session, made.card, ticket, by=BY_BEN, max_attempts=3)
    assert len(deliveries(database)) == 1


def test_unlinking_takes_the_attachment_off_and_linking_again_is_a_new_link(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        first = actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3)
        for _ in range(2):
            actions.unlink(session, first, made.card, ticket, by=BY_BEN, max_attempts=3)
        assert not queries.of_card(session, made.workspace_id, made.card.id)
        second = actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3)
        assert second.id != first.id and first.ended_by == BY_BEN.id
    assert deliveries(database) == [("trello_attachment", "cancelled"), ("trello_detachment", "pending"), ("trello_attachment", "pending")]


def test_one_ticket_on_two_cards_and_two_tickets_on_one_card(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        other_card, other_ticket = factories.card(session, made.board, 2), factories.ticket(session, made, "2")
        for card, each in ((made.card, ticket), (other_card, ticket), (made.card, other_ticket)):
            actions.link(session, card, each, by=BY_ADA, max_attempts=3)
        assert [card.id for card in queries.cards_of(session, made.workspace_id, ticket.id)] == [made.card.id, other_card.id]
        assert len(queries.of_card(session, made.workspace_id, made.card.id)) == 2


def test_another_workspace_sees_nothing_of_it(database: Database, made: Rows, ticket: Ticket) -> None:
    with database.write() as session:
        link = actions.link(session, made.card, ticket, by=BY_ADA, max_attempts=3)
        theirs = factories.rows(session, 2)
    with database.read() as session:
        assert not queries.of_card(session, theirs.workspace_id, made.card.id)
        assert not queries.cards_of(session, theirs.workspace_id, ticket.id)
        with pytest.raises(NotFoundError):
            queries.get(session, theirs.workspace_id, made.card.id, link.id)


def test_two_people_link_the_same_at_once_and_one_link_exists(database: Database, made: Rows, ticket: Ticket) -> None:
    start, faults = threading.Barrier(4), list[type[BaseException]]()

    def work() -> None:
        start.wait(10)
        try:
            with database.write() as session:
                actions.link(session, made.card, ticket, by=BY_BEN, max_attempts=3)
        except BaseException as error:
            faults.append(type(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert faults == [AlreadyLinkedError] * 3
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Link)) == 1
    assert deliveries(database) == [("trello_attachment", "pending")]
