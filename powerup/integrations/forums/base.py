"""The forum contract: what Closeloop asks of every forum, in Closeloop's words.

An adapter is one module beside this one. It turns a vendor's JSON into the frozen dataclasses below and raises only
`powerup.integrations.errors`. Vendors' words ("topic", "discussion") stop there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, Self

from powerup.integrations.http import HttpPolicy
from powerup.threads import Author, Message, Role, Thread, ThreadState, Visibility

__all__ = [
    "Author",
    "Check",
    "CredentialField",
    "Draft",
    "Feature",
    "Forum",
    "ForumConfig",
    "Hook",
    "HookKind",
    "HookRefusedError",
    "HookUnreadableError",
    "Message",
    "Page",
    "Posted",
    "Role",
    "Thread",
    "ThreadState",
    "ThreadStub",
    "Visibility",
    "batches",
]


class Feature(StrEnum):
    """What a forum may be able to do beyond being read."""

    reply = "reply"
    internal_note = "internal_note"
    assign_person = "assign_person"
    assign_team = "assign_team"
    resolve = "resolve"
    search = "search"
    signed_webhook = "signed_webhook"


@dataclass(frozen=True, slots=True)
class ThreadStub:
    """What a listing says of a thread, which an adapter gives out as a reason to read it.

    Read each one: `changed_at` is when a listing saw activity, and closing, assigning or editing need not move it.
    """

    external_id: str
    url: str
    subject: str
    created_at: datetime
    changed_at: datetime
    message_count: int


@dataclass(frozen=True, slots=True)
class Page:
    """One step of an incremental sync.

    :param stubs: threads created or changed since the cursor, oldest change first within a page.
    :param cursor: save it in the transaction that records `stubs`; opaque JSON-able mapping.
    :param more: ask again at once; otherwise wait for the next poll.
    """

    stubs: tuple[ThreadStub, ...]
    cursor: Mapping[str, object]
    more: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that we are about to write.

    :param text: Markdown as the owner typed it.
    :param marker: unique text by which an adapter finds the message again when an answer was lost.
    """

    text: str
    internal: bool
    marker: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that now exists. `awaiting_approval`: the forum queued it for a moderator."""

    external_id: str
    url: str
    awaiting_approval: bool = False
    found_again: bool = False
    """It was there already from an earlier try."""


@dataclass(frozen=True, slots=True)
class Check:
    """What "Test connection" found. `problems` are plain sentences, each with its mend; empty means all is well."""

    site_name: str
    acting_as: str | None
    """Username that we write as; None when anonymous."""
    features: frozenset[Feature]
    missing: Mapping[Feature, str]
    """Feature -> why not, in plain words."""
    problems: tuple[str, ...] = ()


class HookKind(StrEnum):
    """What a webhook is about."""

    thread = "thread"
    """Read `thread_id` again."""
    ping = "ping"
    ignored = "ignored"
    """Known and of no interest."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A verified webhook, read as a hint. `event_id` makes a second delivery of it harmless."""

    event_id: str
    kind: HookKind
    thread_id: str | None = None
    """The thread that may have changed."""


class HookRefusedError(Exception):
    """Signature missing or wrong: answer 401 and store nothing."""


class HookUnreadableError(Exception):
    """Not from that service at all: answer 400 and store nothing."""


@dataclass(frozen=True, slots=True)
class ForumConfig:
    """How to reach one forum. Credentials are open here: never log or repr this."""

    base_url: str
    credentials: Mapping[str, str] = field(repr=False, default_factory=dict)
    """Names as in `Forum.credential_fields`; empty for anonymous reading."""
    staff_usernames: frozenset[str] = frozenset()
    staff_groups: frozenset[str] = frozenset()
    hook_secret: str = field(repr=False, default="")
    """What the forum signs its webhooks with; without it every signed webhook is refused."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One input of the settings form."""

    name: str
    label: str
    secret: bool
    help: str


class Forum(Protocol):
    """A connected forum. One instance serves one job or request; not shared between threads.

    Each method that talks to the forum raises `powerup.integrations.errors.IntegrationError` and nothing else.
    """

    kind: ClassVar[str]
    """`discourse`, `tender` …; stored on the forum's row."""
    label: ClassVar[str]
    credential_fields: ClassVar[tuple[CredentialField, ...]]
    possible: ClassVar[frozenset[Feature]]
    """What this kind can do at best; `check` says what this site allows."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        """Remember how to reach the site; no I/O yet."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """Let the connections go; harmless when called twice."""

    def check(self) -> Check:
        """Ask the site who we are there and what we may do. For "Test connection" and `closeloop doctor`."""

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor` (None: from the newest backwards, a bounded first page set)."""

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message, however many pages; raises GoneError when deleted or hidden."""

    def thread_id_of(self, url: str) -> str | None:
        """The id in one of this site's own thread URLs (message anchors, slugs and queries aside), else None. No I/O."""

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply or an internal note. With `look_first`, search for the marker and return what is there already."""

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the forum show who owns the thread; both None unassigns. Doing it twice is harmless."""

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Mark as solved (by `message_id` where the forum wants one) or close. Doing it twice is harmless."""

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads that match, best first."""

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook; raises HookRefusedError or HookUnreadableError. No I/O. Header names are lower-case."""


def batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut ids into runs of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
