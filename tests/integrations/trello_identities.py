"""A Trello that signs identities, and ways to sign others, shared by the tests of who looks."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from powerup.errors import UnauthenticatedError
from powerup.integrations.http import HttpPolicy
from powerup.integrations.trello.client import open_http
from powerup.integrations.trello.identity import TrelloKeys
from tests.cast import ADA
from tests.sandbox.trello_world import World, world

POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1", "localhost"), retry_pause=0.01)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BOARD = "6560a1b2c3d4e5f600000001"


@pytest.fixture(name="trello", scope="module")
def a_trello() -> Iterator[World]:
    with world() as running:
        yield running


@pytest.fixture(name="keys")
def its_keys(trello: World) -> Iterator[TrelloKeys]:
    trello.trello.reset()
    with open_http(POLICY) as http:
        yield TrelloKeys(http, f"{trello.url}/1")


def plugin(running: World) -> str:
    return running.trello.options.power_up.id


def signed(
    running: World, at: datetime = NOW, *, member: str = ADA.trello_id, board: str = BOARD, plugin_id: str = "", **claims: Any
) -> str:
    return running.trello.keys.sign(plugin_id=plugin_id or plugin(running), board_id=board, member_id=member, state="", at=at, **claims)


def asked(running: World) -> int:
    return running.trello.faults.requests.count(path="jwt-public-keys")


def refused(keys: TrelloKeys, running: World, token: str, now: datetime = NOW) -> UnauthenticatedError:
    with pytest.raises(UnauthenticatedError) as caught:
        keys.verify(token, plugin_id=plugin(running), now=now)
    return caught.value


def payload(running: World) -> dict[str, Any]:
    return dict(jwt.decode(signed(running), options={"verify_signature": False}))


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
