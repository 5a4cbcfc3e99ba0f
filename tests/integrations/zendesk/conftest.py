"""A running Zendesk double with Ada (admin), Ben (agent, in "support") and Mei (a customer), and the adapter that acts as Ada."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.integrations.zendesk.samples import SECRET

Open = Callable[..., Zendesk]


@pytest.fixture
def desk() -> Iterator[ZendeskDouble]:
    """Not started yet, so that a test can add to it; `forum` starts it."""
    double = ZendeskDouble(acting_as="ada")
    double.export_lag, double.export_limit = timedelta(0), None
    double.store.add_person("ben", "Ben", staff=True)
    double.store.add_person("mei", "Mei Lin")
    double.store.add_team("support", ["ben"])
    yield double
    double.stop()


@pytest.fixture
def opened(desk: ZendeskDouble) -> Iterator[Open]:
    """Opens the adapter as somebody, or with credentials of one's own."""
    made: list[Zendesk] = []

    def opening(username: str = "ada", *, most: int = 8_000_000, **credentials: str) -> Zendesk:
        desk.start()
        policy = HttpPolicy(1.0, 2.0, ("127.0.0.1",), retry_pause=0.001, max_bytes=most)
        config = ForumConfig(
            desk.url, credentials or desk.credentials(username), frozenset({"carla@northwind.example"}), hook_secret=SECRET
        )
        made.append(Zendesk(config, policy))
        return made[-1]

    yield opening
    for adapter in made:
        adapter.close()


@pytest.fixture
def forum(opened: Open) -> Zendesk:
    """The adapter, acting as Ada."""
    return opened()
