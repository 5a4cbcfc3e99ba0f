"""What a Discourse keeps, as plain rows. `ForumStore` owns them; nobody else changes one."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class PostType(IntEnum):
    """Discourse's `post_type`."""

    regular = 1
    moderator_action = 2
    small_action = 3
    whisper = 4


@dataclass(slots=True)
class User:
    """An account; `staged` is a customer who only ever wrote e-mail, whose address nobody has made sure of."""

    id: int
    username: str
    name: str
    admin: bool = False
    moderator: bool = False
    staged: bool = False
    title: str | None = None
    created_at: datetime | None = None
    email: str = ""
    """Empty: one made of the username."""
    active: bool = True
    """The link in the activation mail was followed."""

    def __post_init__(self) -> None:
        self.email = self.email or f"{self.username.lower()}@customers.example"
        self.active = self.active and not self.staged

    @property
    def staff(self) -> bool:
        """Admins and moderators; members of a group are not staff for Discourse."""
        return self.admin or self.moderator

    @property
    def avatar_template(self) -> str:
        """Relative, with `{size}`, as Discourse writes it."""
        color = ("c68b51", "7993a3", "5f9b8f", "977199", "b5755e", "6a7db3", "87869e", "8a9a5b")[self.id % 8]
        return f"/letter_avatar_proxy/v4/letter/{self.username[:1].lower()}/{color}/{{size}}.png"


@dataclass(slots=True)
class Group:
    """A group of accounts; `automatic` ones are Discourse's own (admins, moderators, staff)."""

    id: int
    name: str
    full_name: str = ""
    members: list[str] = field(default_factory=list)
    automatic: bool = False


@dataclass(slots=True)
class Category:
    """A category of public topics."""

    id: int
    name: str
    slug: str
    color: str = "0088CC"


@dataclass(slots=True)
class Post:
    """One post; `cooked` is the HTML that Discourse made of `raw`."""

    id: int
    topic_id: int
    number: int
    username: str
    raw: str
    cooked: str
    created_at: datetime
    updated_at: datetime
    type: PostType = PostType.regular
    version: int = 1
    reply_to: int | None = None
    action_code: str | None = None
    action_who: str | None = None
    edit_reason: str | None = None
    deleted_at: datetime | None = None
    user_deleted: bool = False
    via_email: bool = False


@dataclass(slots=True)
class Topic:
    """One topic. `archetype` is `regular` or `private_message`."""

    id: int
    title: str
    slug: str
    username: str
    created_at: datetime
    bumped_at: datetime
    category_id: int | None = 1
    archetype: str = "regular"
    tags: list[str] = field(default_factory=list)
    closed: bool = False
    archived: bool = False
    visible: bool = True
    pinned: bool = False
    deleted_at: datetime | None = None
    external_id: str | None = None
    accepted_post_id: int | None = None
    accepted_by: str | None = None
    assigned_user: str | None = None
    assigned_group: str | None = None
    assignment_note: str | None = None
    allowed_users: list[str] = field(default_factory=list)
    allowed_groups: list[str] = field(default_factory=list)
    views: int = 1
    replies: dict[int, int] = field(default_factory=dict)
    """Number of a post -> how many posts answer it."""
    post_ids: list[int] = field(default_factory=list)
    """Every post, deleted ones too, in order."""

    @property
    def private(self) -> bool:
        """A personal message: only those allowed and staff see it."""
        return self.archetype == "private_message"
