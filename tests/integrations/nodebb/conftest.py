"""A NodeBB with Ada (who moderates), Ben (staff), and customers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.nodebb import NodeBB
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.nodebb import NodeBBDouble, post_json, topic_json

SECRET = "a secret"


class Desk:
    """The double, and adapters that talk to it."""

    def __init__(self, double: NodeBBDouble) -> None:
        self.double = double
        self.store = double.store
        self.opened: list[NodeBB] = []

    def forum(self, username: str = "ada", **credentials: str) -> NodeBB:
        """The adapter, acting as this account."""
        given = {**self.double.credentials(username), **credentials}
        config = ForumConfig(self.double.url, given, frozenset({"Carla"}), frozenset({"support"}), SECRET)
        forum = NodeBB(config, HttpPolicy(1.0, 2.0, ("127.0.0.1",), retry_pause=0.001))
        self.opened.append(forum)
        return forum

    def thread(self, subject: str = "It fails", text: str = "Since yesterday.", **values: Any) -> str:
        """Mei opens a thread."""
        return str(self.store.open_thread(subject, NewPost("mei", text), **values).id)

    def reply(self, thread_id: str, text: str, author: str = "mei", **values: Any) -> str:
        """Somebody answers; returns the message's id."""
        return str(self.store.add_post(int(thread_id), NewPost(author, text, **values)).id)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with NodeBBDouble(acting_as="ada") as double:
        for name in ("ben", "carla", "mei", "dave"):
            double.store.add_person(name, staff=name == "ben")
        double.store.add_team("support", ["ben"])
        made = Desk(double)
        yield made
        for forum in made.opened:
            forum.close()


@pytest.fixture
def forum(desk: Desk) -> NodeBB:
    return desk.forum()


@pytest.fixture
def patched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[Any], Any]], None]:
    """Change what one function of the double's JSON gives, as another version or a plug-in would."""

    def patch(name: str, change: Callable[[Any], Any]) -> None:
        module = post_json if name == "shown_post" else topic_json
        before = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args: change(before(*args)))

    return patch
