"""What the conformance suite needs of a forum's double: a few acts of the people on it, and ways to break it. One case for each kind.

Every case has Ada (staff, whom we act as), Ben (staff, in the team "support"), Carla (staff by configuration only) and the customers
Mei, Dave and whoever else writes. Times given to an act are the vendor's own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from powerup.integrations.forums.base import Forum, ForumConfig
from powerup.integrations.forums.registry import open_forum
from powerup.integrations.http import HttpPolicy

HOOK_SECRET = "a-hook-secret"


class Act(StrEnum):
    """What people can do on some forums and not on others."""

    read_anonymously = "read_anonymously"
    reply_internally = "reply_internally"
    edit = "edit"
    edit_is_listed = "edit_is_listed"
    """A listing shows that a message was edited; elsewhere a webhook or the next message does."""
    close = "close"
    close_is_listed = "close_is_listed"
    delete_message = "delete_message"
    delete = "delete"
    merge = "merge"
    attach = "attach"
    html = "html"
    """A message of exactly this HTML can come about."""
    inline_image = "inline_image"
    staff_opens = "staff_opens"
    """Staff can open a thread as a customer does."""
    private = "private"
    hook = "hook"
    sign_hook = "sign_hook"
    equal_times = "equal_times"
    """Several threads can have changed in the very same moment."""
    verify_email = "verify_email"
    set_times = "set_times"
    """A double lets us say when things happened; a real server does not."""


class Fault(StrEnum):
    """What can go wrong between us and a forum."""

    server_error = "server_error"
    """500, or its like."""
    html = "html"
    """A web page where data was expected."""
    truncated = "truncated"
    """Data that ends too early, in an answer that is whole."""
    cut_off = "cut_off"
    """The connection breaks in the middle of an answer."""
    lost_answer = "lost_answer"
    """Carried out, and the answer is lost."""
    silent = "silent"
    """No answer comes."""
    drip = "drip"
    """One byte at a time."""
    rate_limited = "rate_limited"
    """With the vendor's own status, headers and body; asks to wait 7 seconds where the vendor can say so."""
    forbidden = "forbidden"
    gone = "gone"
    """404."""
    removed = "removed"
    """410, which some forums say of what was deleted."""
    redirected = "redirected"
    """To another host, where no credential may go."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a message."""

    name: str
    content_type: str
    body: bytes = field(repr=False)


