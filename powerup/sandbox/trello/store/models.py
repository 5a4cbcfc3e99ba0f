"""What Trello holds, as plain objects; `rest/shapes.py` writes them the way Trello's REST API does."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Role = Literal["admin", "normal", "observer"]
Visibility = Literal["private", "org", "public"]
"""Who sees a board: its members, its workspace too, or everybody."""
Access = Literal["shared", "private"]
Scope = Literal["board", "card", "member", "organization"]


@dataclass(eq=False)
class Organization:
    """A Trello workspace."""

    id: str
    name: str
    display_name: str
    member_ids: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Member:
    """A person with a Trello account."""

    id: str
    username: str
    full_name: str
    initials: str
    key: str
    """What the cast calls them: `ada`."""
    note: str = ""
    """Who this is in the story: shown where a visitor of the sandbox chooses whom to be."""


@dataclass(eq=False)
class Board:
    """A board; who is on it in `roles` (member id to role)."""

    id: str
    short_link: str
    name: str
    desc: str
    organization_id: str | None
    visibility: Visibility
    background: str
    closed: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    membership_ids: dict[str, str] = field(default_factory=dict)
    power_up_enabled: bool = True
    last_short_id: int = 0


@dataclass(eq=False)
class TList:
    """A list of a board (Trello's word; `list` is Python's)."""

    id: str
    board_id: str
    name: str
    pos: float
    closed: bool = False


@dataclass(eq=False)
class Label:
    """A label of a board."""

    id: str
    board_id: str
    name: str
    color: str | None


@dataclass(eq=False)
class Attachment:
    """A URL (or, by name and size only, an uploaded file) on a card."""

    id: str
    name: str
    url: str
    member_id: str
    at: datetime
    pos: float
    bytes: int | None = None
    mime_type: str = ""
    is_upload: bool = False


@dataclass(eq=False)
class Card:
    """A card."""

    id: str
    short_link: str
    short_id: int
    board_id: str
    list_id: str
    name: str
    desc: str
    pos: float
    last_activity_at: datetime
    closed: bool = False
    due: str | None = None
    start: str | None = None
    due_complete: bool = False
    label_ids: list[str] = field(default_factory=list)
    member_ids: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    comment_count: int = 0
    changed_at: float = 0.0
    """Monotonic; when name or description last changed, for the search index."""
    indexed: str = ""
    """What the search index knows of the card's words."""


@dataclass(eq=False)
class Action:
    """Something somebody did: what webhooks tell."""

    id: str
    type: str
    member_id: str
    at: datetime
    board_id: str | None
    data: dict[str, Any]
    client: str = ""
    """X-Trello-Client-Identifier of the request that did it."""


@dataclass(eq=False)
class Token:
    """What a person gave an application."""

    id: str
    value: str
    key: str
    name: str
    member_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None


@dataclass(eq=False)
class Webhook:
    """Actions on `model_id` go to `callback_url`; belongs to a token."""

    id: str
    token: str
    model_id: str
    callback_url: str
    description: str
    active: bool = True
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(eq=False)
class PluginDatum:
    """One stored JSON text of a Power-Up."""

    id: str
    scope: Scope
    access: Access
    model_id: str
    member_id: str
    """Whose, when private; empty when shared."""
    value: str
