"""Forums and their kinds."""

from typing import Any, Literal

from api.openapi import Model
from powerup import clock
from powerup.forums.models import Forum


class ForumShape(Model):
    """A connected forum; credentials are never sent back."""

    id: int
    kind: str
    name: str
    base_url: str
    state: Literal["working", "broken"]
    features: list[str]
    missing: dict[str, str]
    acting_as: str | None
    anonymous: bool
    """Read without credentials."""
    staff_usernames: list[str]
    staff_groups: list[str]
    last_sync_at: str | None
    sync_error: str | None
    webhook_url: str | None
    """Null for members who are no admins."""
    webhook_secret_set: bool
    ticket_count: int


class ForumList(Model):
    """All forums of the workspace."""

    forums: list[ForumShape]


class CredentialFieldShape(Model):
    """One input of the form."""

    name: str
    label: str
    secret: bool
    help: str
    required: bool
    choices: list[str]
    """The only values that it takes; empty: any text."""


class ForumKind(Model):
    """A kind of forum that can be connected."""

    kind: str
    label: str
    features: list[str]
    """What it can do at best."""
    cannot: dict[str, str]
    """What it can never do, and why."""
    address_help: str
    hook_help: str
    """Where the webhook's address and secret are entered; empty where there are none."""
    anonymous: bool
    """Can be read without credentials."""
    credential_fields: list[CredentialFieldShape]


class ForumKinds(Model):
    """All kinds."""

    kinds: list[ForumKind]


class CheckShape(Model):
    """What "Test connection" found."""

    ok: bool
    site_name: str
    acting_as: str | None
    features: list[str]
    missing: dict[str, str]
    problems: list[str]


def forum_shape(forum: Forum, *, hook_base: str | None, ticket_count: int, anonymous: bool) -> dict[str, Any]:
    """A `ForumShape`."""
    return {
        "id": forum.id,
        "kind": forum.kind,
        "name": forum.name,
        "base_url": forum.base_url,
        "state": forum.state,
        "features": list(forum.features.get("can", ())),
        "missing": dict(forum.features.get("missing", {})),
        "acting_as": forum.features.get("acting_as"),
        "anonymous": anonymous,
        "staff_usernames": list(forum.staff.get("usernames", ())),
        "staff_groups": list(forum.staff.get("groups", ())),
        "last_sync_at": clock.iso(forum.last_sync_at) if forum.last_sync_at else None,
        "sync_error": forum.sync_error,
        "webhook_url": f"{hook_base}/webhooks/forums/{forum.hook_token}" if hook_base else None,
        "webhook_secret_set": bool(forum.sealed_hook_secret),
        "ticket_count": ticket_count,
    }
