"""Odd and hostile input on every route: each is refused with a 4xx problem document, on both kinds of database."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.v1.tickets import _CURSORS
from tests.api.world import World
from tests.cast import ADA, BEN

NUL, HALF = "a\x00b", "a\ud83db"
"""What JSON can say and PostgreSQL (or any database) cannot keep: NUL, and half of an emoji."""
Attack = tuple[str, str, Any]
KEY = "attack-0001"


def with_numbers(world: World) -> Iterator[Attack]:
    """Ids and cursors beyond what a database counts to."""
    card = f"/api/v1/cards/{world.card.id}"
    for number in (2**63, -(2**64), 10**30, "9" * 5_000):
        for path in ("tickets?forum_id=", "deliveries?cursor=", "tickets/1?before=", "tickets?q=step&forum_id="):
            yield "GET", f"/api/v1/{path}{number}", None
        for path in ("tickets", "forums", "deliveries"):
            yield "GET", f"/api/v1/{path}/{number}", None
        yield "DELETE", f"{card}/links/{number}", None
        yield "POST", f"/api/v1/deliveries/{number}/attempts", None
        yield "PATCH", f"/api/v1/forums/{number}", world.forum_settings()
        yield "POST", f"/api/v1/forums/{number}/checks", None
        yield "POST", f"/api/v1/tickets/{number}/replies", {"text": "hello", "request_id": KEY}
        yield "POST", f"/api/v1/tickets/{number}/cards", {"list_id": "a" * 24, "request_id": KEY}
        if isinstance(number, int):
            yield "POST", f"{card}/links", {"ticket_id": number}


def with_texts(world: World) -> Iterator[Attack]:
    """Texts that no database keeps, in every field."""
    lists = {"list_id": world.card.list_id}
    for odd in (NUL, HALF):
        yield "POST", "/api/v1/session", {"jwt": odd}
        yield "PUT", "/api/v1/boards/current/connection", {"trello_token": odd + "x" * 20}
        yield "POST", "/api/v1/ticket-lookups", {"url": f"{world.forum.url}/t/{odd}/1"}
        yield "POST", "/api/v1/previews", {"urls": [odd]}
        yield "POST", "/api/v1/badges", {"cards": [odd]}
        yield "POST", "/api/v1/tickets/1/replies", {"text": odd, "request_id": KEY}
        yield "POST", "/api/v1/tickets/1/replies", {"text": "hello", "request_id": f"{odd}-123456"}
        yield "POST", "/api/v1/tickets/1/replies", {"text": "hello", "request_id": KEY, "card_id": odd}
        yield "POST", "/api/v1/tickets/1/cards", lists | {"request_id": KEY, "name": odd}
        for field in ("note", "message", "evidence_url", "request_id"):
            yield "POST", f"/api/v1/cards/{world.card.id}/resolution", {"type": "docs", field: f"https://x.example/{odd}"}
        for field in ("name", "webhook_secret", "kind"):
            yield "PATCH", "/api/v1/forums/1", world.forum_settings(**{field: odd})
        yield "PATCH", "/api/v1/forums/1", world.forum_settings(staff_usernames=[odd])
        yield "PATCH", "/api/v1/forums/1", world.forum_settings(credentials={"api_key": odd})
        yield "PUT", "/api/v1/workspace", {"slack_webhook_url": f"https://hooks.slack.com/services/{odd}"}


def with_addresses(world: World) -> Iterator[Attack]:
    """NUL and wanderings in the address itself."""
    for path in ("cards/%00", "cards/%00/resolution", "cards/..%2f..%2fmembers%2fme"):
        yield "GET", f"/api/v1/{path}", None
    for path in ("tickets?q=%00", "tickets?cursor=%00", "deliveries?card_id=%00"):
        yield "GET", f"/api/v1/{path}", None
    for path in ("/webhooks/forums/%00", "/webhooks/trello/%00"):
        yield "POST", path, {}
    for path in ("/static/%00", "/pages/%00", f"/static/{'a' * 5_000}", "/static/..%2f..%2fpyproject.toml"):
        yield "GET", path, None


@pytest.mark.parametrize("attacks", [with_numbers, with_texts, with_addresses])
def test_no_odd_input_is_our_failure(world: World, attacks: Any) -> None:
    world.link(world.thread())
    token = world.session(ADA).get_json()["token"]
    failed = []
    for method, path, body in attacks(world):
        sent = None if body is None else json.dumps(body)
        answer = world.app.test_client().open(
            path, method=method, data=sent, content_type="application/json" if sent else None, headers={"Authorization": f"Bearer {token}"}
        )
        if not 400 <= answer.status_code < 500 or answer.mimetype != "application/problem+json":
            failed.append((answer.status_code, method, path[:90], sent))
    assert failed == []


def test_half_an_emoji_in_a_search_finds_what_the_rest_says(world: World) -> None:
    assert world.as_(BEN).get("/api/v1/tickets?q=step%ED%A0%80").status_code == 200


MOMENT = "2026-11-23T08:30:00Z"


@pytest.mark.parametrize(
    "cursor", [[MOMENT, 10**30], ["0001-01-01T00:00:00+23:59", 1], [MOMENT, float("inf")], [1, 2], "x", {"a": 1}, None]
)
def test_a_forged_cursor_is_refused(world: World, cursor: Any) -> None:
    # It is opaque and no secret: anybody can make one.
    made = _CURSORS.dumps(cursor)
    answer = world.as_(BEN).get(f"/api/v1/tickets?cursor={made if isinstance(made, str) else made.decode()}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    "body", [b'{"jwt":' + b"[" * 100_000, b'{"jwt":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"jwt":' + b"9" * 5_000 + b"}"]
)
def test_json_that_breaks_its_reader_is_a_bad_request(small: World, body: bytes) -> None:
    answer = small.app.test_client().post("/api/v1/session", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_an_answer_is_never_many_times_as_long_as_the_question(small: World) -> None:
    body = json.dumps(dict.fromkeys(map(str, range(50_000)), 0))
    answer = small.app.test_client().post("/api/v1/session", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert len(answer.data) < 10_000
