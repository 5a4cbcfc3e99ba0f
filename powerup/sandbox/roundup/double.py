"""A Roundup tracker on a port of its own, made from the template "classic". Threads are issues, teams are roles."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import ClassVar

from flask import Blueprint, Response

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.roundup.routes import Rest

STATUSES = ("unread", "deferred", "chatting", "need-eg", "in-progress", "testing", "done-cbb", "resolved")
"""Of the template "classic"; the first has the number 1."""
OF_STATE = {"resolved": "resolved", "closed": "done-cbb"}
_WAKES = frozenset({"unread", "resolved", "done-cbb"})
"""Statuses that any message turns into "chatting" (`detectors/statusauditor.py` of "classic")."""


class RoundupDouble(DeskDouble):
    """What can be turned: `denied` (permissions that nobody has, such as "Create msg"), and the other attributes told of below."""

    kind: ClassVar[str] = "roundup"
    label: ClassVar[str] = "Roundup"
    api_paths: ClassVar[tuple[str, ...]] = ("/rest/",)
    page_rule: ClassVar[str] = "/issue<int:number>"
    has_notes: ClassVar[bool] = False
    has_private: ClassVar[bool] = False

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # passed through
        self.denied: set[str] = set()
        self.revoked: set[str] = set()
        self.web = ""
        """Another address than its own, where the tracker's config.ini has one: other people's `Origin` is refused."""
        self.logins = 0
        """Refused logins in a row after which everybody of that name has to wait; 0: any number (2.6.0 has 4)."""
        self.refused: dict[str, int] = {}
        self.roles_shown = True
        """Whether our account may see others' roles; in "classic" only administrators may."""
        self.retired: set[int] = set()
        """Messages that were retired and hang in their issues all the same."""
        self.rule: Mapping[str, str] = {}
        """A detector: instead of a status of this name an issue gets that one."""
        self.keywords: list[str] = []
        self.statuses: tuple[str, ...] = STATUSES
        self.loose_files: dict[int, datetime] = {}
        """Files of the web form, which hang on an issue (`extra["files"]`) and on no message, and when each was made."""
        self.app.after_request(self._date)
        self.store.listeners.append(self._chatty)

    def blueprints(self) -> Sequence[Blueprint]:
        return [Rest(self).blueprint]

    def base_url(self) -> str:
        return self.url

    def credentials(self, username: str | None = None) -> dict[str, str]:
        name = username or self.acting_as
        return {"username": name, "password": self.password(name)}

    def password(self, username: str) -> str:
        """The account's password."""
        return f"{username.lower()}-password"

    def page_path(self, thread: Thread) -> str:
        return f"/issue{thread.id}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        return None

    def user_id(self, username: str) -> str:
        """Roundup's number of an account; 1 is "admin", 2 "anonymous"."""
        person = self.store.person(username)
        return str(2 + person.id) if person else "2"

    def status(self, thread: Thread) -> str:
        """The name of an issue's status."""
        kept = str(thread.extra.get("status", "unread" if len(thread.post_ids) < 2 else "chatting"))
        return OF_STATE.get(thread.state, kept)

    def set_status(self, thread: Thread, name: str) -> None:
        """Give it a status by its name."""
        thread.extra["status"] = name
        state = next((state for state, of in OF_STATE.items() if of == name), "open")
        self.store.change(thread.id, state=state)

    def keyword_id(self, name: str) -> str:
        """A keyword's number; the store's tags become keywords when they are first asked for."""
        if name not in self.keywords:
            self.keywords.append(name)
        return str(1 + self.keywords.index(name))

    def _chatty(self, event: Event, thread: Thread, post: Post | None) -> None:
        """A message wakes an issue that was unread or done. The store's own lines are none."""
        if event is Event.post_added and post is not None and not post.system and self.status(thread) in _WAKES:
            thread.state, thread.extra["status"] = "open", "chatting"

    def _date(self, answer: Response) -> Response:
        answer.headers.setdefault("Date", format_datetime(self.store.now(), usegmt=True))
        return answer
