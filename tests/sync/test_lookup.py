"""Pasted addresses and cards: what is ours is found, what is not is refused in words."""

from dataclasses import replace

import pytest

from powerup.errors import BoardAdminNeededError, CardElsewhereError, Code, ForbiddenError, UrlNotOursError
from powerup.integrations.errors import GoneError, IntegrationError
from powerup.sandbox.trello import By
from powerup.sync.card_lookup import confirm_card
from powerup.sync.connect import prove_board
from powerup.sync.lookup import known_tickets, ticket_for_url
from powerup.sync.members import refresh, refresh_if_unknown, refresh_stale
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from powerup.workspaces.models import Board, BoardMember
from tests import factories
from tests.cast import ADA, BEN, CLEO
from tests.scene import Scene

ELSEWHERE = ["", "hello", "https://example.org/t/x/1", "javascript:alert(1)", "https://[", "http://127.0.0.1:1/t/x/1", "x" * 3_000]


def test_a_thread_that_we_have_not_read_is_read_now(scene: Scene) -> None:
    topic = scene.thread("Brand new")
    url = f"{scene.forum.topic_url(topic.id)}/1?u=mei#reply"
    ticket = ticket_for_url(scene.services, scene.board.workspace_id, url)
    assert ticket.subject == "Brand new"
    scene.forum.faults.requests.clear()
    assert ticket_for_url(scene.services, scene.board.workspace_id, url).id == ticket.id
    assert scene.forum.faults.requests.count() == 0


