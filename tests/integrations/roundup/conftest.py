"""A double with Ada (whom we act as), Ben and Mei, and the adapter on it."""

from collections.abc import Iterator

import pytest

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.roundup import Roundup
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.roundup.double import RoundupDouble

POLICY = HttpPolicy(1.0, 2.0, ("127.0.0.1",), retry_pause=0.001)


@pytest.fixture
def double() -> Iterator[RoundupDouble]:
    """Running, with the role "Support"."""
    with RoundupDouble(acting_as="ada") as made:
        made.store.add_person("ben", "Ben", staff=True)
        made.store.add_person("mei", "Mei Lin")
        made.store.add_team("support", ["ben"])
        yield made


@pytest.fixture
def config(double: RoundupDouble) -> ForumConfig:
    """As an admin would enter it."""
    return ForumConfig(double.base_url(), double.credentials(), staff_groups=frozenset({"Support"}))


@pytest.fixture
def forum(config: ForumConfig) -> Iterator[Roundup]:
    """The adapter, acting as Ada."""
    with Roundup(config, POLICY) as opened:
        yield opened


def asked(double: RoundupDouble, text: str = "Text.", *, subject: str = "Question", **given: object) -> str:
    """An issue of Mei's."""
    return double.thread_key(double.store.open_thread(subject, NewPost("mei", text, **given)).id)  # type: ignore[arg-type]


def answered(double: RoundupDouble, thread_id: str, text: str = "Answer.", *, by: str = "ben", **given: object) -> str:
    """A message in it."""
    return double.post_key(double.store.add_post(int(thread_id), NewPost(by, text, **given)))  # type: ignore[arg-type]
