"""The forum double in one object: store, webhooks and server.

with DiscourseDouble() as forum:            # a free port of 127.0.0.1
    forum.store.add_topic(NewTopic("Hello there", NewPost("mei", "My step fails.")))
    requests.get(forum.url + "/latest.json", headers=forum.headers("ada"))
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Self

from powerup import clock
from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.discourse.app import create_app
from powerup.sandbox.discourse.hooks import WAITS, HookSender
from powerup.sandbox.discourse.store import ADMIN_KEY, ForumStore


class DiscourseDouble:
    """A running forum. `store` is empty but for the account `system`; `faults` and `hooks` are there to be turned."""

    kind: ClassVar[str] = "discourse"
    label: ClassVar[str] = "Discourse"

    def __init__(self, port: int = 0, *, now: Callable[[], datetime] = clock.now, hook_waits: Sequence[float] = WAITS) -> None:
        self.store = ForumStore(now=now)
        self.hooks = HookSender(self.store, waits=hook_waits)
        self.app, self.faults = create_app(self.store, self.hooks)
        self._server = ThreadedServer(self.app, port)
        self.url = self.store.base_url = self._server.url
        self.api_key = ADMIN_KEY

    def headers(self, username: str) -> dict[str, str]:
        """Headers that speak as `username`."""
        return {"Api-Key": self.api_key, "Api-Username": username}

    def topic_url(self, topic_id: int) -> str:
        """Where a person sees the topic."""
        return f"{self.url}/t/{self.store.rows.topics[topic_id].slug}/{topic_id}"

    def address_of(self, topic_id: int, home: str) -> str:
        """The topic's address as the adapter gives it."""
        return self.topic_url(topic_id)

    def connection(self) -> dict[str, Any]:
        """What an admin enters to connect this forum, as `POST /api/v1/forums` takes it; the webhook's secret comes from the caller."""
        return {
            "kind": self.kind,
            "name": "Northwind Community",
            "base_url": self.url,
            "credentials": {"api_key": self.api_key, "api_username": "northwind", "inboxes": "support"},
        }

    def register_hook(self, url: str, secret: str) -> None:
        """Send webhooks there from now on."""
        self.hooks.register(url, secret)

    def start(self) -> Self:
        """Begin to answer and to send webhooks."""
        self.hooks.start()
        self._server.start()
        return self

    def stop(self) -> None:
        """End both."""
        self._server.stop()
        self.hooks.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
