"""What the conformance suite needs of a forum's double: a few acts of the people on it. One case for each adapter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from powerup.integrations.forums.base import Forum
from powerup.sandbox.common.faults import Faults


class ForumCase(Protocol):
    """A running double with Ada (staff, whom we act as), Ben (in the staff group "support") and customers."""

    kind: str
    url: str
    faults: Faults

    def open(self, **credentials: str) -> Forum:
        """The adapter, acting as Ada unless told otherwise."""

    def anonymous(self) -> Forum:
        """The adapter without credentials."""

    def thread(self, subject: str, text: str, *, author: str = "mei", at: datetime | None = None) -> str:
        """A customer opens a thread; returns its id."""

    def reply(self, thread_id: str, text: str, *, author: str = "mei", at: datetime | None = None) -> str:
        """Somebody answers; returns the message's id."""

    def html(self, thread_id: str, html: str) -> str:
        """A message of exactly this HTML."""

    def edit(self, message_id: str, text: str) -> None:
        """Somebody edits a message, without bumping its thread."""

    def delete(self, thread_id: str) -> None:
        """Staff delete the thread."""

    def close(self, thread_id: str) -> None:
        """Staff close the thread."""

    def thread_url(self, thread_id: str) -> str:
        """Where a person sees it."""

    def count(self, thread_id: str) -> int:
        """Messages that the double holds for the thread, internal ones too."""

    def hook(self, thread_id: str, secret: str) -> tuple[Mapping[str, str], bytes]:
        """A webhook as the forum sends it when the thread is answered; header names in lower case."""
