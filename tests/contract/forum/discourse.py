"""The Discourse adapter against the sandbox's forum."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from powerup.integrations.forums.base import Forum, ForumConfig
from powerup.integrations.forums.registry import open_forum
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.store import NewPost, NewTopic

HOOK_SECRET = "a-hook-secret"


class DiscourseCase:
    """See ForumCase."""

    kind = "discourse"

    def __init__(self, double: DiscourseDouble) -> None:
        self.double = double
        self.url, self.faults = double.url, double.faults
        store = double.store
        store.options = store.options.model_copy(update={"min_post_length": 1, "unique_posts_minutes": 0})
        store.add_user("ada", "Ada", admin=True)
        store.add_user("ben", "Ben")
        store.add_user("mei", "Mei Lin")
        store.add_group("support", ["ben"])

    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        return ForumConfig(self.url, credentials, frozenset({"Carla"}), frozenset({"support"}), HOOK_SECRET)

    def open(self, **credentials: str) -> Forum:
        return self._opened({"api_key": self.double.api_key, "api_username": "ada", **credentials})

    def anonymous(self) -> Forum:
        return self._opened({})

    def thread(self, subject: str, text: str, *, author: str = "mei", at: datetime | None = None) -> str:
        return str(self.double.store.add_topic(NewTopic(subject, NewPost(author, text, at=at))).id)

    def reply(self, thread_id: str, text: str, *, author: str = "mei", at: datetime | None = None) -> str:
        return str(self.double.store.add_post(int(thread_id), NewPost(author, text, at=at)).id)

    def html(self, thread_id: str, html: str) -> str:
        return str(self.double.store.add_post(int(thread_id), NewPost("mei", "x", cooked=html)).id)

    def edit(self, message_id: str, text: str) -> None:
        self.double.store.edit_post(int(message_id), text)

    def delete(self, thread_id: str) -> None:
        self.double.store.delete_topic(int(thread_id))

    def close(self, thread_id: str) -> None:
        self.double.store.rows.topics[int(thread_id)].closed = True

    def thread_url(self, thread_id: str) -> str:
        return self.double.topic_url(int(thread_id))

    def count(self, thread_id: str) -> int:
        return len(self.double.store.rows.topics[int(thread_id)].post_ids)

    def hook(self, thread_id: str, secret: str) -> tuple[Mapping[str, str], bytes]:
        body = json.dumps({"post": {"id": 7, "topic_id": int(thread_id), "post_number": 2}}).encode()
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-discourse-event-type": "post", "x-discourse-event": "post_created", "x-discourse-event-id": "31"}
        return {**headers, "x-discourse-event-signature": signature}, body

    def _opened(self, credentials: Mapping[str, str]) -> Forum:
        policy = HttpPolicy(1.0, 2.0, (self.url.removeprefix("http://"),), retry_pause=0.001)
        return open_forum(self.kind, self.config(credentials), policy)
