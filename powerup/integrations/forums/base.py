"""The forum contract: what Closeloop asks of every forum, in Closeloop's words.

An adapter is one package beside this module; docs/adapters.md tells how to write one. It turns a vendor's JSON into the frozen
dataclasses below and raises only `powerup.integrations.errors`. Vendors' words ("topic", "discussion") stop there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, Self

from powerup.integrations.errors import NotPermittedError
from powerup.integrations.http import HttpPolicy
from powerup.threads import Attachment, Author, Message, Role, Thread, ThreadState, Visibility

__all__ = [
    "Adapter",
    "Attachment",
    "Author",
    "Check",
    "CredentialField",
    "Draft",
    "Feature",
    "File",
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
    "impossible",
]


class Feature(StrEnum):
    """What a forum may be able to do beyond being read."""

    reply = "reply"
    internal_note = "internal_note"
    assign_person = "assign_person"
    assign_team = "assign_team"
    resolve = "resolve"
    acknowledge = "acknowledge"
    """Take a thread off the forum's own list of what waits, without an answer."""
    tag = "tag"
    search = "search"
    attachments = "attachments"
    """Files can be fetched, so that members see them without an account on the forum."""
    webhook = "webhook"
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
    """One step of an incremental sync, or of reading history.

    :param stubs: of `changed_since`: oldest change first within a page; of `history`: newest first.
    :param cursor: save it in the transaction that records `stubs`; opaque JSON-able mapping.
    :param more: ask again at once; otherwise wait for the next poll (of history: all is read).
    :param total: how many threads there are in all, where a listing says so; for a progress bar, so it may be a little off.
    """

    stubs: tuple[ThreadStub, ...]
    cursor: Mapping[str, object]
    more: bool
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that we are about to write.

    :param text: Markdown as the owner typed it.
    :param marker: unique text by which an adapter finds the message again when an answer was lost.
    :param after: id of the newest public message that the writer had seen. Where the thread holds a newer public message that is not
        our own, `post` writes nothing and raises OvertakenError. None: write whatever was said meanwhile.
    """

    text: str
    internal: bool
    marker: str
    after: str | None = None


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
    """Every feature that is not in `features` -> why not, in plain words, with the mend where there is one; those of `cannot` too."""
    problems: tuple[str, ...] = ()
    """With one of these the forum cannot be connected."""
    warnings: tuple[str, ...] = ()
    """What works less well than it could, each with its mend; connecting is possible all the same."""


@dataclass(frozen=True, slots=True)
class File:
    """An attachment's bytes. `content_type` is what the forum claims; nobody believes it unexamined."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


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
    home: str = ""
    """Our own base URL, for kinds whose threads have no address of their own (e-mail)."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One input of the settings form."""

    name: str
    label: str
    secret: bool
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    """The only values that it takes; empty: any text."""
    place: bool = False
    """It says where the secrets are sent, or how: when it changes they have to be entered again."""


class Forum(Protocol):
    """A connected forum. One instance serves one job or request; not shared between threads.

    Each method that talks to the forum raises `powerup.integrations.errors.IntegrationError` and nothing else.
    """

    kind: ClassVar[str]
    """`discourse`, `tender` …; stored on the forum's row."""
    label: ClassVar[str]
    address_help: ClassVar[str]
    """What to enter as the address, with an example."""
    credential_fields: ClassVar[tuple[CredentialField, ...]]
    cannot: ClassVar[Mapping[Feature, str]]
    """What this kind can never do, each with the reason in plain words; `check` says what this very site does not allow."""
    hook_help: ClassVar[str]
    """Where on the forum the webhook's address and secret are entered, and for which events; "" where there are none."""
    anonymous: ClassVar[bool]
    """Whether it can be read without credentials."""
    confidential: ClassVar[bool]
    """Whether only the customer and staff ever read a thread: a desk, rather than a forum."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        """Remember how to reach the site; no I/O yet."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """Let the connections go; harmless when called twice."""

    def check(self) -> Check:
        """Ask the site who we are there and what we may do. For "Test connection" and `closeloop doctor`."""

    @classmethod
    def address(cls, given: str) -> str:
        """The base URL that is stored for what an admin entered; raises InvalidError for what can be none. No I/O."""

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`.

        None: the newest threads, one bounded page of them, and a cursor from which nothing later is missed. What is older comes
        from `history`.
        """

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads active since `since`, the most recently active first, one page a call; None begins.

        Each thread comes at least once however the listing moves meanwhile; what became active after the beginning may be left to
        `changed_since`.
        """

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message, however many pages; raises GoneError when deleted or hidden.

        A thread that was merged into another is read as that other one: `external_id` is then not `thread_id`.
        """

    def thread_id_of(self, url: str) -> str | None:
        """The id in one of this site's own thread URLs (message anchors, slugs and queries aside), else None. No I/O."""

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply or an internal note. With `look_first`, search for the marker and return what is there already.

        Raises OvertakenError (see `Draft.after`).
        """

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the forum show who owns the thread; both None unassigns. Doing it twice is harmless."""

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Mark as solved (by `message_id` where the forum wants one) or close. Doing it twice is harmless."""

    def acknowledge(self, thread_id: str) -> None:
        """Take the thread off the forum's own list of what waits. Doing it twice is harmless."""

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove tags, leaving others alone. Doing it twice is harmless."""

    def file(self, reference: str) -> File:
        """The bytes of an attachment (`Attachment.reference`); raises GoneError, or RejectedError when it is too large to be read."""

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads that match, best first."""

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook; raises HookRefusedError or HookUnreadableError. No I/O. Header names are lower-case."""


class Adapter:
    """What adapters have in common. Whatever a kind cannot do refuses in the words of its `cannot`, before anything is sent."""

    kind: ClassVar[str]
    label: ClassVar[str]
    address_help: ClassVar[str] = "The address that people see in their browser, such as https://forum.example.org."
    credential_fields: ClassVar[tuple[CredentialField, ...]] = ()
    cannot: ClassVar[Mapping[Feature, str]] = {}
    hook_help: ClassVar[str] = ""
    anonymous: ClassVar[bool] = False
    confidential: ClassVar[bool] = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go; harmless when called twice."""

    @classmethod
    def address(cls, given: str) -> str:
        """The address without a trailing slash, query or fragment."""
        return given.strip().split("#")[0].split("?")[0].rstrip("/")

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Refused unless the kind can."""
        raise impossible(self, Feature.assign_person)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Refused unless the kind can."""
        raise impossible(self, Feature.resolve)

    def acknowledge(self, thread_id: str) -> None:
        """Refused unless the kind can."""
        raise impossible(self, Feature.acknowledge)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Refused unless the kind can."""
        raise impossible(self, Feature.tag)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Refused unless the kind can."""
        raise impossible(self, Feature.search)

    def file(self, reference: str) -> File:
        """Refused unless the kind can."""
        raise impossible(self, Feature.attachments)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Not understood unless the kind sends webhooks."""
        raise HookUnreadableError(f"{self.label} sends no webhooks that we know")


def impossible(adapter: Adapter | type[Adapter], feature: Feature) -> NotPermittedError:
    """The refusal of what a kind can never do, in its own words."""
    return NotPermittedError(adapter.cannot[feature], permanent=True, sent=False)


def batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut ids into runs of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
