"""A running Trello and a client for it, shared by the tests of the client."""

from collections.abc import Iterator

import pytest

from powerup.integrations.http import HttpPolicy
from powerup.integrations.trello.client import TrelloClient, open_http
from tests.cast import ADA
from tests.sandbox.trello_world import World, world

POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1",), retry_pause=0.01)
TICKET = "https://forum.test/t/runs-fail/12"


@pytest.fixture(name="trello_world")
def a_trello_world() -> Iterator[World]:
    with world() as running:
        yield running


@pytest.fixture(name="ada")
def the_client_of_ada(trello_world: World) -> Iterator[TrelloClient]:
    yield from client_of(trello_world, trello_world.token(ADA))


def client_of(running: World, token: str, policy: HttpPolicy = POLICY) -> Iterator[TrelloClient]:
    with open_http(policy) as http:
        yield TrelloClient(http, f"{running.url}/1", running.trello.options.power_up.api_key, token)
