"""What Trello knows, in frozen dataclasses; a field that Trello leaves out is named in the error."""

from dataclasses import dataclass
from typing import Literal, Self

from powerup.integrations.http import each, maybe, need

Role = Literal["admin", "normal", "observer"]

VENDOR = "Trello"


@dataclass(frozen=True, slots=True)
class Member:
    """A Trello account; `organization_ids` are the workspaces that it belongs to."""

    id: str
    username: str
    full_name: str
    organization_ids: tuple[str, ...]

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        username = need(obj, "username", str, vendor=VENDOR)
        organizations = maybe(obj, "idOrganizations", list, vendor=VENDOR) or []
        # The full name may be withheld by the person's privacy settings.
        full_name = maybe(obj, "fullName", str, vendor=VENDOR) or username
        return cls(need(obj, "id", str, vendor=VENDOR), username, full_name, tuple(str(each) for each in organizations))


@dataclass(frozen=True, slots=True)
class Organization:
    """A Trello workspace; `name` is the one for people."""

    id: str
    name: str

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        name = maybe(obj, "displayName", str, vendor=VENDOR) or need(obj, "name", str, vendor=VENDOR)
        return cls(need(obj, "id", str, vendor=VENDOR), name)


@dataclass(frozen=True, slots=True)
class Board:
    """A board; one outside any workspace, or in one that we cannot see, has no organization name."""

    id: str
    name: str
    url: str
    organization_id: str | None
    organization_name: str | None
    closed: bool

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        organization = maybe(obj, "organization", dict, vendor=VENDOR)
        return cls(
            id=need(obj, "id", str, vendor=VENDOR),
            name=need(obj, "name", str, vendor=VENDOR),
            url=need(obj, "url", str, vendor=VENDOR),
            organization_id=maybe(obj, "idOrganization", str, vendor=VENDOR) or None,
            organization_name=Organization.read(organization).name if organization else None,
            closed=maybe(obj, "closed", bool, vendor=VENDOR) or False,
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """Who may do what on a board."""

    member_id: str
    role: Role

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON; a kind of member that we do not know may do the least."""
        kind = need(obj, "memberType", str, vendor=VENDOR)
        role: Role = "admin" if kind == "admin" else "normal" if kind == "normal" else "observer"
        return cls(need(obj, "idMember", str, vendor=VENDOR), role)


@dataclass(frozen=True, slots=True)
class TrelloList:
    """A column of a board."""

    id: str
    name: str
    pos: float

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        return cls(
            need(obj, "id", str, vendor=VENDOR), need(obj, "name", str, vendor=VENDOR), maybe(obj, "pos", float, vendor=VENDOR) or 0.0
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A card, wherever it lies now."""

    id: str
    short_link: str
    name: str
    url: str
    board_id: str
    list_id: str
    closed: bool

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        return cls(
            id=need(obj, "id", str, vendor=VENDOR),
            short_link=need(obj, "shortLink", str, vendor=VENDOR),
            name=need(obj, "name", str, vendor=VENDOR),
            url=need(obj, "url", str, vendor=VENDOR),
            board_id=need(obj, "idBoard", str, vendor=VENDOR),
            list_id=need(obj, "idList", str, vendor=VENDOR),
            closed=maybe(obj, "closed", bool, vendor=VENDOR) or False,
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something hung onto a card."""

    id: str
    url: str
    name: str

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        url = maybe(obj, "url", str, vendor=VENDOR) or ""
        return cls(need(obj, "id", str, vendor=VENDOR), url, maybe(obj, "name", str, vendor=VENDOR) or url)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote below a card."""

    id: str
    text: str

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON (an action of type commentCard)."""
        return cls(need(obj, "id", str, vendor=VENDOR), need(obj, "data.text", str, vendor=VENDOR))


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a board; Trello adds colours now and then, and a label may have none, or no name."""

    id: str
    name: str
    color: str | None

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        name, color = maybe(obj, "name", str, vendor=VENDOR) or "", maybe(obj, "color", str, vendor=VENDOR)
        return cls(need(obj, "id", str, vendor=VENDOR), name, color)


@dataclass(frozen=True, slots=True)
class FullCard:
    """A card with its words: what a board that is configuration is read from."""

    id: str
    name: str
    desc: str
    url: str
    list_id: str
    pos: float
    labels: tuple[Label, ...]
    member_ids: tuple[str, ...]
    closed: bool

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON; labels are in it as a whole, people as ids (the Card schema of Trello's OpenAPI document)."""
        return cls(
            id=need(obj, "id", str, vendor=VENDOR),
            name=need(obj, "name", str, vendor=VENDOR),
            desc=maybe(obj, "desc", str, vendor=VENDOR) or "",
            url=need(obj, "url", str, vendor=VENDOR),
            list_id=need(obj, "idList", str, vendor=VENDOR),
            pos=maybe(obj, "pos", float, vendor=VENDOR) or 0.0,
            labels=tuple(Label.read(label) for label in each(obj, "labels", vendor=VENDOR)),
            member_ids=tuple(str(member_id) for member_id in need(obj, "idMembers", list, vendor=VENDOR)),
            closed=maybe(obj, "closed", bool, vendor=VENDOR) or False,
        )


@dataclass(frozen=True, slots=True)
class Webhook:
    """A standing order to tell us what happens on a board."""

    id: str
    model_id: str
    callback_url: str
    active: bool
    consecutive_failures: int

    @classmethod
    def read(cls, obj: object) -> Self:
        """From Trello's JSON."""
        active = maybe(obj, "active", bool, vendor=VENDOR)
        return cls(
            id=need(obj, "id", str, vendor=VENDOR),
            model_id=need(obj, "idModel", str, vendor=VENDOR),
            callback_url=need(obj, "callbackURL", str, vendor=VENDOR),
            active=active is not False,
            consecutive_failures=maybe(obj, "consecutiveFailures", int, vendor=VENDOR) or 0,
        )
