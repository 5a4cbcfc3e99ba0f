"""The double: accounts and tokens, categories, switches for what a NodeBB does that surprises."""

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from flask import Blueprint

from powerup import clock
from powerup.sandbox.common.slugs import slug_of
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Person, Post, StoredFile, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.nodebb import hook_bodies, routes_read, routes_write
from powerup.sandbox.nodebb.options import PRIVATE_CID, Options, Queued

_CATEGORIES = ("Announcements", "General Discussion", "Blogs", "Comments & Feedback")
"""Those of a fresh installation, numbered from 1."""
_DEFAULT_CATEGORY = "General Discussion"
_PRIVATE_CATEGORY = "Customer cases"
_SPACE = uuid.UUID("5d3b7f6e-5a43-4bb4-9d0c-7f0f3a7e1c11")


class NodeBBDouble(DeskDouble):
    """See DeskDouble. Staff are global moderators, unless `moderators` names fewer."""

    kind: ClassVar[str] = "nodebb"
    label: ClassVar[str] = "NodeBB"
    api_paths: ClassVar[tuple[str, ...]] = ("/api/", "/assets/uploads/")
    page_rule: ClassVar[str] = "/topic/<int:number>/<slug>"
    has_notes: ClassVar[bool] = False
    has_persons: ClassVar[bool] = False
    master_token: ClassVar[str] = str(uuid.uuid5(_SPACE, "(master)"))
    """Acts as whoever `_uid` names."""

    def __init__(self, *, acting_as: str = "northwind", now: Callable[[], datetime] = clock.now) -> None:
        self.options = Options()
        self.moderators: set[str] | None = None
        """Lower-case usernames; None: all staff."""
        self.refused: set[str] = set()
        """Tokens that were withdrawn."""
        self.queue: list[Queued] = []
        self._cids = {name: number for number, name in enumerate(_CATEGORIES, 1)}
        self._before: dict[int, str] = {}
        super().__init__(acting_as=acting_as, now=now)
        # After the sender of webhooks: what it sends depends on how things stood before.
        self.store.listeners.append(self._remember)

    def blueprints(self) -> Sequence[Blueprint]:
        return (routes_read.blueprint(self), routes_write.blueprint(self))

    def base_url(self) -> str:
        return self.url

    def credentials(self, username: str | None = None) -> dict[str, str]:
        return {"token": self.token(username or self.acting_as), "private_categories": str(PRIVATE_CID)}

    def page_path(self, thread: Thread) -> str:
        return f"/topic/{thread.id}/{slug_of(thread.subject)}"

    def address_of(self, thread_id: int, home: str) -> str:
        thread = self.store.threads[thread_id]
        return f"{self.url}/topic/{thread_id}" if thread.private else self.thread_url(thread_id)

    def file_path(self, file: StoredFile) -> str:
        return f"/assets/uploads/files/{1_795_000_000_000 + file.id}-{quote(file.name)}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        return hook_bodies.hook(self, event, thread, post, secret, before=self._before.get(thread.id, "open"))

    # ---- who may what

    def token(self, username: str) -> str:
        """The API token of an account."""
        return str(uuid.uuid5(_SPACE, username.lower()))

    def person_of(self, token: str) -> Person | None:
        """Whose token it is; None when it is nobody's, or was withdrawn."""
        return next((one for key, one in self.store.people.items() if self.token(key) == token and token not in self.refused), None)

    def person_number(self, uid: int) -> Person | None:
        """The account of a number."""
        return next((one for one in self.store.people.values() if one.id == uid), None)

    def moderates(self, person: Person | None) -> bool:
        """Whether the account is a global moderator."""
        return person is not None and person.staff and (self.moderators is None or person.username.lower() in self.moderators)

    def may_read(self, person: Person | None, thread: Thread) -> bool:
        """Guests and members read all but the private category and what is deleted."""
        if person is None and not self.options.guests_read:
            return False
        if (thread.deleted_at or thread.merged_into) and not self.moderates(person):
            return False
        return not thread.private or (person is not None and (person.staff or person.username.lower() == thread.username.lower()))

    # ---- categories

    def cid_of(self, thread: Thread) -> int:
        """The number of a thread's category."""
        if thread.private:
            return PRIVATE_CID
        return self._cids.setdefault(thread.category or _DEFAULT_CATEGORY, len(self._cids) + 1)

    def categories(self) -> dict[int, str]:
        """Number and name of each, those without a thread too."""
        for thread in self.store.threads.values():
            self.cid_of(thread)
        return {**{number: name for name, number in self._cids.items()}, PRIVATE_CID: _PRIVATE_CATEGORY}

    # ---- acts of moderators

    def approve(self, number: str) -> None:
        """A moderator lets a waiting message through."""
        waiting = next(one for one in self.queue if one.id == number)
        self.queue.remove(waiting)
        routes_write.add_post(self, waiting.thread_id, waiting.username, waiting.text)

    def file_named(self, name: str) -> StoredFile | None:
        """An upload by the last part of its path."""
        found = re.match(r"(\d+)-", name)
        return self.store.files.get(int(found[1]) - 1_795_000_000_000) if found else None

    def _remember(self, event: Event, thread: Thread, post: Post | None) -> None:
        self._before[thread.id] = thread.state
