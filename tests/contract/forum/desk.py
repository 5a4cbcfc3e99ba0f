"""The acts of a case, for every kind whose double is a `DeskDouble`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from powerup import clock
from powerup.integrations.forums.base import ForumConfig
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.store import DeskStore, Event, NewPost
from tests.contract.forum.case import HOOK_SECRET, Fault, ForumCase, Upload

STAFF = ("ada", "ben", "carla")
WRITES = ("POST", "PUT", "PATCH", "DELETE")


class DeskCase(ForumCase):
    """A case around a double; `make` gives one whose `acting_as` is Ada."""

    double: DeskDouble

    @classmethod
    def make(cls) -> DeskDouble:
        """The double, not started yet."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.double = self.make()
        self.double.start()
        self.url = self.double.url
        store = self.store
        store.person("ada").name = "Ada"  # type: ignore[union-attr]  # the double made her
        for username, name, staff in (("ben", "Ben", True), ("carla", "Carla", False), ("mei", "Mei Lin", False), ("dave", "Dave", False)):
            store.add_person(username, name, staff=staff)
        store.add_team("support", ["ben"])
        return self

    def __exit__(self, *_: object) -> None:
        self.double.stop()

    @property
    def store(self) -> DeskStore:
        """What the desk holds."""
        return self.double.store

    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        return ForumConfig(self.double.base_url(), credentials, frozenset({"Carla"}), frozenset({"support"}), HOOK_SECRET)

    def credentials(self) -> dict[str, str]:
        return self.double.credentials()

    def thread(
        self, subject: str, text: str, *, author: str = "mei", at: datetime | None = None, private: bool = False, file: Upload | None = None
    ) -> str:
        first = NewPost(author, text, at, file_ids=self._stored(file))
        return self.double.thread_key(self.store.open_thread(subject, first, private=private).id)

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
        new = NewPost(author, text, at, internal=internal, file_ids=self._stored(file))
        return self.double.post_key(self.store.add_post(self.double.thread_id(thread_id), new))

    def replies(self, thread_id: str, count: int, *, start: datetime) -> None:
        with self.store.lock:
            for number in range(1, count + 1):
                new = NewPost("mei", f"message {number}", start + timedelta(seconds=number), html=f"<p>message {number}</p>")
                self.store.add_post(self.double.thread_id(thread_id), new)

    def html(self, thread_id: str, html: str) -> str:
        return self.double.post_key(self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "x", html=html)))

    def edit(self, message_id: str, text: str) -> None:
        self.store.edit_post(self.double.post_of(message_id).id, text)

    def delete_message(self, message_id: str) -> None:
        self.store.delete_post(self.double.post_of(message_id).id)

    def delete(self, thread_id: str) -> None:
        self.store.delete_thread(self.double.thread_id(thread_id))

    def close(self, thread_id: str) -> None:
        self.store.change(self.double.thread_id(thread_id), state="closed")

    def merge(self, thread_id: str, into: str) -> None:
        self.store.merge(self.double.thread_id(thread_id), self.double.thread_id(into))

    def thread_url(self, thread_id: str) -> str:
        return self.double.thread_url(self.double.thread_id(thread_id))

    def count(self, thread_id: str) -> int:
        return sum(not post.system for post in self.store.posts_of(self.double.thread_id(thread_id)))

    def hook(self, thread_id: str, secret: str) -> tuple[Mapping[str, str], bytes]:
        thread = self.store.threads[self.double.thread_id(thread_id)]
        post = self.store.posts_of(thread.id)[-1]
        message = self.double.hook(Event.post_added, thread, post, secret)
        if message is None:
            raise AssertionError("this kind sends no webhook for an answer")
        return {name.lower(): value for name, value in message.headers.items()}, message.body

    def fault(self, fault: Fault, *, writes_only: bool = False) -> None:
        plans: dict[Fault, FaultPlan] = {
            Fault.server_error: FaultPlan(fail_every=1, status=500),
            Fault.html: FaultPlan(body="html"),
            Fault.truncated: FaultPlan(body="truncated"),
            Fault.cut_off: FaultPlan(body="cut_off"),
            Fault.lost_answer: FaultPlan(lose_answer_every=1),
            Fault.silent: FaultPlan(delay_seconds=30),
            Fault.drip: FaultPlan(drip_seconds=0.5),
            Fault.rate_limited: FaultPlan(fail_every=1, **self.refusal()),
            Fault.forbidden: FaultPlan(fail_every=1, status=403),
            Fault.gone: FaultPlan(fail_every=1, status=404),
            Fault.removed: FaultPlan(fail_every=1, status=410),
            Fault.redirected: FaultPlan(fail_every=1, status=302, headers={"Location": f"{self.elsewhere}/"}),
        }
        plan = plans[fault]
        self.double.faults.set(plan.model_copy(update={"methods": WRITES}) if writes_only else plan)

    def well(self) -> None:
        self.double.faults.clear()

    def person(self, username: str, email: str, *, verified: bool) -> None:
        self.store.add_person(username, email=email, email_verified=verified)

    def skew(self, ahead: timedelta) -> None:
        self.store.now = lambda: clock.now() + ahead

    def requests(self) -> int | None:
        return self.double.faults.requests.count()

    def _stored(self, file: Upload | None) -> tuple[int, ...]:
        return (self.store.add_file(file.name, file.content_type, file.body).id,) if file else ()
