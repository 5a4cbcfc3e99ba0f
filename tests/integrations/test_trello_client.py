"""The Trello client against the sandbox's Trello, over real HTTP."""

import pytest

from powerup.integrations.errors import GoneError
from powerup.integrations.trello.cards import LONGEST_TEXT
from powerup.integrations.trello.client import TrelloClient
from tests.cast import ADA, BEN
from tests.integrations.trello_clients import TICKET, a_trello_world, the_client_of_ada
from tests.sandbox.trello_world import Callback, World

__all__ = ["a_trello_world", "the_client_of_ada"]


def test_it_knows_whose_token_it_has_and_which_boards_that_opens(trello_world: World, ada: TrelloClient) -> None:
    me = ada.me()
    assert (me.id, me.username, me.full_name) == (ADA.trello_id, "ada", "Ada Okafor")
    assert me.organization_ids == (trello_world.board.organization_id,)
    assert {board.name for board in ada.my_boards()} == {"Support", "Roadmap"}


def test_a_board_says_its_workspace_its_people_lists_labels_and_cards(trello_world: World, ada: TrelloClient) -> None:
    board = ada.board(trello_world.board.id)
    assert (board.name, board.organization_name, board.closed) == ("Support", "Acme", False)
    assert board.url.startswith("http")
    assert board.organization_id is not None
    assert ada.organization(board.organization_id).name == "Acme"
    assert {(one.member_id, one.role) for one in ada.memberships(board.id)} == {(ADA.trello_id, "admin"), (BEN.trello_id, "normal")}
    assert [column.name for column in ada.lists(board.id)] == ["Inbox", "Done"]
    assert [(label.name, label.color) for label in ada.labels(board.id)] == [("Bug", "red")]
    (card,) = ada.cards(board.id)
    assert (card.name, card.board_id, card.list_id, card.closed) == ("Runs fail at night", board.id, trello_world.inbox.id, False)
    assert ada.card(card.id) == card
    assert ada.card(card.short_link) == card


def test_a_card_is_made_with_everything_it_needs_and_found_again(trello_world: World, ada: TrelloClient) -> None:
    inbox, label = trello_world.inbox.id, trello_world.label.id
    assert ada.find_card_in_list(inbox, TICKET) is None
    made = ada.create_card(inbox, "Runs fail", "Customer: Zoë\n" * 500, TICKET, label_ids=[label], member_ids=[BEN.trello_id])
    assert ada.find_card_in_list(inbox, TICKET) == made
    assert ada.find_card_on_board(trello_world.board.id, TICKET) == made
    (attachment,) = ada.attachments(made.id)
    assert attachment.url == TICKET
    stored = trello_world.store.shelves.cards[made.id]
    assert (stored.label_ids, stored.member_ids) == ([label], [BEN.trello_id])
    assert stored.desc == "Customer: Zoë\n" * 500


def test_a_card_is_found_by_a_marker_in_its_text_also_when_archived_or_moved(trello_world: World, ada: TrelloClient) -> None:
    made = ada.create_card(trello_world.inbox.id, "Runs fail", f"See {TICKET}.", None)
    ada.update_card(made.id, closed=True)
    found = ada.find_card_in_list(trello_world.inbox.id, TICKET)
    assert found is not None
    assert (found.id, found.closed) == (made.id, True)
    ada.update_card(made.id, list_id=trello_world.done.id)
    assert ada.find_card_in_list(trello_world.inbox.id, TICKET) is None
    assert ada.find_card_on_board(trello_world.board.id, TICKET) is not None


def test_the_marker_of_one_ticket_is_not_found_in_that_of_another(trello_world: World, ada: TrelloClient) -> None:
    ada.create_card(trello_world.inbox.id, "Other", f"{TICKET}3 and more", f"{TICKET}3")
    assert ada.find_card_in_list(trello_world.inbox.id, TICKET) is None
    assert ada.find_card_in_list(trello_world.inbox.id, "") is None
    ada.create_card(trello_world.inbox.id, "Both", f"{TICKET}3, {TICKET}", None)
    found = ada.find_card_in_list(trello_world.inbox.id, TICKET)
    assert found is not None
    assert found.name == "Both"