class ForumCase(ABC):
    """A running forum with its people; a context manager. Subclasses say what their system does not have."""

    kind: ClassVar[str]
    name: ClassVar[str] = ""
    """How it is called in a test's name, where a kind has several; "": by its kind."""
    cannot: ClassVar[Mapping[Act, str]] = {}
    """Acts that no person can do on this kind of forum -> why; the tests of these are not collected for it."""
    no_fault: ClassVar[Mapping[Fault, str]] = {}
    """Faults that cannot happen there -> why."""
    page: ClassVar[int] = 20
    """Messages that the vendor hands out at once: the suite works around its borders."""
    listed: ClassVar[int] = 0
    """Threads that a listing hands out at once; 0: as many as messages."""
    url: str
    """Where the forum's pages and files live."""
    elsewhere: str = "http://elsewhere.example.org"
    """Another host, to which `Fault.redirected` points."""
    tag = "billing"
    """A tag that the forum takes."""
    waits: ClassVar[float | None] = 7
    """Seconds that the adapter understands from `Fault.rate_limited`; None: this vendor does not say."""
    marker_shows: ClassVar[str] = ""
    """Why customers can see our marker in a message; "": they cannot."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        """Address, credentials, Carla and the team "support" as staff, HOOK_SECRET."""

    @abstractmethod
    def credentials(self) -> dict[str, str]:
        """Ada's."""

    @abstractmethod
    def wrong_credentials(self) -> dict[str, str]:
        """Like Ada's, with "wrong" as the secret."""

    @abstractmethod
    def revoke(self) -> None:
        """From now on the forum refuses Ada's credentials, as this vendor does it when a key was withdrawn."""

    @abstractmethod
    def thread(
        self, subject: str, text: str, *, author: str = "mei", at: datetime | None = None, private: bool = False, file: Upload | None = None
    ) -> str:
        """A customer opens a thread; returns its id."""

    @abstractmethod
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
        """Somebody answers; returns the message's id as the adapter knows it."""

    def replies(self, thread_id: str, count: int, *, start: datetime) -> None:
        """Many answers of Mei's, "message 1" to "message {count}", a second apart; quicker where the double can be filled at once."""
        for number in range(1, count + 1):
            self.reply(thread_id, f"message {number}", at=start + timedelta(seconds=number))

    @abstractmethod
    def html(self, thread_id: str, html: str) -> str:
        """A message of exactly this HTML."""

    @abstractmethod
    def edit(self, message_id: str, text: str) -> None:
        """Somebody edits a message, without moving its thread."""

    @abstractmethod
    def delete_message(self, message_id: str) -> None:
        """Staff delete a message."""

    @abstractmethod
    def delete(self, thread_id: str) -> None:
        """Staff delete the thread."""

    @abstractmethod
    def close(self, thread_id: str) -> None:
        """Staff close (or resolve) the thread."""

    @abstractmethod
    def merge(self, thread_id: str, into: str) -> None:
        """Staff merge a thread into another."""

    @abstractmethod
    def thread_url(self, thread_id: str) -> str:
        """Where a person sees it, as they would copy it."""

    @abstractmethod
    def count(self, thread_id: str) -> int:
        """Messages of people that the forum holds for the thread, internal ones too."""

    @abstractmethod
    def hook(self, thread_id: str, secret: str) -> tuple[Mapping[str, str], bytes]:
        """A webhook as the forum sends it when the thread is answered; header names in lower case."""

    @abstractmethod
    def fault(self, fault: Fault, *, writes_only: bool = False) -> None:
        """From now on every call (every one that writes) suffers this."""

    @abstractmethod
    def well(self) -> None:
        """Nothing goes wrong any more."""

    @property
    def listing(self) -> int:
        """Threads that a listing hands out at once."""
        return self.listed or self.page

    # ---- what only some kinds have: each need only be there where its act is

    def picture(self, thread_id: str, file: Upload) -> str:
        """A message with an uploaded picture in the middle of its text (`Act.inline_image`); returns its id."""
        raise NotImplementedError

    def person(self, username: str, email: str, *, verified: bool) -> None:
        """An account with an address that the forum has made sure of, or has not yet (`Act.verify_email`)."""
        raise NotImplementedError

    def known_as(self, username: str) -> str:
        """The username by which the adapter knows somebody (or the name of a team)."""
        return username

    def skew(self, ahead: timedelta) -> None:
        """From now on the forum's clock is ahead of ours by so much, or behind (`Act.set_times`)."""
        raise NotImplementedError

    def requests(self) -> int | None:
        """Calls that the forum has been asked; None where it is not asked over HTTP."""
        return None

    # ---- what follows

    def open(self, **credentials: str) -> Forum:
        """The adapter, acting as Ada unless told otherwise."""
        return self.opened({**self.credentials(), **credentials})

    def anonymous(self) -> Forum:
        """The adapter without credentials."""
        return self.opened({})

    def opened(self, credentials: Mapping[str, str]) -> Forum:
        """The adapter with these credentials; it waits long, for the machine may be busy."""
        return open_forum(self.kind, self.config(credentials), self.policy())

    def policy(self) -> HttpPolicy:
        """How far to go for an answer; calls to this machine are allowed."""
        return HttpPolicy(5.0, 15.0, ("127.0.0.1",), retry_pause=0.001)

    def refusal(self) -> dict[str, Any]:
        """What `FaultPlan` needs to answer "too many requests" as this vendor does."""
        return {"status": 429, "retry_after": 7}
