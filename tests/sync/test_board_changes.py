"""Trello's webhooks: what happened on the board is looked up and remembered."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from powerup.inbox.actions import store
from powerup.inbox.models import Received
from powerup.integrations.trello.webhooks import parse
from powerup.links import queries as links
from powerup.links.actions import link, unlink
from powerup.links.models import Link
from powerup.sandbox.trello import By
from powerup.sandbox.trello.store.models import Card as TrelloCard
from powerup.sync import hooks
from powerup.sync.hints import hint_of
from powerup.workspaces.models import BoardMember
from tests.cast import ADA, BEN
from tests.factories import BY_ADA
from tests.scene import Scene


@pytest.fixture(autouse=True)
def listener(request: pytest.FixtureRequest, httpserver: HTTPServer) -> HTTPServer:
    """Trello sends the board's changes here."""
    httpserver.expect_request("/trello").respond_with_data("")
    scene: Scene = request.getfixturevalue("scene" if "scene" in request.fixturenames else "small")
    token = scene.trello.store.token(scene.trello_token)
    assert token is not None
    scene.trello.store.add_webhook(token, httpserver.url_for("/trello"), scene.trello_board.id)
    LISTENERS[scene.trello_board.id] = httpserver
    return httpserver


LISTENERS: dict[str, HTTPServer] = {}


def told(scene: Scene) -> None:
    """Take in what Trello has told so far, doubles and all, and work on what was stored."""
    assert scene.trello.dispatcher.wait_until_idle(20)
    for asked, _ in LISTENERS[scene.trello_board.id].log:
        change = parse(asked.get_data())
        hint = hint_of(change)
        if hint is not None:
            with scene.services.database.write() as session:
                store(session, scene.board.workspace_id, source=f"trello:{scene.board.id}", event_id=change.event_id, hint=hint)
    while hooks.run_one(scene.services, "test"):
        pass


def linked(scene: Scene, card: TrelloCard) -> list[Any]:
    row = scene.known_card(card.id)
    if row is None:
        return []
    with scene.services.database.read() as session:
        return [each.Link for each in links.of_card(session, scene.board.workspace_id, row.id)]


def failures(scene: Scene) -> list[str | None]:
    with scene.services.database.read() as session:
        return [row.reason for row in session.scalars(select(Received)) if row.state != "done"]


def test_a_card_renamed_archived_and_moved_is_known_as_it_is_now(scene: Scene) -> None:
    there = scene.trello_card()
    scene.card(there)
    scene.trello.store.update_card(there, By(BEN.trello_id), name="A better name", closed=True)
    told(scene)
    row = scene.known_card(there.id)
    assert row is not None and row.name == "A better name" and row.closed_at is not None
    scene.trello.store.update_card(there, By(BEN.trello_id), closed=False)
    told(scene)
    row = scene.known_card(there.id)
    assert row is not None and row.closed_at is None


def test_a_deleted_card_is_closed(small: Scene) -> None:
    there = small.trello_card()
    small.card(there)
    small.trello.store.delete_card(there, By(BEN.trello_id))
    told(small)
    row = small.known_card(there.id)
    assert row is not None and row.closed_at is not None


def test_a_card_that_went_to_a_board_which_is_not_connected_is_closed(small: Scene) -> None:
    there = small.trello_card()
    small.card(there)
    trello = small.trello.store
    other = trello.add_board("Private", members={trello.member(ADA.trello_id): "admin"})
    trello.move_card(there, trello.add_list(other, "Inbox"), By(ADA.trello_id))
    told(small)
    row = small.known_card(there.id)
    assert row is not None and row.closed_at is not None


def test_cards_that_nobody_linked_are_not_remembered(small: Scene) -> None:
    there = small.trello_card()
    small.trello.store.update_card(there, By(BEN.trello_id), name="Other")
    told(small)
    assert small.known_card(there.id) is None
    assert small.trello.faults.requests.count() == 0


def test_members_who_join_and_leave_are_known_at_once(scene: Scene) -> None:
    trello = scene.trello.store
    dan = trello.add_member("dan", "Dan")
    trello.set_role(scene.trello_board, dan, "normal")
    told(scene)
    with scene.services.database.read() as session:
        assert {row.trello_member_id for row in session.scalars(select(BoardMember))} == {ADA.trello_id, BEN.trello_id, dan.id}
    trello.set_role(scene.trello_board, dan, None)
    scene.break_calls(scene.trello, status=503)
    told(scene)
    with scene.services.database.read() as session:
        assert dan.id not in {row.trello_member_id for row in session.scalars(select(BoardMember))}


def test_an_address_attached_by_hand_links_the_thread_in_that_persons_name(scene: Scene) -> None:
    there, topic = scene.trello_card(), scene.thread("Attached by hand")
    scene.trello.store.attach(there, scene.forum.topic_url(topic.id), By(BEN.trello_id))
    scene.trello.store.attach(there, "https://example.org/", By(BEN.trello_id))
    told(scene)
    (made,) = linked(scene, there)
    assert made.made_by == BEN.trello_id
    assert len(there.attachments) == 2
    told(scene)
    assert len(linked(scene, there)) == 1 and not failures(scene)


def test_our_own_attachment_changes_nothing(scene: Scene) -> None:
    there, ticket = scene.trello_card(), scene.ticket()
    card = scene.card(there)
    with scene.services.database.write() as session:
        made = link(session, card, ticket, by=BY_ADA, max_attempts=5)
    scene.deliver()
    with scene.services.database.write() as session:
        made = session.get_one(Link, made.id)
        unlink(session, made, card, ticket, by=BY_ADA, max_attempts=5)
    told(scene)
    assert linked(scene, there) == []
    scene.deliver()
    assert there.attachments == []
    told(scene)
    assert linked(scene, there) == [] and not failures(scene)


def test_an_address_attached_again_after_unlinking_links_again(small: Scene) -> None:
    there, ticket = small.trello_card(), small.ticket()
    card = small.card(there)
    with small.services.database.write() as session:
        made = link(session, card, ticket, by=BY_ADA, max_attempts=5)
    small.deliver()
    with small.services.database.write() as session:
        unlink(session, session.get_one(Link, made.id), card, ticket, by=BY_ADA, max_attempts=5)
    small.deliver()
    small.trello.store.attach(there, ticket.url, By(BEN.trello_id))
    told(small)
    assert len(linked(small, there)) == 1


def test_a_hint_that_trello_cannot_answer_now_is_tried_later(small: Scene) -> None:
    there = small.trello_card()
    small.card(there)
    small.trello.store.update_card(there, By(BEN.trello_id), name="Later")
    small.break_calls(small.trello, status=503)
    told(small)
    with small.services.database.read() as session:
        item = session.scalars(select(Received)).one()
        assert (item.state, item.attempts) == ("pending", 1) and item.reason


@pytest.mark.parametrize("kind", ["commentCard", "addLabelToCard", "createList"])
def test_what_does_not_concern_us_is_not_stored(small: Scene, kind: str) -> None:
    there, by = small.trello_card(), By(BEN.trello_id)
    match kind:
        case "commentCard":
            small.trello.store.comment(there, "Hello", by)
        case "addLabelToCard":
            small.trello.store.label_card(there, small.trello.store.add_label(small.trello_board, "Bug"), by)
        case _:
            small.trello.store.add_list(small.trello_board, "Doing", by=by)
    told(small)
    with small.services.database.read() as session:
        assert not session.scalars(select(Received)).all()