def test_a_card_changes_where_asked_and_nowhere_else(trello_world: World, ada: TrelloClient) -> None:
    before = ada.card(trello_world.card.id)
    after = ada.update_card(before.id, name="New name", list_id=trello_world.done.id, pos="top")
    assert (after.name, after.list_id, after.closed) == ("New name", trello_world.done.id, False)
    assert after.id == before.id


def test_text_beyond_trellos_limit_is_cut_rather_than_refused(trello_world: World, ada: TrelloClient) -> None:
    made = ada.create_card(trello_world.inbox.id, "n" * 20_000, "d" * 20_000)
    stored = trello_world.store.shelves.cards[made.id]
    assert len(stored.name) == len(stored.desc) == LONGEST_TEXT
    assert stored.desc.endswith("…")
    assert len(ada.comment(made.id, "c" * 20_000).text) == LONGEST_TEXT


def test_addresses_are_attached_and_taken_off(trello_world: World, ada: TrelloClient) -> None:
    card = trello_world.card.id
    made = ada.attach_url(card, TICKET, "The thread " * 40)
    assert made in ada.attachments(card)
    assert len(made.name) == 256
    ada.delete_attachment(card, made.id)
    assert made not in ada.attachments(card)
    with pytest.raises(GoneError):
        ada.delete_attachment(card, made.id)


def test_all_comments_are_read_latest_first_beyond_one_page(trello_world: World, ada: TrelloClient) -> None:
    card = ada.create_card(trello_world.inbox.id, "Talk", "").id
    for number in range(53):
        ada.comment(card, f"number {number}")
    assert [comment.text for comment in ada.comments(card)] == [f"number {number}" for number in reversed(range(53))]


def test_labels_and_people_are_put_on_a_card_twice_and_taken_off_twice_without_fuss(trello_world: World, ada: TrelloClient) -> None:
    label = ada.create_label(trello_world.board.id, "Docs", "blue")
    assert label in ada.labels(trello_world.board.id)
    card = ada.create_card(trello_world.inbox.id, "Talk", "").id
    for _ in range(2):
        ada.add_label(card, label.id)
        ada.add_member(card, BEN.trello_id)
    stored = trello_world.store.shelves.cards[card]
    assert (stored.label_ids, stored.member_ids) == ([label.id], [BEN.trello_id])
    for _ in range(2):
        ada.remove_member(card, BEN.trello_id)
    ada.remove_label(card, label.id)
    assert (stored.label_ids, stored.member_ids) == ([], [])


def test_a_webhook_is_made_once_listed_and_removed(trello_world: World, ada: TrelloClient) -> None:
    with Callback() as callback:
        made = ada.create_webhook(callback.url, trello_world.board.id, "Closeloop")
        assert callback.heads == 1
        assert (made.model_id, made.callback_url, made.active) == (trello_world.board.id, callback.url, True)
        assert ada.webhooks() == (made,)
        assert ada.create_webhook(callback.url, trello_world.board.id, "Closeloop") == made
        ada.delete_webhook(made.id)
        assert ada.webhooks() == ()


def test_our_own_writes_say_that_they_are_ours(trello_world: World, ada: TrelloClient) -> None:
    with Callback() as callback:
        ada.create_webhook(callback.url, trello_world.board.id)
        ada.comment(trello_world.card.id, "told")
        assert callback.next().headers["X-Trello-Client-Identifier"] == "closeloop"


def test_search_finds_cards_on_the_named_boards(trello_world: World, ada: TrelloClient) -> None:
    (found,) = ada.search_cards("Runs", (trello_world.board.id,))
    assert found.name == "Runs fail at night"
    assert ada.search_cards("Runs", (trello_world.public_board.id,)) == ()
    assert ada.search_cards("  ", (trello_world.board.id,)) == ()
    assert ada.search_cards("Runs", ()) == ()
