"""Webhooks as the sandbox really sends them: signed, and told in words that our reader knows."""

from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.webhooks import Kind, parse, verify
from powerup.sandbox.trello import By
from tests.cast import ADA, BEN, CLEO
from tests.integrations.trello_clients import a_trello_world, the_client_of_ada
from tests.sandbox.trello_world import Callback, World

__all__ = ["a_trello_world", "the_client_of_ada"]


def test_what_the_sandbox_sends_is_verified_and_read(trello_world: World, ada: TrelloClient) -> None:
    secret, store, board = trello_world.trello.options.power_up.secret, trello_world.store, trello_world.board
    with Callback() as callback:
        hook = ada.create_webhook(callback.url, board.id)
        card = ada.create_card(trello_world.inbox.id, "Runs fail", "", "https://forum.test/t/9")
        ada.update_card(card.id, closed=True)
        ada.update_card(card.id, list_id=trello_world.done.id)
        comment = ada.comment(card.id, "done")
        with store.lock:
            cleo, by = store.member(CLEO.trello_id), By(ADA.trello_id)
            store.set_role(board, cleo, "normal", by)
            store.set_role(board, cleo, "observer", by)
            store.set_role(board, cleo, None, by)
        changes = []
        for _ in range(8):
            told = callback.next()
            header = told.headers["X-Trello-Webhook"]
            assert verify(secret, hook.callback_url, told.body, header)
            assert not verify(secret, hook.callback_url + "x", told.body, header)
            changes.append(parse(told.body))
    # Two threads deliver: order is not promised, as with Trello.
    assert {change.board_id for change in changes} == {board.id}
    assert len({change.event_id for change in changes}) == 8
    kinds = {change.kind: change for change in changes}
    assert kinds[Kind.card_created].card_id == card.id
    assert kinds[Kind.attachment_added].attachment_url == "https://forum.test/t/9"
    moves = {tuple(change.changed): change for change in changes if change.kind is Kind.card_changed}
    assert moves[("closed",)].closed is True
    assert moves[("idList",)].list_id == trello_world.done.id
    assert kinds[Kind.comment_added].text == comment.text
    for kind, role in ((Kind.member_added, "normal"), (Kind.role_changed, "observer")):
        assert (kinds[kind].member_id, kinds[kind].role) == (CLEO.trello_id, role)
    assert kinds[Kind.member_removed].member_id == CLEO.trello_id
    assert BEN.trello_id not in {change.member_id for change in changes}


def test_what_changes_an_ownership_board_is_told_by_the_sandbox_too(trello_world: World, ada: TrelloClient) -> None:
    store, board, card = trello_world.store, trello_world.board, trello_world.card.id
    with Callback() as callback:
        ada.create_webhook(callback.url, board.id)
        label = ada.create_label(board.id, "docs", "sky")
        ada.add_label(card, label.id)
        ada.add_member(card, ADA.trello_id)
        ada.remove_member(card, ADA.trello_id)
        trello_world.ask("PUT", f"/labels/{label.id}", json={"name": "Docs", "color": None})
        ada.remove_label(card, label.id)
        trello_world.ask("DELETE", f"/labels/{label.id}")
        made = trello_world.ask("POST", "/lists", json={"name": "Billing", "idBoard": board.id}).json()
        trello_world.ask("PUT", f"/lists/{made['id']}", json={"name": "Invoices", "pos": "top"})
        trello_world.ask("PUT", f"/lists/{made['id']}", json={"idBoard": trello_world.public_board.id})
        ada.move_card(card, board_id=trello_world.public_board.id, list_id=made["id"])
        changes = [parse(callback.next().body) for _ in range(11)]
    told = {change.type: change for change in changes}
    assert {change.board_id for change in changes} == {board.id}
    assert told["createLabel"].label_id == told["addLabelToCard"].label_id == told["deleteLabel"].label_id == label.id
    assert (told["updateLabel"].name, told["updateLabel"].changed) == ("Docs", frozenset({"name", "color"}))
    for type_ in ("addMemberToCard", "removeMemberFromCard"):
        assert (told[type_].card_id, told[type_].member_id) == (card, ADA.trello_id)
    assert (told["updateList"].name, told["updateList"].changed) == ("Invoices", frozenset({"name", "pos"}))
    gone = told["moveListFromBoard"]
    assert (gone.kind, gone.list_id, gone.other_board_id) == (Kind.list_changed, made["id"], trello_world.public_board.id)
    assert told["moveCardFromBoard"].kind is Kind.card_left
    assert [one.name for one in store.lists_of(trello_world.public_board)] == ["Ideas", "Invoices"]
