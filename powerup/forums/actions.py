"""Connect, change and remove forums; note how reading them went."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.crypto import Sealer, random_token
from powerup.errors import ConflictError
from powerup.events.actions import Actor, record
from powerup.forums.models import Backfill, Forum

HOOK_NOTED_EVERY = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class ForumSettings:
    """What an admin enters. `credentials` None keeps what is stored; an empty mapping reads anonymously."""

    kind: str
    name: str
    base_url: str
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    hook_secret: str | None = field(default=None, repr=False)
    staff_usernames: Sequence[str] = ()
    staff_groups: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """`{"tag_resolved": bool}`."""


@dataclass(frozen=True)
class Found:
    """What a check of the site found, to be kept beside the settings."""

    can: Sequence[str]
    missing: Mapping[str, str]
    acting_as: str | None


def add(session: Session, workspace_id: int, wanted: ForumSettings, found: Found, *, by: Actor, sealer: Sealer) -> Forum:
    """Connect a forum; raises ConflictError when this site is connected already."""
    _refuse_double(session, workspace_id, wanted.base_url, other_than=None)
    now = clock.now()
    forum = Forum(
        workspace_id=workspace_id,
        kind=wanted.kind,
        name=wanted.name,
        base_url=wanted.base_url,
        sealed_hook_secret="",
        hook_token=random_token(),
        staff=_staff(wanted),
        features=_features(found),
        cursor=None,
        pace=0.0,
        options=dict(wanted.options),
        state="working",
        failures=0,
        next_sync_at=now,
        created_at=now,
    )
    session.add(forum)
    session.flush()
    forum.sealed_credentials = sealer.seal(credentials_purpose(forum.id), json.dumps(dict(wanted.credentials or {})))
    if wanted.hook_secret:
        forum.sealed_hook_secret = sealer.seal(hook_purpose(forum.id), wanted.hook_secret)
    record(session, workspace_id, "forum.connected", by=by, forum=forum.id, kind=forum.kind, base_url=forum.base_url)
    return forum


def change(session: Session, forum: Forum, wanted: ForumSettings, found: Found, *, by: Actor, sealer: Sealer) -> None:
    """Save changed settings; reading starts again at once from where it was."""
    _refuse_double(session, forum.workspace_id, wanted.base_url, other_than=forum.id)
    forum.name, forum.base_url = wanted.name, wanted.base_url
    forum.staff, forum.features, forum.options = _staff(wanted), _features(found), dict(wanted.options)
    if wanted.credentials is not None:
        forum.sealed_credentials = sealer.seal(credentials_purpose(forum.id), json.dumps(dict(wanted.credentials)))
    if wanted.hook_secret:
        forum.sealed_hook_secret = sealer.seal(hook_purpose(forum.id), wanted.hook_secret)
    forum.state, forum.sync_error, forum.failures, forum.next_sync_at = "working", None, 0, clock.now()
    record(session, forum.workspace_id, "forum.changed", by=by, forum=forum.id)


def remove(session: Session, forum: Forum, *, by: Actor) -> None:
    """Stop reading and writing; its tickets stay readable, its credentials are destroyed."""
    forum.removed_at, forum.next_sync_at, forum.sealed_credentials = clock.now(), None, None
    record(session, forum.workspace_id, "forum.removed", by=by, forum=forum.id)


def claim_due(session: Session, *, worker: str, lease_seconds: float, only: Sequence[int] | None = None) -> Forum | None:
    """Take the next forum that is due to be read, under a lease, or None.

    :param only: ids of forums.
    """
    now = clock.now()
    due = (
        select(Forum.id)
        .where(Forum.next_sync_at <= now, Forum.removed_at.is_(None))
        .where((Forum.lease_until.is_(None)) | (Forum.lease_until <= now))
        .where(*([] if only is None else [Forum.id.in_(only)]))
        .order_by(Forum.next_sync_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Forum)
        .where(Forum.id == due.scalar_subquery())
        .values(lease_until=now + timedelta(seconds=lease_seconds), lease_by=f"{worker}:{uuid4().hex[:12]}")
        .returning(Forum)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.scalar_one_or_none()


def save_page(session: Session, forum: Forum, cursor: Mapping[str, Any], todo: Sequence[Any], *, lease_seconds: float) -> bool:
    """Keep how far was listed together with what is to be read of it, and extend the lease; False when the lease is lost."""
    until = clock.now() + timedelta(seconds=lease_seconds)
    return _update_held(session, forum, cursor=dict(cursor), todo=list(todo), lease_until=until)


def keep_todo(session: Session, forum: Forum, todo: Sequence[Any], *, pace: float, lease_seconds: float) -> bool:
    """Keep what is left to be read, in the transaction that records what was, and extend the lease; False when it is lost."""
    return _update_held(session, forum, todo=list(todo), pace=pace, lease_until=clock.now() + timedelta(seconds=lease_seconds))


def finish_sync(session: Session, forum: Forum, *, poll_seconds: float) -> None:
    """All read: come back after the usual pause."""
    now = clock.now()
    _update_held(
        session,
        forum,
        state="working",
        sync_error=None,
        failures=0,
        todo=None,
        last_sync_at=now,
        next_sync_at=now + timedelta(seconds=poll_seconds),
        lease_until=None,
        lease_by=None,
    )


def fail_sync(session: Session, forum: Forum, reason: str, *, poll_seconds: float, retry_after: float | None) -> None:
    """Reading failed: say why on the settings page, and try again after a pause that grows."""
    pause = min(timedelta(seconds=poll_seconds * 2 ** min(forum.failures, 10)), _LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=min(retry_after or 0, _LONGEST_PAUSE.total_seconds())))
    _update_held(
        session,
        forum,
        state="broken",
        sync_error=reason,
        failures=forum.failures + 1,
        next_sync_at=clock.now() + pause,
        lease_until=None,
        lease_by=None,
    )


def pause_sync(session: Session, forum: Forum, *, seconds: float) -> None:
    """Stop half-way without blame (the forum asked us to slow down, or this worker ends) and go on after a while."""
    _update_held(session, forum, next_sync_at=clock.now() + timedelta(seconds=seconds), lease_until=None, lease_by=None)


def ask_less(session: Session, forum_id: int, *, seconds: float, pace: float) -> None:
    """The forum asked us to slow down: leave it alone for a while, whatever we wanted from it, and then ask less often."""
    until = clock.now() + timedelta(seconds=min(seconds, _LONGEST_PAUSE.total_seconds()))
    quietly = {"synchronize_session": False}
    session.execute(update(Forum).where(Forum.id == forum_id).values(pace=pace).execution_options(**quietly))
    session.execute(
        update(Forum).where(Forum.id == forum_id, Forum.next_sync_at < until).values(next_sync_at=until).execution_options(**quietly)
    )
    session.execute(
        update(Backfill).where(Backfill.forum_id == forum_id, Backfill.next_at < until).values(next_at=until).execution_options(**quietly)
    )


def set_pace(session: Session, forum_id: int, pace: float) -> None:
    """How many seconds we leave between two threads."""
    session.execute(update(Forum).where(Forum.id == forum_id).values(pace=pace).execution_options(synchronize_session=False))


def note_hook(session: Session, forum_id: int, *, refused: bool) -> None:
    """A webhook came, or was refused; written at most once a minute, because anybody may send what will be refused."""
    now, column = clock.now(), Forum.hook_refused_at if refused else Forum.last_hook_at
    stale = (column.is_(None)) | (column < now - HOOK_NOTED_EVERY)
    session.execute(update(Forum).where(Forum.id == forum_id, stale).values({column: now}).execution_options(synchronize_session=False))


def is_hook_noted(forum: Forum, *, refused: bool) -> bool:
    """Whether `note_hook` would change nothing, as far as this row says."""
    noted = forum.hook_refused_at if refused else forum.last_hook_at
    return noted is not None and noted >= clock.now() - HOOK_NOTED_EVERY


def sync_soon(session: Session, forum_id: int, at: datetime | None = None) -> None:
    """Have the forum read at the next occasion."""
    session.execute(update(Forum).where(Forum.id == forum_id, Forum.removed_at.is_(None)).values(next_sync_at=at or clock.now()))


def credentials_purpose(forum_id: int) -> str:
    """What sealed credentials are sealed for."""
    return f"forums.credentials:{forum_id}"


def hook_purpose(forum_id: int) -> str:
    """What a sealed webhook secret is sealed for."""
    return f"forums.hook:{forum_id}"


def _refuse_double(session: Session, workspace_id: int, base_url: str, *, other_than: int | None) -> None:
    same = select(Forum.name, Forum.id).where(Forum.workspace_id == workspace_id, Forum.base_url == base_url, Forum.removed_at.is_(None))
    for name, forum_id in session.execute(same):
        if forum_id != other_than:
            raise ConflictError(f"This site is already connected as “{name}”.")


def _staff(wanted: ForumSettings) -> dict[str, Any]:
    return {"usernames": sorted(set(wanted.staff_usernames)), "groups": sorted(set(wanted.staff_groups))}


def _features(found: Found) -> dict[str, Any]:
    return {"can": sorted(found.can), "missing": dict(found.missing), "acting_as": found.acting_as}


def _update_held(session: Session, forum: Forum, **values: Any) -> bool:
    changed = session.execute(
        update(Forum)
        .where(Forum.id == forum.id, Forum.lease_by == forum.lease_by, Forum.removed_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
