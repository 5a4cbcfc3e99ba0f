"""What any help desk keeps, as plain rows. `DeskStore` owns them; nobody else changes one. `extra` holds what only one kind knows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Person:
    """An account. `email_verified`: the desk made sure that the address is theirs."""

    id: int
    username: str
    name: str
    email: str
    email_verified: bool = True
    staff: bool = False
    created_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Team:
    """A group of staff; `members` are usernames."""

    id: int
    name: str
    members: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """An upload."""

    id: int
    name: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class Post:
    """One message. `number` is its place in the thread, from 1; `html` is what the desk made of `text` (Markdown)."""

    id: int
    thread_id: int
    number: int
    username: str
    text: str
    html: str
    created_at: datetime
    updated_at: datetime
    internal: bool = False
    system: bool = False
    """A line that the desk wrote itself."""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    file_ids: list[int] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Thread:
    """One customer's thread."""

    id: int
    subject: str
    username: str
    created_at: datetime
    active_at: datetime
    """Of the last message that everybody sees."""
    updated_at: datetime
    """Of any change."""
    state: str = "open"
    """`open`, `resolved` or `closed`."""
    private: bool = False
    category: str = ""
    tags: list[str] = field(default_factory=list)
    assigned_person: str | None = None
    assigned_team: str | None = None
    answer_id: int | None = None
    acknowledged: bool = False
    deleted_at: datetime | None = None
    merged_into: int | None = None
    post_ids: list[int] = field(default_factory=list)
    """Every post, deleted ones too, in order."""
    extra: dict[str, Any] = field(default_factory=dict)
