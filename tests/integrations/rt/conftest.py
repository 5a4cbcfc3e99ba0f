"""A double with Ada (whom we act as), Ben and Mei, and the adapter on it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.rt import Rt
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.rt.double import RtDouble

POLICY = HttpPolicy(1.0, 2.0, ("127.0.0.1",), retry_pause=0.001)


@pytest.fixture
def double() -> Iterator[RtDouble]:
    """Running, with the queue "support"."""
    with RtDouble(acting_as="ada") as made:
        made.store.add_person("ben", "Ben", staff=True)
        made.store.add_person("mei", "Mei Lin")
        made.store.add_team("support", ["ben"])
        yield made


@pytest.fixture
def config(double: RtDouble) -> ForumConfig:
    """As an admin would enter it."""
    return ForumConfig(double.base_url(), double.credentials())


@pytest.fixture
def forum(config: ForumConfig) -> Iterator[Rt]:
    """The adapter, acting as Ada."""
    with Rt(config, POLICY) as opened:
        yield opened


@pytest.fixture
def bare(config: ForumConfig) -> Iterator[Rt]:
    """The adapter with nothing but its token."""
    with Rt(replace(config, credentials={"token": config.credentials["token"]}), POLICY) as opened:
        yield opened


def asked(double: RtDouble, text: str = "Text.", *, subject: str = "Question", **given: object) -> str:
    """A ticket of Mei's."""
    return double.thread_key(double.store.open_thread(subject, NewPost("mei", text, **given)).id)  # type: ignore[arg-type]


def answered(double: RtDouble, thread_id: str, text: str = "Answer.", *, by: str = "ben", **given: object) -> str:
    """A message in it."""
    return double.post_key(double.store.add_post(int(thread_id), NewPost(by, text, **given)))  # type: ignore[arg-type]
