"""A help desk on a port of its own: store, vendor's API, pages for people, webhooks, switches.

A kind is a subclass: it brings the blueprints of the vendor's API, names things as the vendor does, and writes its webhooks.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from flask import Blueprint, Flask

from powerup import clock
from powerup.sandbox.common.faults import Faults
from powerup.sandbox.common.server import Served
from powerup.sandbox.desk import pages
from powerup.sandbox.desk.hooks import HookSender, Message
from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import DeskStore, Event


class DeskDouble(Served, ABC):
    """`store` is empty but for `acting_as`; `faults` and `hooks` are there to be turned."""

    kind: ClassVar[str]
    label: ClassVar[str]
    """As people call this kind of desk."""
    api_paths: ClassVar[tuple[str, ...]]
    """What the API's paths begin with; only they suffer faults."""
    page_rule: ClassVar[str]
    """Flask rule of a thread's page for people, with `<int:number>` for the thread's id in the store."""
    has_notes: ClassVar[bool] = True
    """Whether staff can write what customers do not see."""
    has_private: ClassVar[bool] = True
    """Whether a thread can be hidden from other customers."""
    has_persons: ClassVar[bool] = True
    """Whether a thread can be assigned to a person."""

    def __init__(self, *, acting_as: str = "northwind", now: Callable[[], datetime] = clock.now) -> None:
        super().__init__()
        self.acting_as = acting_as
        """Username of the account whose credentials `credentials` gives."""
        self.store = DeskStore(now=now)
        self.store.add_person(self.acting_as, "Northwind Support", email="support@northwind.example", staff=True)
        self.hooks = HookSender(self.store, self.hook)
        self.app = Flask(self.__class__.__module__, static_folder=None)
        self.app.json.sort_keys = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
        for blueprint in self.blueprints():
            self.app.register_blueprint(blueprint)
        pages.install(self.app, self)
        self.faults = Faults.install(self.app, api=self.api_paths)

    # ---- what a kind says

    @abstractmethod
    def blueprints(self) -> Sequence[Blueprint]:
        """The vendor's API. Called once, while the double is made: `self.store` is there, `self.url` not yet."""

    @abstractmethod
    def base_url(self) -> str:
        """What an admin enters as the forum's address."""

    @abstractmethod
    def credentials(self, username: str | None = None) -> dict[str, str]:
        """What an admin enters to act as this account (`acting_as` unless named), by the adapter's `credential_fields`."""

    @abstractmethod
    def page_path(self, thread: Thread) -> str:
        """Where a person sees the thread; matches `page_rule`."""

    @abstractmethod
    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        """The webhook that this kind sends for an event, or None."""

    def thread_key(self, thread_id: int) -> str:
        """The id by which the adapter knows a thread of the store."""
        return str(thread_id)

    def thread_id(self, key: str) -> int:
        """The reverse of `thread_key`."""
        return int(key)

    def post_key(self, post: Post) -> str:
        """The id by which the adapter knows a message of the store."""
        return str(post.id)

    def post_of(self, key: str) -> Post:
        """The reverse of `post_key`."""
        with self.store.lock:
            return next(post for post in self.store.posts.values() if self.post_key(post) == key)

    def connection(self) -> dict[str, Any]:
        """What an admin enters to connect this desk, as `POST /api/v1/forums` takes it; the secret comes from the caller."""
        return {"kind": self.kind, "name": self.label, "base_url": self.base_url(), "credentials": self.credentials()}

    def address_of(self, thread_id: int, home: str) -> str:
        """The thread's address as the adapter gives it; `home` is Closeloop's own base URL, for kinds without pages of their own."""
        return self.thread_url(thread_id)

    def servers(self) -> Sequence[str]:
        """Further addresses of this desk that Closeloop talks to, such as `imap://127.0.0.1:1143`."""
        return ()

    def file_path(self, file: StoredFile) -> str:
        """Where an upload lies, as it stands in a message's HTML."""
        return f"/sandbox/files/{file.id}/{quote(file.name)}"

    # ---- what all have

    def register_hook(self, url: str, secret: str) -> None:
        """Send webhooks there from now on."""
        self.hooks.register(url, secret)

    def thread_url(self, thread_id: int) -> str:
        """Where a person sees the thread."""
        return self.url + self.page_path(self.store.threads[thread_id])

    def _started(self, url: str) -> None:
        self.hooks.start()

    def _stopping(self) -> None:
        self.hooks.stop()
