"""A customer's thread in Closeloop's own words: what every forum adapter makes and `tickets` records."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """On whose side an author stands."""

    customer = "customer"
    staff = "staff"


class Visibility(StrEnum):
    """Who may read a message on the forum."""

    public = "public"
    internal = "internal"


class ThreadState(StrEnum):
    """What the forum itself says of a thread."""

    open = "open"
    resolved = "resolved"
    closed = "closed"
    deleted = "deleted"


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody as the forum knows them. `external_id` is opaque and stable; names may change."""

    external_id: str
    username: str
    name: str
    role: Role
    avatar_url: str | None = None
    verified_email: str | None = None
    """An address of which the forum itself made sure that it is theirs; never one that somebody merely typed. Kept only as a keyed hash."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message.

    :param reference: what `Forum.file` takes; opaque, stable, at most 1,000 characters, no secret in it.
    :param name: as the author called it; never a path to us.
    :param content_type: as claimed, or None.
    :param size: in bytes, or None where the forum does not say.
    :param shown_as: the absolute `src` under which the message's HTML shows it, or None for a file at its foot.
    """

    reference: str
    name: str
    content_type: str | None = None
    size: int | None = None
    shown_as: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One post. `html` is the vendor's, with absolute URLs, NOT yet sanitised; `text` is for search and excerpts."""

    external_id: str
    number: int
    """Position in the thread, 1 for the first; may have gaps."""
    author: Author
    visibility: Visibility
    html: str
    created_at: datetime
    edited_at: datetime | None = None
    deleted: bool = False
    system: bool = False
    """A line that the forum wrote itself ("closed", "assigned to …")."""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """A whole thread: its first message's author is the customer even where their role elsewhere is staff."""

    external_id: str
    url: str
    subject: str
    state: ThreadState
    customer: Author
    created_at: datetime
    changed_at: datetime
    messages: tuple[Message, ...]
    assigned_person: str | None = None
    assigned_team: str | None = None
    answer_number: int | None = None
    """Position of the message that the forum marks as the answer (the last, where it knows several)."""
    tags: tuple[str, ...] = ()
    private: bool = False
    opened_by_staff: bool = False
    """An announcement, or a case that staff opened for somebody: until a customer speaks, nobody waits for us."""
