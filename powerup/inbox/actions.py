"""Store, claim and settle received webhooks."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from powerup import clock
from powerup.inbox.models import Received

MAX_ATTEMPTS = 8
"""After that a hint is given up: the next poll reads the same change anyway."""


_OPEN: BindParameter[list[str]] = bindparam("open", ["pending", "running"], expanding=True, literal_execute=True)
"""Written into the statement: a planner uses a partial index only when it sees the same words."""


def store(session: Session, workspace_id: int, *, source: str, event_id: str, hint: dict[str, Any]) -> bool:
    """Keep a verified webhook; returns False when this event was stored before (a second delivery changes nothing)."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    row = insert(Received).values(
        workspace_id=workspace_id,
        source=source,
        event_id=event_id,
        hint=hint,
        state="pending",
        attempts=0,
        received_at=now,
        next_attempt_at=now,
    )
    stored = session.execute(row.on_conflict_do_nothing(index_elements=["source", "event_id"]).returning(Received.id))
    return stored.scalar_one_or_none() is not None


def claim(session: Session, *, worker: str, lease_seconds: float) -> Received | None:
    """Take the next due hint under a lease, or None."""
    now = clock.now()
    due = (
        select(Received.id)
        .where(Received.state.in_(_OPEN), Received.next_attempt_at <= now)
        .order_by(Received.next_attempt_at, Received.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Received)
        .where(Received.id == due.scalar_subquery())
        .values(
            state="running",
            attempts=Received.attempts + 1,
            lease_by=f"{worker}:{uuid4().hex[:12]}",
            next_attempt_at=now + timedelta(seconds=lease_seconds),
        )
        .returning(Received)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.scalar_one_or_none()


def settle_done(session: Session, item: Received) -> bool:
    """Worked on. False when another worker took it over meanwhile."""
    return _settle(session, item, state="done", reason=None, finished_at=clock.now())


def settle_failed(session: Session, item: Received, reason: str, *, permanent: bool, pause_seconds: float) -> bool:
    """Try later, or give up. False when another worker took it over meanwhile."""
    if permanent or item.attempts >= MAX_ATTEMPTS:
        return _settle(session, item, state="failed", reason=reason, finished_at=clock.now())
    return _settle(session, item, state="pending", reason=reason, next_attempt_at=clock.now() + timedelta(seconds=pause_seconds))


def settle_same(session: Session, item: Received, *, received_before: datetime) -> int:
    """Settle the waiting hints about the same thread that had come in before it was read: one reading answers them all."""
    same = update(Received).where(
        Received.source == item.source,
        Received.state == "pending",
        Received.received_at <= received_before,
        Received.hint["thread"].as_string() == item.hint["thread"],
    )
    changed = session.execute(same.values(state="done", reason=None, finished_at=clock.now()).execution_options(synchronize_session=False))
    count: int = changed.rowcount  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
    return count


def forget_finished(session: Session, *, before: datetime) -> int:
    """Remove hints that were worked on or given up long ago; returns how many."""
    gone = delete(Received).where(Received.state.in_(("done", "failed")), Received.finished_at < before)
    removed: int = session.execute(gone).rowcount  # type: ignore[attr-defined]  # as above
    return removed


def _settle(session: Session, item: Received, **values: Any) -> bool:
    changed = session.execute(
        update(Received)
        .where(Received.id == item.id, Received.lease_by == item.lease_by)
        .values(lease_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
