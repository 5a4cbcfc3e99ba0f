"""What Trello reports about a board: believed only when signed, and read whatever Trello adds to it."""

import base64
import contextlib
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup import clock
from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.webhooks import BoardChange, Kind, parse, verify
from powerup.sandbox.trello import By
from tests.cast import ADA, BEN, CLEO
from tests.integrations.trello_clients import a_trello_world, the_client_of_ada
from tests.sandbox.trello_world import Callback, World

__all__ = ["a_trello_world", "the_client_of_ada"]

URL = "https://closeloop.example.org/webhooks/trello/abc?x=1"
BODY = '{"action":{"text":"Grüße 👋"}}'.encode()


def signed(secret: str, body: bytes, url: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body + url.encode(), hashlib.sha1).digest()).decode()


def test_a_delivery_that_trello_signed_is_believed() -> None:
    assert verify("s3cret", URL, BODY, signed("s3cret", BODY, URL))
    assert verify("s3cret", URL, BODY, f" {signed('s3cret', BODY, URL)} ")


@pytest.mark.parametrize(
    ("secret", "url", "body", "header"),
    [
        ("other", URL, BODY, signed("s3cret", BODY, URL)),
        ("s3cret", "https://proxy.internal/webhooks/trello/abc", BODY, signed("s3cret", BODY, URL)),
        ("s3cret", URL, BODY + b" ", signed("s3cret", BODY, URL)),
        ("s3cret", URL, BODY, ""),
        ("s3cret", URL, BODY, "x" * 10_000),
        ("s3cret", URL, BODY, "ünïcode\ud800"),
        ("", URL, BODY, signed("", BODY, URL)),
    ],
)
def test_anything_else_is_not(secret: str, url: str, body: bytes, header: str) -> None:
    assert not verify(secret, url, body, header)


def body(type_: str, data: dict[str, Any] | None = None, **more: Any) -> bytes:
    action = {"id": "e1", "type": type_, "date": "2026-11-23T08:30:00.000Z", "idMemberCreator": "m1", "data": data or {}, **more}
    return json.dumps({"action": action, "model": {"id": "b-model"}}).encode()


CARD = {"id": "c1", "name": "Runs fail", "idShort": 3, "shortLink": "abc"}
BOARD = {"id": "b1", "name": "Support"}


@pytest.mark.parametrize(
    ("type_", "data", "expected"),
    [
        ("createCard", {"card": CARD, "board": BOARD, "list": {"id": "l1"}}, {"kind": Kind.card_created, "card_id": "c1", "list_id": "l1"}),
        ("copyCard", {"card": CARD, "board": BOARD}, {"kind": Kind.card_created, "name": "Runs fail"}),
        (
            "updateCard",
            {"card": CARD | {"closed": True}, "board": BOARD, "old": {"closed": False}},
            {"kind": Kind.card_changed, "closed": True, "changed": frozenset({"closed"})},
        ),
        (
            "updateCard",
            {
                "card": CARD | {"idList": "l2"},
                "board": BOARD,
                "old": {"idList": "l1"},
                "listBefore": {"id": "l1"},
                "listAfter": {"id": "l2"},
            },
            {"kind": Kind.card_changed, "list_id": "l2", "closed": None, "changed": frozenset({"idList"})},
        ),
        ("updateCard", {"card": CARD, "board": BOARD, "old": {"name": "x"}, "list": {"id": "l1"}}, {"changed": frozenset({"name"})}),
        ("deleteCard", {"card": {"id": "c1", "idShort": 3}, "board": BOARD}, {"kind": Kind.card_deleted, "card_id": "c1", "name": None}),
        (
            "moveCardFromBoard",
            {"card": CARD, "board": BOARD, "boardTarget": {"id": "b2"}},
            {"kind": Kind.card_left, "other_board_id": "b2"},
        ),
        (
            "moveCardToBoard",
            {"card": CARD, "board": BOARD, "boardSource": {"id": "b2"}},
            {"kind": Kind.card_arrived, "other_board_id": "b2"},
        ),
        (
            "addMemberToBoard",
            {"idMemberAdded": "m2", "memberType": "normal", "board": BOARD},
            {"kind": Kind.member_added, "role": "normal"},
        ),
        ("removeMemberFromBoard", {"idMember": "m2", "board": BOARD}, {"kind": Kind.member_removed, "member_id": "m2", "role": None}),
        ("makeAdminOfBoard", {"idMember": "m2", "board": BOARD}, {"kind": Kind.role_changed, "member_id": "m2", "role": "admin"}),
        ("makeNormalMemberOfBoard", {"idMember": "m2", "board": BOARD}, {"role": "normal"}),
        ("makeObserverOfBoard", {"idMember": "m2", "board": BOARD}, {"role": "observer"}),
        ("updateBoard", {"board": BOARD | {"closed": True}, "old": {"closed": False}}, {"kind": Kind.board_changed, "closed": True}),
        (
            "addAttachmentToCard",
            {"card": CARD, "board": BOARD, "attachment": {"id": "a1", "name": "t", "url": "https://x.org"}},
            {"kind": Kind.attachment_added, "attachment_id": "a1", "attachment_url": "https://x.org"},
        ),
        (
            "deleteAttachmentFromCard",
            {"card": CARD, "board": BOARD, "attachment": {"id": "a1", "name": "t"}},
            {"kind": Kind.attachment_deleted, "attachment_id": "a1", "attachment_url": None},
        ),
        ("commentCard", {"card": CARD, "board": BOARD, "text": "hello"}, {"kind": Kind.comment_added, "text": "hello"}),
        ("voteOnCard", {"card": CARD, "board": BOARD}, {"kind": Kind.ignored, "card_id": None}),
        ("somethingNewOf2031", {"board": BOARD}, {"kind": Kind.ignored}),
    ],
)
def test_each_type_is_read(type_: str, data: dict[str, Any], expected: dict[str, Any]) -> None:
    change = parse(body(type_, data))
    assert {name: getattr(change, name) for name in expected} == expected
    assert (change.event_id, change.type, change.board_id, change.actor_id) == ("e1", type_, "b1", "m1")
    assert clock.iso(change.occurred_at) == "2026-11-23T08:30:00.000Z"


def test_the_member_beside_the_data_counts_first() -> None:
    assert parse(body("addMemberToBoard", {"board": BOARD, "idMember": "inviter"}, member={"id": "m2"})).member_id == "m2"


def test_without_a_board_in_the_data_the_watched_model_is_it() -> None:
    assert parse(body("voteOnCard")).board_id == "b-model"


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "JSON"),
        (b"<html>", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "action"),
        (b'{"action": []}', "action"),
        (b'{"action": {"type": "createCard"}}', "id"),
        (b'{"action": {"id": "e1"}}', "type"),
        (body("createCard", {"board": BOARD}), "card.id"),
        (body("createCard", {"board": BOARD, "card": {"id": 7}}), "card.id"),
        (body("createCard", {"board": BOARD, "card": CARD}, date="yesterday"), "date"),
    ],
)
def test_what_is_missing_is_named(raw: bytes, named: str) -> None:
    with pytest.raises(VendorBrokenError, match=named):
        parse(raw)


words = st.sampled_from(["id", "card", "board", "old", "text", "member"])
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
json_values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=12)


@given(st.sampled_from(["createCard", "updateCard", "addMemberToBoard", "updateBoard", "x"]), json_values)
def test_no_body_does_more_than_fail_properly(type_: str, data: Any) -> None:
    with contextlib.suppress(VendorBrokenError):
        assert isinstance(parse(body(type_, data)), BoardChange)


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
