"""Forums and their kinds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from api.openapi import Model
from powerup import clock
from powerup.forums.models import Backfill, Forum
from powerup.forums.progress import progress


class BackfillShape(Model):
    """How far reading a forum's history has come."""

    state: Literal["running", "paused", "done", "failed"]
    since: str
    """It goes back to then."""
    reached_at: str | None
    """Everything active since then is here."""
    done: int
    """Threads read, or known before."""
    about: int | None
    """How many there will be, roughly; null while nothing is known."""
    share: float | None
    """From 0 to 1."""
    seconds_left: int | None
    error: str | None
    """Why it stopped, or why it waits before it tries again."""
    started_at: str
    finished_at: str | None


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
    webhook_received_at: str | None
    """When one with a good signature came last; to the minute."""
    webhook_refused_at: str | None
    """When one was refused last."""
    ticket_count: int
    settings: dict[str, str] | None
    """What is stored of the credentials that is no secret; null for members who are no admins."""
    tag_resolved: bool
    backfill: BackfillShape | None
    """Null: its history was never asked for."""


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
    place: bool
    """Says where the secrets are sent: when it changes they have to be entered again."""


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
    """With one of these it cannot be connected."""
    warnings: list[str]
    """What works less well than it could."""


def forum_shape(
    forum: Forum,
    *,
    hook_base: str | None,
    ticket_count: int,
    anonymous: bool,
    open_settings: Mapping[str, str] | None,
    backfill: Backfill | None = None,
) -> dict[str, Any]:
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
        "last_sync_at": _iso(forum.last_sync_at),
        "sync_error": forum.sync_error,
        "webhook_url": f"{hook_base}/webhooks/forums/{forum.hook_token}" if hook_base else None,
        "webhook_secret_set": bool(forum.sealed_hook_secret),
        "webhook_received_at": _iso(forum.last_hook_at),
        "webhook_refused_at": _iso(forum.hook_refused_at),
        "ticket_count": ticket_count,
        "settings": dict(open_settings) if open_settings is not None else None,
        "tag_resolved": bool(forum.options.get("tag_resolved")),
        "backfill": backfill_shape(backfill) if backfill else None,
    }


def backfill_shape(backfill: Backfill) -> dict[str, Any]:
    """A `BackfillShape`."""
    found = progress(backfill)
    return {
        "state": backfill.state,
        "since": clock.iso(backfill.since),
        "reached_at": _iso(found.reached_at),
        "done": found.done,
        "about": found.about,
        "share": None if found.share is None else round(found.share, 4),
        "seconds_left": None if found.seconds_left is None else round(found.seconds_left),
        "error": backfill.error,
        "started_at": clock.iso(backfill.started_at),
        "finished_at": _iso(backfill.finished_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return clock.iso(moment) if moment else None