@pytest.mark.parametrize("url", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_an_address_that_is_not_ours_names_what_is_connected(small: Scene, url: str) -> None:
    with pytest.raises(UrlNotOursError) as caught:
        ticket_for_url(small.services, small.board.workspace_id, url)
    assert "Help" in caught.value.detail and small.forum.url in caught.value.detail
    assert known_tickets(small.services, small.board.workspace_id, [url]) == {url: (None, None)}


def test_another_workspaces_forum_is_not_ours(small: Scene) -> None:
    url = small.forum.topic_url(small.thread().id)
    with small.services.database.write() as session:
        theirs = factories.rows(session, 2, sealer=small.services.sealer)
    with pytest.raises(UrlNotOursError):
        ticket_for_url(small.services, theirs.workspace_id, url)


def test_a_deleted_thread_says_so_and_is_remembered_as_deleted(small: Scene) -> None:
    topic = small.thread()
    ticket = small.ticket(topic)
    with small.services.database.write() as session:
        tickets.mark_deleted(session, session.get_one(Ticket, ticket.id))
    small.forum.store.delete_topic(topic.id)
    with pytest.raises(GoneError) as caught:
        ticket_for_url(small.services, small.board.workspace_id, ticket.url)
    assert caught.value.code == Code.thread_gone
    small.forum.store.recover_topic(topic.id)
    assert ticket_for_url(small.services, small.board.workspace_id, ticket.url).state == "open"


def test_a_forum_that_is_down_is_an_error_with_its_name_and_nothing_is_stored(small: Scene) -> None:
    url = small.forum.topic_url(small.thread().id)
    small.break_calls(small.forum, body="html", status=502)
    with pytest.raises(IntegrationError) as caught:
        ticket_for_url(small.services, small.board.workspace_id, url)
    assert caught.value.code == Code.forum_unavailable
    assert known_tickets(small.services, small.board.workspace_id, [url])[url][1] is None


def test_known_tickets_ask_nobody(small: Scene) -> None:
    known, unread = small.thread("Known"), small.thread("Unread")
    small.ticket(known)
    small.forum.faults.requests.clear()
    urls = [small.forum.topic_url(known.id), small.forum.topic_url(unread.id)]
    found = known_tickets(small.services, small.board.workspace_id, urls)
    assert [(forum is not None, row is not None) for forum, row in found.values()] == [(True, True), (True, False)]
    assert small.forum.faults.requests.count() == 0


def test_a_card_is_believed_only_when_trello_confirms_it(scene: Scene) -> None:
    there = scene.trello_card()
    card = confirm_card(scene.services, scene.seat, there.id)
    assert (card.trello_id, card.name) == (there.id, there.name)
    scene.trello.faults.requests.clear()
    assert confirm_card(scene.services, scene.seat, there.id).id == card.id
    assert scene.trello.faults.requests.count() == 0


@pytest.mark.parametrize("wrong", ["other board", "unknown", "short link", "path"])
def test_a_card_on_another_board_is_not_found(small: Scene, wrong: str) -> None:
    store = small.trello.store
    other = store.add_board("Private", members={store.member(ADA.trello_id): "admin"})
    foreign = store.add_card(store.add_list(other, "Inbox"), "Not yours", by=By(ADA.trello_id))
    asked = {"other board": foreign.id, "unknown": "f" * 24, "short link": small.trello_card().short_link, "path": "../members/me"}[wrong]
    with pytest.raises(CardElsewhereError):
        confirm_card(small.services, small.seat, asked)


def test_a_known_card_is_shown_while_trello_is_away_and_an_unknown_one_is_not(small: Scene) -> None:
    known, unknown = small.card(), small.trello_card()
    small.break_calls(small.trello, status=503)
    assert confirm_card(small.services, small.seat, known.trello_id).id == known.id
    with pytest.raises(IntegrationError) as caught:
        confirm_card(small.services, small.seat, unknown.id)
    assert caught.value.code == Code.trello_unavailable


def test_connecting_needs_an_admins_own_token(small: Scene) -> None:
    store = small.trello.store
    key = small.trello.options.power_up.api_key
    tokens = {who: store.make_token(store.member(who.trello_id), key).value for who in (ADA, BEN, CLEO)}
    proven = prove_board(small.services, board_id=small.trello_board.id, member_id=ADA.trello_id, token=tokens[ADA])
    assert dict(proven.roles) == {ADA.trello_id: "admin", BEN.trello_id: "normal"}
    for who, token, error in (
        (ADA, tokens[BEN], ForbiddenError),
        (BEN, tokens[BEN], BoardAdminNeededError),
        (CLEO, tokens[CLEO], ForbiddenError),
        (ADA, "f" * 64, IntegrationError),
    ):
        with pytest.raises(error):
            prove_board(small.services, board_id=small.trello_board.id, member_id=who.trello_id, token=token)


def members(scene: Scene) -> set[str]:
    with scene.services.database.read() as session:
        return {row.trello_member_id for row in session.query(BoardMember)}


def age(scene: Scene) -> None:
    """Let a day pass since Trello was asked who is on the board."""
    with scene.services.database.write() as session:
        board = session.get_one(Board, scene.board.id)
        board.members_checked_at = board.members_checked_at.replace(year=2020)


def test_somebody_who_has_just_joined_is_asked_for_once(scene: Scene) -> None:
    assert members(scene) == {ADA.trello_id}
    age(scene)
    for _ in range(3):
        refresh_if_unknown(scene.services, scene.board.trello_id, CLEO.trello_id)
    assert members(scene) == {ADA.trello_id, BEN.trello_id}
    assert scene.trello.faults.requests.count(path="memberships") == 1
    refresh_if_unknown(scene.services, "f" * 24, CLEO.trello_id)


def test_members_are_asked_for_again_after_ten_minutes(small: Scene) -> None:
    assert refresh_stale(small.services) is False
    age(small)
    store = small.trello.store
    store.set_role(small.trello_board, store.member(BEN.trello_id), None)
    assert refresh_stale(small.services) is True
    assert members(small) == {ADA.trello_id}
    assert refresh_stale(small.services) is False


def test_an_older_answer_about_members_does_not_replace_a_newer(small: Scene) -> None:
    with small.services.database.write() as session:
        board = session.get_one(Board, small.board.id)
        board.members_checked_at = board.members_checked_at.replace(year=2999)
    refresh(small.services, small.board)
    assert members(small) == {ADA.trello_id}


def test_a_seat_is_not_enough_for_another_boards_card(small: Scene) -> None:
    card = small.card()
    with pytest.raises(CardElsewhereError):
        confirm_card(small.services, replace(small.seat, trello_board_id="f" * 24, board_id=small.board.id), small.trello_card().id)
    assert confirm_card(small.services, small.seat, card.trello_id).id == card.id
