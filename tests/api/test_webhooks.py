"""What others send us: verified, stored once, answered at once."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from powerup import clock
from powerup.forums.models import Forum
from powerup.inbox.models import Received
from powerup.workspaces.models import Board
from tests.api.world import World

SECRET = "hook secret of the tests"
POST = {"post": {"id": 7, "topic_id": 3, "post_number": 2}}


def forum_hook(world: World, body: bytes, *, event: str = "41", kind: str = "post", secret: str = SECRET, **headers: str) -> TestResponse:
    """Send what Discourse would send."""
    with world.services.database.read() as session:
        token = session.scalar(select(Forum.hook_token))
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    sent = {
        "X-Discourse-Event-Id": event,
        "X-Discourse-Event-Type": kind,
        "X-Discourse-Event": f"{kind}_created",
        "X-Discourse-Event-Signature": signature,
        "Content-Type": "application/json",
        **headers,
    }
    return world.app.test_client().post(f"/webhooks/forums/{token}", data=body, headers=sent)


def stored(world: World) -> int:
    """How many hints wait or were worked on."""
    with world.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Received)) or 0


def test_a_signed_webhook_is_stored_once_however_often_it_comes(world: World) -> None:
    body = json.dumps(POST).encode()
    for _ in range(3):
        assert forum_hook(world, body).status_code == 200
    assert stored(world) == 1


def test_a_ping_is_answered_and_not_stored(small: World) -> None:
    assert forum_hook(small, b'{"ping":"OK"}', kind="ping").status_code == 200
    assert stored(small) == 0


def test_when_one_came_and_when_one_was_refused_is_noted_to_the_minute(small: World) -> None:
    def noted() -> tuple[datetime | None, datetime | None]:
        with small.services.database.read() as session:
            row = session.scalars(select(Forum)).one()
            return row.last_hook_at, row.hook_refused_at

    assert noted() == (None, None)
    forum_hook(small, b"{}", secret="wrong")
    came, refused = noted()
    assert came is None and refused is not None
    forum_hook(small, b'{"ping":"OK"}', kind="ping")
    first = noted()
    assert first[0] is not None and first[1] == refused
    for _ in range(2):
        forum_hook(small, json.dumps(POST).encode())
        forum_hook(small, b"{}", secret="wrong")
    assert noted() == first
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        forum_hook(small, json.dumps(POST).encode(), event="42")
        forum_hook(small, b"{}", secret="wrong")
    came, refused = noted()
    assert came is not None and came > first[0] and refused is not None and refused > came - timedelta(seconds=30)


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_signature_stores_nothing(small: World, secret: str) -> None:
    assert forum_hook(small, json.dumps(POST).encode(), secret=secret).status_code == 401
    assert stored(small) == 0


def test_a_missing_signature_stores_nothing(small: World) -> None:
    assert forum_hook(small, json.dumps(POST).encode(), **{"X-Discourse-Event-Signature": ""}).status_code == 401
    assert stored(small) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"<html>", b"\xff"])
def test_what_is_not_from_a_forum_is_refused(small: World, body: bytes) -> None:
    assert forum_hook(small, body).status_code == 400
    assert stored(small) == 0


def trello_hook(world: World, body: dict[str, Any], *, secret: str | None = None, address: str | None = None) -> TestResponse:
    """Send what Trello would send."""
    with world.services.database.read() as session:
        token = session.scalar(select(Board.hook_token).where(Board.trello_id == world.board.id))
    raw = json.dumps(body).encode()
    signed = raw + (address or f"https://closeloop.test/webhooks/trello/{token}").encode()
    key = secret if secret is not None else world.trello.options.power_up.secret
    header = base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha1).digest()).decode()
    return world.app.test_client().post(f"/webhooks/trello/{token}", data=raw, headers={"X-Trello-Webhook": header})


def action(world: World, kind: str, **data: Any) -> dict[str, Any]:
    """One of Trello's actions."""
    return {
        "action": {
            "id": "6" * 24,
            "type": kind,
            "date": "2026-11-23T08:30:00.000Z",
            "idMemberCreator": "5" * 24,
            "data": {"board": {"id": world.board.id}, "card": {"id": world.card.id}, **data},
        },
        "model": {"id": world.board.id},
    }


def test_trello_asks_whether_the_address_is_ours(small: World) -> None:
    with small.services.database.read() as session:
        token = session.scalar(select(Board.hook_token))
    assert small.app.test_client().head(f"/webhooks/trello/{token}").status_code == 200
    assert small.app.test_client().head("/webhooks/trello/unknown").status_code == 404


def test_a_signed_change_of_a_card_is_stored_and_a_double_is_not(world: World) -> None:
    body = action(world, "updateCard", old={"closed": False})
    for _ in range(2):
        assert trello_hook(world, body).status_code == 200
    assert stored(world) == 1


def test_a_change_of_no_interest_is_answered_and_not_stored(small: World) -> None:
    assert trello_hook(small, action(small, "addChecklistToCard")).status_code == 200
    assert stored(small) == 0


def test_a_signature_for_another_address_or_secret_is_refused(small: World) -> None:
    body = action(small, "deleteCard")
    assert trello_hook(small, body, secret="wrong").status_code == 401
    assert trello_hook(small, body, address="https://closeloop.test/webhooks/trello/other").status_code == 401
    assert stored(small) == 0
