"""The Discourse adapter against the sandbox's forum."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from powerup import clock
from powerup.integrations.forums.base import ForumConfig
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse import workflow
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.hooks import message_of
from powerup.sandbox.discourse.models import PostType
from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.contract.forum.case import HOOK_SECRET, Fault, ForumCase, Upload

WRITES = ("POST", "PUT", "DELETE")


class DiscourseCase(ForumCase):
    """A site with the Assign and Solved plug-ins and the group inbox "support"."""

    kind = "discourse"
    listed = 30

    def __enter__(self) -> Self:
        self.double = DiscourseDouble().start()
        self.url, self.store = self.double.url, self.double.store
        self.store.options = self.store.options.model_copy(update={"min_post_length": 1, "unique_posts_minutes": 0})
        self.store.add_user("ada", "Ada", admin=True)
        for username, name in (("ben", "Ben"), ("carla", "Carla"), ("mei", "Mei Lin"), ("dave", "Dave")):
            self.store.add_user(username, name)
        self.store.add_group("support", ["ben"])
        return self

    def __exit__(self, *_: object) -> None:
        self.double.stop()

    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        return ForumConfig(self.url, credentials, frozenset({"Carla"}), frozenset({"support"}), HOOK_SECRET)

    def credentials(self) -> dict[str, str]:
        return {"api_key": self.double.api_key, "api_username": "ada", "inboxes": "support", "emails": "yes"}

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "api_key": "wrong"}

    def revoke(self) -> None:
        with self.store.lock:
            self.store.rows.keys.clear()

    def thread(
        self, subject: str, text: str, *, author: str = "mei", at: datetime | None = None, private: bool = False, file: Upload | None = None
    ) -> str:
        first = NewPost(author, self._with(text, file), at=at)
        kind = {"archetype": "private_message", "allowed_groups": ("support",)} if private else {}
        return str(self.store.add_topic(NewTopic(subject, first, **kind)).id)  # type: ignore[arg-type]

    def reply(
        self,
        thread_id: str,
        text: str,
        *,
        author: str = "mei",
        at: datetime | None = None,
        internal: bool = False,
        file: Upload | None = None,
    ) -> str:
        kind = PostType.whisper if internal else PostType.regular
        return str(self.store.add_post(int(thread_id), NewPost(author, self._with(text, file), at=at, type=kind)).id)

    def replies(self, thread_id: str, count: int, *, start: datetime) -> None:
        with self.store.lock:
            for number in range(1, count + 1):
                text, at = f"message {number}", start + timedelta(seconds=number)
                self.store.add_post(int(thread_id), NewPost("mei", text, cooked=f"<p>{text}</p>", at=at))

    def html(self, thread_id: str, html: str) -> str:
        return str(self.store.add_post(int(thread_id), NewPost("mei", "x", cooked=html)).id)

    def picture(self, thread_id: str, file: Upload) -> str:
        path = self.store.add_file(f"default/original/1X/{file.name}", file.content_type, file.body)
        return self.html(thread_id, f'<p>See <img src="{path}" alt="{file.name}" width="2" height="2"> here.</p>')

    def edit(self, message_id: str, text: str) -> None:
        self.store.edit_post(int(message_id), text)

    def delete_message(self, message_id: str) -> None:
        self.store.delete_post(int(message_id))

    def delete(self, thread_id: str) -> None:
        self.store.delete_topic(int(thread_id))

    def close(self, thread_id: str) -> None:
        self.store.rows.topics[int(thread_id)].closed = True

    def merge(self, thread_id: str, into: str) -> None:
        with self.store.lock:
            source, target = (self.store.rows.topics[int(one)] for one in (thread_id, into))
            workflow.move(self.store, source, [self.store.rows.posts[one] for one in source.post_ids], target, "ada")

    def thread_url(self, thread_id: str) -> str:
        return self.double.topic_url(int(thread_id))

    def count(self, thread_id: str) -> int:
        with self.store.lock:
            posts = [self.store.rows.posts[number] for number in self.store.rows.topics[int(thread_id)].post_ids]
            return sum(post.action_code is None for post in posts)

    def hook(self, thread_id: str, secret: str) -> tuple[Mapping[str, str], bytes]:
        with self.store.lock:
            topic = self.store.rows.topics[int(thread_id)]
            post = self.store.rows.posts[topic.post_ids[-1]]
        headers, body = message_of(self.store, "post", "post_created", topic, post, event_id=post.id, secret=secret)
        return {name.lower(): value for name, value in headers.items()}, body

    def fault(self, fault: Fault, *, writes_only: bool = False) -> None:
        plans: dict[Fault, FaultPlan] = {
            Fault.server_error: FaultPlan(fail_every=1, status=500),
            Fault.html: FaultPlan(body="html"),
            Fault.truncated: FaultPlan(body="truncated"),
            Fault.cut_off: FaultPlan(body="cut_off"),
            Fault.lost_answer: FaultPlan(lose_answer_every=1),
            Fault.silent: FaultPlan(delay_seconds=30),
            Fault.drip: FaultPlan(drip_seconds=0.5),
            Fault.rate_limited: FaultPlan(
                fail_every=1,
                status=429,
                retry_after=7,
                headers={"Discourse-Rate-Limit-Error-Code": "admin_api_key_rate_limit"},
                answer={"errors": ["Wait 7 seconds."], "error_type": "rate_limit", "extras": {"wait_seconds": 7}},
            ),
            Fault.forbidden: FaultPlan(
                fail_every=1,
                status=403,
                answer={"errors": ["You are not permitted to view the requested resource."], "error_type": "invalid_access"},
            ),
            Fault.gone: FaultPlan(fail_every=1, status=404, answer={"errors": ["It is not there."], "error_type": "not_found"}),
            Fault.removed: FaultPlan(fail_every=1, status=410, answer={"errors": ["It was deleted."], "error_type": "not_found"}),
            Fault.redirected: FaultPlan(fail_every=1, status=302, headers={"Location": f"{self.elsewhere}/"}),
        }
        plan = plans[fault]
        self.double.faults.set(plan.model_copy(update={"methods": WRITES}) if writes_only else plan)

    def well(self) -> None:
        self.double.faults.clear()

    def person(self, username: str, email: str, *, verified: bool) -> None:
        with self.store.lock:
            user = self.store.add_user(username)
            user.email, user.active = email, verified

    def skew(self, ahead: timedelta) -> None:
        self.store.now = lambda: clock.now() + ahead

    def requests(self) -> int | None:
        return self.double.faults.requests.count()

    def _with(self, text: str, file: Upload | None) -> str:
        """The text and, as Discourse writes it in Markdown, the upload below it."""
        if file is None:
            return text
        url = self.store.add_upload(file.name, file.content_type, file.body)
        return f"{text}\n\n[{file.name}|attachment]({url}) ({len(file.body)} Bytes)"
