"""The Trello client against the sandbox's Trello, over real HTTP."""

import pytest

from powerup.integrations.errors import GoneError
from powerup.integrations.trello.cards import LONGEST_TEXT
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Label
from tests.cast import ADA, BEN, CLEO
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


def test_a_board_is_read_with_the_words_labels_and_people_of_its_cards_in_one_request(trello_world: World, ada: TrelloClient) -> None:
    store, board = trello_world.store, trello_world.board
    archived = ada.create_card(trello_world.inbox.id, "Old", "")
    ada.update_card(archived.id, closed=True)
    ada.update_card(trello_world.card.id, desc="Keywords: step, timeout")
    requests = trello_world.trello.faults.requests
    requests.clear()
    (card,) = ada.cards_in_full(board.id)
    assert requests.count(path="/1/") == 1
    assert (card.id, card.name, card.desc) == (trello_world.card.id, "Runs fail at night", "Keywords: step, timeout")
    assert (card.list_id, card.closed, card.pos > 0) == (trello_world.inbox.id, False, True)
    assert [(label.name, label.color) for label in card.labels] == [("Bug", "red")]
    assert card.member_ids == (BEN.trello_id,)
    assert card.url.startswith(trello_world.url)
    assert store.shelves.cards[card.id].list_id == card.list_id


def test_the_people_on_a_board_are_known_by_name(trello_world: World, ada: TrelloClient) -> None:
    people = ada.members_of_board(trello_world.board.id)
    assert {(one.id, one.username, one.full_name) for one in people} == {(one.trello_id, one.username, one.full_name) for one in (ADA, BEN)}


def test_a_card_goes_to_another_board_with_what_that_board_knows(trello_world: World, ada: TrelloClient) -> None:
    store, roadmap = trello_world.store, trello_world.public_board
    ideas, ours = store.lists_of(roadmap)[0], ada.create_label(roadmap.id, "Bug", "red")
    ada.add_label(trello_world.card.id, ada.create_label(trello_world.board.id, "Only here", "sky").id)
    ada.add_member(trello_world.card.id, ADA.trello_id)
    moved = ada.move_card(trello_world.card.id, board_id=roadmap.id, list_id=ideas.id)
    assert (moved.id, moved.board_id, moved.list_id) == (trello_world.store.shelves.cards[moved.id].id, roadmap.id, ideas.id)
    first = ada.cards_in_full(roadmap.id)[0]
    assert first.id == moved.id, "at the top"
    assert ([label.id for label in first.labels], first.member_ids) == ([ours.id], (ADA.trello_id,))
    assert ada.move_card(moved.id, board_id=roadmap.id, list_id=ideas.id) == moved, "again is no harm"
    assert len(ada.attachments(moved.id)) == 1


def test_who_must_be_certain_names_labels_and_people_of_the_move(trello_world: World, ada: TrelloClient) -> None:
    roadmap = trello_world.public_board
    ideas, docs = trello_world.store.lists_of(roadmap)[0], ada.create_label(roadmap.id, "Docs", "sky")
    ada.create_label(roadmap.id, "Bug", "red")
    target = {"board_id": roadmap.id, "list_id": ideas.id}
    moved = ada.move_card(trello_world.card.id, **target, pos="bottom", label_ids=[docs.id], member_ids=[ADA.trello_id])
    last = ada.cards_in_full(roadmap.id)[-1]
    assert (last.id, [label.id for label in last.labels], last.member_ids) == (moved.id, [docs.id], (ADA.trello_id,))


def test_a_card_is_not_moved_to_a_board_that_one_cannot_see(trello_world: World, ada: TrelloClient) -> None:
    store = trello_world.store
    hidden = store.add_board("Hidden", members={store.member(CLEO.trello_id): "admin"})
    with pytest.raises(GoneError):
        ada.move_card(trello_world.card.id, board_id=hidden.id, list_id=store.add_list(hidden, "Ours").id)
    assert trello_world.card.board_id == trello_world.board.id


def test_a_label_is_made_once_and_of_two_the_older_one_counts(trello_world: World, ada: TrelloClient) -> None:
    board = trello_world.board
    made = ada.ensure_label(board.id, "impact: high", "orange")
    assert (made.name, made.color) == ("impact: high", "orange")
    assert ada.ensure_label(board.id, "impact: high", "orange") == made
    assert ada.ensure_label(board.id, "impact: high", "red") == made, "people may paint it anew"
    ada.create_label(board.id, "impact: high", "orange")
    assert ada.ensure_label(board.id, "impact: high", "orange") == made
    assert ada.ensure_label(board.id, "Impact: high", None) != made


def test_two_who_make_a_label_at_once_get_the_same_one(trello_world: World, ada: TrelloClient, monkeypatch: pytest.MonkeyPatch) -> None:
    board, store, create = trello_world.board, trello_world.store, ada.create_label

    def somebody_is_quicker(board_id: str, name: str, color: str | None) -> Label:
        store.add_label(board, name, color)
        return create(board_id, name, color)

    monkeypatch.setattr(ada, "create_label", somebody_is_quicker)
    found = ada.ensure_label(board.id, "docs", "sky")
    assert found.id == min(label.id for label in store.labels_of(board) if label.name == "docs")
    assert len(store.labels_of(board)) == 3


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
