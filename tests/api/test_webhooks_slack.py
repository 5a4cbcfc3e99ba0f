"""Clicks from Slack: believed only when Slack signed them just now, stored once, answered at once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from powerup import clock
from powerup.inbox.models import Received
from powerup.integrations.slack.signing import signature
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import SlackApp, set_slack_app
from powerup.workspaces.models import Board, Workspace
from tests.api.world import World
from tests.factories import BY_ADA

SECRET = "signing secret of the tests"
ACTIONS_URL = "https://hooks.slack.com/actions/T1/2/3"


@pytest.fixture
def app(small: World) -> Iterator[World]:
    """A workspace with its own Slack app."""
    with small.services.database.write() as session:
        board = session.scalars(select(Board).where(Board.trello_id == small.board.id)).one()
        workspace = workspaces.workspace(session, board.workspace_id)
        set_slack_app(session, workspace, SlackApp("xoxb-1", SECRET), sealer=small.services.sealer, by=BY_ADA)
    yield small


def click(action_id: str = "take", ts: str = "1.1") -> bytes:
    """What Slack sends."""
    payload = {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ben"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "container": {"message_ts": "5.5", "channel_id": "C1"},
        "response_url": ACTIONS_URL,
        "actions": [{"type": "button", "action_id": action_id, "value": "7", "action_ts": ts}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def send(world: World, body: bytes, *, secret: str = SECRET, age: float = 0, token: str | None = None) -> TestResponse:
    """Signed, so many seconds ago."""
    with world.services.database.read() as session:
        known = session.scalars(select(Workspace.slack_hook_token).where(Workspace.slack_hook_token.is_not(None))).first()
    stamp = str(int((clock.now() - timedelta(seconds=age)).timestamp()))
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, body)}
    kind = "application/x-www-form-urlencoded"
    return world.app.test_client().post(f"/webhooks/slack/{token or known}", data=body, headers=headers, content_type=kind)


def stored(world: World) -> list[Received]:
    """The clicks that wait or were worked on."""
    with world.services.database.read() as session:
        return list(session.scalars(select(Received).where(Received.source.startswith("slack:"))))


def test_a_signed_click_is_stored_once_and_answered_with_nothing(app: World) -> None:
    for _ in range(2):
        answer = send(app, click())
        assert (answer.status_code, answer.data) == (200, b"")
    (item,) = stored(app)
    assert (item.hint["action"], item.hint["value"], item.hint["user"], item.hint["ts"]) == ("take", "7", "U1", "5.5")
    assert ACTIONS_URL not in str(item.hint)
    send(app, click(ts="2.2"))
    assert len(stored(app)) == 2


@pytest.mark.parametrize(("secret", "age"), [("another secret", 0), ("", 0), (SECRET, 400), (SECRET, -400)])
def test_a_wrong_or_stale_signature_is_refused(app: World, secret: str, age: float) -> None:
    answer = send(app, click(), secret=secret, age=age)
    assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
    assert stored(app) == []


def test_buttons_that_only_open_an_address_are_answered_and_not_stored(app: World) -> None:
    assert send(app, click("closeloop.link.1")).status_code == 200
    assert stored(app) == []


def test_what_is_no_click_is_refused(app: World) -> None:
    assert send(app, b"payload=%7B").status_code == 400
    assert send(app, click(), token="nowhere").status_code == 404
    assert stored(app) == []


def test_without_a_signing_secret_nothing_is_believed(app: World) -> None:
    with app.services.database.write() as session:
        workspace = session.scalars(select(Workspace).where(Workspace.slack_hook_token.is_not(None))).one()
        workspace.sealed_slack_secret = None
    assert send(app, click(), secret="").status_code == 401
