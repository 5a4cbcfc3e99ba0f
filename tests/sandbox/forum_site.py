"""A running forum double and short ways to ask it, for the tests of the double."""

from types import TracebackType
from typing import Any, Self

import requests

from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.models import Post, PostType, Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic

Json = dict[str, Any]


class Site:
    """The double with staff `ada` (admin) and `ben` (moderator) and the customer `mei`."""

    def __init__(self, **values: Any) -> None:
        self.forum = DiscourseDouble(**values)
        self.store = self.forum.store
        self.store.add_user("ada", "Ada", admin=True)
        self.store.add_user("ben", "Ben", moderator=True)
        self.store.add_user("mei", "Mei")
        self.session = requests.Session()
        self.session.trust_env = False

    def topic(self, title: str = "My step fails", raw: str = "It stops after ten minutes, every time.", *, posts: int = 0) -> Topic:
        """A topic by mei with `posts` further posts."""
        topic = self.store.add_topic(NewTopic(title, NewPost("mei", raw)))
        for number in range(posts):
            self.store.add_post(topic.id, NewPost("mei", f"More words about it, part {number}."))
        return topic

    def whisper(self, topic: Topic, raw: str = "Nobody outside may read this.") -> Post:
        """A staff note on `topic`."""
        return self.store.add_post(topic.id, NewPost("ben", raw, type=PostType.whisper))

    def ask(self, method: str, path: str, as_: str | None = None, **values: Any) -> requests.Response:
        """Call the API as `as_` (None: anonymous); redirects are not followed."""
        headers = {**(self.forum.headers(as_) if as_ else {}), **values.pop("headers", {})}
        return self.session.request(method, self.forum.url + path, headers=headers, timeout=10, allow_redirects=False, **values)

    def get(self, path: str, as_: str | None = None, **values: Any) -> Any:
        """The JSON of a successful GET."""
        answer = self.ask("GET", path, as_, **values)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()

    def switch(self, **options: Any) -> None:
        """Turn `/sandbox/options`."""
        answer = self.ask("PUT", "/sandbox/options", json=options)
        assert answer.status_code == 200, answer.text

    def __enter__(self) -> Self:
        self.forum.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.session.close()
        self.forum.stop()
