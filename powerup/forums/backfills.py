"""Reading a forum's history: start, pause, take a turn under a lease, note how far it came.

What is noted while reading holds only for whoever has the lease of a back-fill that still runs: pausing or beginning anew takes it away.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.errors import ConflictError, InvalidError
from powerup.events.actions import Actor, record
from powerup.forums.models import Backfill, Forum

EARLIEST = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
"""No forum is older than the web."""
GIVE_UP_AFTER = 20
"""Failures in a row until somebody has to say "resume"; with growing pauses that is most of a day."""
GIVE_UP_REFUSED = 3
"""The same where the forum refuses and trying again by itself changes nothing."""
_FIRST_PAUSE = 30.0
_LONGEST_PAUSE = 3600.0


def start(session: Session, forum: Forum, *, since: datetime, by: Actor) -> Backfill:
    """Have the forum's history read back to `since`; raises InvalidError for a time that cannot be meant.

    One that runs, or rests, goes on and is widened where `since` is earlier. Whatever is known and unchanged is not read again.
    """
    if not EARLIEST <= since <= clock.now():
        problem = {"field": "since", "message": f"is a day from {EARLIEST:%Y} to today"}
        raise InvalidError("History can be read back to a day in the past.", errors=[problem])
    made = of(session, forum.id)
    if made is not None and made.state in ("running", "paused") and since >= made.since:
        resume(session, made, by=by)
        return made
    if made is None:
        made = Backfill(workspace_id=forum.workspace_id, forum_id=forum.id)
        session.add(made)
    made.since, made.state, made.started_at, made.next_at = since, "running", clock.now(), clock.now()
    made.cursor, made.todo, made.last_page, made.reached_at, made.total, made.seconds_each = None, None, False, None, None, None
    made.found = made.read = made.skipped = made.failures = 0
    made.error = made.finished_at = made.lease_by = made.lease_until = None
    session.flush()
    record(session, forum.workspace_id, "backfill.started", by=by, forum=forum.id, since=clock.iso(since))
    return made


def pause(session: Session, backfill: Backfill, *, by: Actor) -> None:
    """Leave it where it is; raises ConflictError when there is nothing to pause. Doing it twice is harmless."""
    if backfill.state == "paused":
        return
    if backfill.state != "running":
        raise ConflictError("This back-fill is not running.")
    backfill.state, backfill.next_at, backfill.lease_by, backfill.lease_until = "paused", None, None, None
    record(session, backfill.workspace_id, "backfill.paused", by=by, forum=backfill.forum_id)


def resume(session: Session, backfill: Backfill, *, by: Actor) -> None:
    """Go on exactly where it stopped, also after it had failed; raises ConflictError when all is read. Doing it twice is harmless."""
    if backfill.state == "running":
        return
    if backfill.state == "done":
        raise ConflictError("This back-fill is done. Start it anew to look at everything again.")
    backfill.state, backfill.next_at, backfill.failures, backfill.error = "running", clock.now(), 0, None
    record(session, backfill.workspace_id, "backfill.resumed", by=by, forum=backfill.forum_id)


def of(session: Session, forum_id: int) -> Backfill | None:
    """The forum's back-fill, locked for whoever writes; None where none was ever started."""
    return session.scalar(select(Backfill).where(Backfill.forum_id == forum_id).with_for_update())


def by_forum(session: Session, workspace_id: int) -> Mapping[int, Backfill]:
    """Those of a workspace, by forum."""
    return {each.forum_id: each for each in session.scalars(select(Backfill).where(Backfill.workspace_id == workspace_id))}


def claim(session: Session, *, worker: str, lease_seconds: float, only: Sequence[int] | None = None) -> Backfill | None:
    """Take the next turn under a lease, or None: nothing is due, or a poll is, which always goes first.

    :param only: ids of forums.
    """
    now = clock.now()
    if is_poll_due(session, only):
        return None
    # A forum that somebody polls right now is left in peace meanwhile.
    idle = select(Forum.id).where(Forum.removed_at.is_(None), (Forum.lease_until.is_(None)) | (Forum.lease_until <= now))
    due = (
        select(Backfill.id)
        .where(Backfill.state == "running", Backfill.next_at <= now, Backfill.forum_id.in_(idle))
        .where((Backfill.lease_until.is_(None)) | (Backfill.lease_until <= now))
        .where(*_only(Backfill.forum_id, only))
        .order_by(Backfill.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Backfill)
        .where(Backfill.id == due.scalar_subquery())
        .values(lease_until=now + timedelta(seconds=lease_seconds), lease_by=f"{worker}:{uuid4().hex[:12]}")
        .returning(Backfill)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.scalar_one_or_none()


def is_poll_due(session: Session, only: Sequence[int] | None = None) -> bool:
    """Whether some forum waits to be polled and nobody does it yet."""
    now = clock.now()
    free = (Forum.lease_until.is_(None)) | (Forum.lease_until <= now)
    due = select(Forum.id).where(Forum.next_sync_at <= now, Forum.removed_at.is_(None), free, *_only(Forum.id, only))
    return session.scalar(due.limit(1)) is not None


def keep(session: Session, backfill: Backfill, *, lease_seconds: float, **values: Any) -> bool:
    """Note how far it came and hold on to it; False when the lease is lost, or it does not run any more."""
    return _update_held(session, backfill, lease_until=clock.now() + timedelta(seconds=lease_seconds), **values)


def rest(session: Session, backfill: Backfill, *, seconds: float) -> bool:
    """Give the turn back, to go on after a while."""
    return _update_held(session, backfill, next_at=clock.now() + timedelta(seconds=seconds), lease_until=None, lease_by=None)


def finish(session: Session, backfill: Backfill) -> bool:
    """All is read."""
    now = clock.now()
    done = {"state": "done", "finished_at": now, "next_at": None, "error": None, "failures": 0, "todo": None}
    return _update_held(session, backfill, **done, lease_until=None, lease_by=None)


def fail(session: Session, backfill: Backfill, reason: str, *, permanent: bool, retry_after: float | None) -> bool:
    """It could not go on: say why, and try again after a pause that grows; in the end somebody has to look at it."""
    failures = backfill.failures + 1
    values: dict[str, Any] = {"error": reason, "failures": failures, "lease_until": None, "lease_by": None}
    if failures >= (GIVE_UP_REFUSED if permanent else GIVE_UP_AFTER):
        return _update_held(session, backfill, **values, state="failed", next_at=None)
    pause = max(min(_FIRST_PAUSE * 2 ** (failures - 1), _LONGEST_PAUSE), min(retry_after or 0.0, _LONGEST_PAUSE))
    return _update_held(session, backfill, **values, next_at=clock.now() + timedelta(seconds=pause))


def _only(column: Any, forum_ids: Sequence[int] | None) -> list[ColumnElement[bool]]:
    return [] if forum_ids is None else [column.in_(forum_ids)]


def _update_held(session: Session, backfill: Backfill, **values: Any) -> bool:
    changed = session.execute(
        update(Backfill)
        .where(Backfill.id == backfill.id, Backfill.lease_by == backfill.lease_by, Backfill.state == "running")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
