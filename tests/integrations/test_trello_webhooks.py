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
from powerup.integrations.trello.webhooks import BoardChange, Kind, parse, verify

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
        (
            "addLabelToCard",
            {"card": CARD, "board": BOARD, "label": {"id": "x1", "name": "docs", "color": "sky"}, "text": "docs", "value": "sky"},
            {"kind": Kind.card_label_added, "card_id": "c1", "label_id": "x1", "member_id": None},
        ),
        (
            "removeLabelFromCard",
            {"card": CARD, "board": BOARD, "value": "sky"},
            {"kind": Kind.card_label_removed, "card_id": "c1", "label_id": None},
        ),
        (
            "addMemberToCard",
            {"card": CARD, "board": BOARD, "idMember": "m2", "member": {"id": "m2", "name": "Ben"}},
            {"kind": Kind.card_member_added, "card_id": "c1", "member_id": "m2", "role": None},
        ),
        (
            "removeMemberFromCard",
            {"card": CARD, "board": BOARD, "idMember": "m2"},
            {"kind": Kind.card_member_removed, "card_id": "c1", "member_id": "m2"},
        ),
        ("updateCard", {"card": CARD, "board": BOARD, "old": {"desc": "x"}}, {"kind": Kind.card_changed, "changed": frozenset({"desc"})}),
        ("updateCard", {"card": CARD, "board": BOARD, "old": {"pos": 1}}, {"kind": Kind.card_changed, "changed": frozenset({"pos"})}),
        (
            "createList",
            {"list": {"id": "l1", "name": "Billing"}, "board": BOARD},
            {"kind": Kind.list_changed, "list_id": "l1", "name": "Billing", "changed": frozenset(), "card_id": None},
        ),
        (
            "updateList",
            {"list": {"id": "l1", "name": "Billing", "closed": True}, "board": BOARD, "old": {"closed": False}},
            {"kind": Kind.list_changed, "list_id": "l1", "closed": True, "changed": frozenset({"closed"})},
        ),
        (
            "moveListFromBoard",
            {"list": {"id": "l1", "name": "Billing"}, "board": BOARD, "boardTarget": {"id": "b2"}},
            {"kind": Kind.list_changed, "list_id": "l1", "other_board_id": "b2"},
        ),
        (
            "moveListToBoard",
            {"list": {"id": "l1", "name": "Billing"}, "board": BOARD, "boardSource": {"id": "b2"}},
            {"kind": Kind.list_changed, "list_id": "l1", "other_board_id": "b2"},
        ),
        (
            "createLabel",
            {"label": {"id": "x1", "name": "docs", "color": "sky"}, "board": BOARD},
            {"kind": Kind.label_changed, "label_id": "x1", "name": "docs"},
        ),
        (
            "updateLabel",
            {"label": {"id": "x1", "name": "docs"}, "board": BOARD, "old": {"name": "doc"}},
            {"kind": Kind.label_changed, "label_id": "x1", "changed": frozenset({"name"})},
        ),
        ("deleteLabel", {"label": {"id": "x1"}, "board": BOARD}, {"kind": Kind.label_changed, "label_id": "x1", "name": None}),
        ("deleteLabel", {"board": BOARD}, {"kind": Kind.label_changed, "label_id": None}),
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
        (body("addMemberToCard", {"board": BOARD, "idMember": "m2"}), "card.id"),
        (body("updateList", {"board": BOARD, "list": {"id": 7}}), "list.id"),
        (body("createCard", {"board": BOARD, "card": CARD}, date="yesterday"), "date"),
    ],
)
def test_what_is_missing_is_named(raw: bytes, named: str) -> None:
    with pytest.raises(VendorBrokenError, match=named):
        parse(raw)


words = st.sampled_from(["id", "card", "board", "old", "text", "member", "list", "label"])
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
json_values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=12)


types = ["createCard", "updateCard", "addMemberToBoard", "updateBoard", "addMemberToCard", "updateList", "deleteLabel", "x"]


@given(st.sampled_from(types), json_values)
def test_no_body_does_more_than_fail_properly(type_: str, data: Any) -> None:
    with contextlib.suppress(VendorBrokenError):
        assert isinstance(parse(body(type_, data)), BoardChange)
