"""Enqueue, claim, settle: all the life of a delivery. Knows no vendor.

At-least-once: a worker that dies leaves a lease, and another takes over when it ends. A claim that lost its lease can no
longer settle, so what two workers did at once is written down once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import uniform
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from powerup import clock
from powerup.errors import ConflictError
from powerup.outbox.models import Delivery, State

LONGEST_PAUSE = 3600.0
"""Seconds; neither our backing off nor a vendor's Retry-After makes a delivery wait longer."""


class LeaseLostError(Exception):
    """Another worker has taken the delivery over; drop what you have."""


@dataclass(frozen=True)
class Order:
    """What to deliver.

    :param lane: deliveries of one lane run one at a time, in order (`ticket:7`, `card:3`).
    :param request_id: the same id in the same workspace enqueues once.
    """

    kind: str
    lane: str
    payload: dict[str, Any] = field(default_factory=dict)
    card_id: int | None = None
    ticket_id: int | None = None
    resolution_id: int | None = None
    created_by: str | None = None
    request_id: str | None = None


def enqueue(session: Session, workspace_id: int, order: Order, *, max_attempts: int) -> Delivery:
    """Add a delivery in the caller's transaction; the row of an earlier call with the same `request_id` is returned instead.

    Raises ConflictError when that earlier call wanted something else.
    """
    earlier = repeated(session, workspace_id, order)
    if earlier is not None:
        return earlier
    now = clock.now()
    delivery = Delivery(
        workspace_id=workspace_id,
        kind=order.kind,
        marker=uuid4().hex,
        lane=order.lane,
        payload=order.payload,
        state=State.pending,
        attempts=0,
        attempts_left=max_attempts,
        card_id=order.card_id,
        ticket_id=order.ticket_id,
        resolution_id=order.resolution_id,
        created_by=order.created_by,
        request_id=order.request_id,
        created_at=now,
        next_attempt_at=now,
    )
    try:
        with session.begin_nested():
            session.add(delivery)
    except IntegrityError:
        # On PostgreSQL the same request may have come in twice at the same moment.
        earlier = repeated(session, workspace_id, order)
        if earlier is None:
            raise
        return earlier
    return delivery


def repeated(session: Session, workspace_id: int, order: Order) -> Delivery | None:
    """What an earlier request with this `request_id` enqueued; raises ConflictError when it wanted something else."""
    if order.request_id is None:
        return None
    earlier = session.scalar(select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.request_id == order.request_id))
    if earlier is not None and (earlier.kind, earlier.ticket_id, earlier.created_by) != (order.kind, order.ticket_id, order.created_by):
        # Answering with the other one would say "sent" of what never goes out.
        raise ConflictError("This request id was used for something else. Reload, and send it again.")
    return earlier


def claim(session: Session, *, worker: str, lease_seconds: float) -> Delivery | None:
    """Take the next due delivery under a lease, or None. One statement: two workers never get the same."""
    now = clock.now()
    taken = session.execute(
        update(Delivery)
        .where(Delivery.id == _next_due(now).scalar_subquery())
        .values(
            state=State.running,
            attempts=Delivery.attempts + 1,
            lease_by=f"{worker}:{uuid4().hex[:12]}",
            next_attempt_at=now + timedelta(seconds=lease_seconds),
        )
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.scalar_one_or_none()


def settle_done(session: Session, delivery: Delivery, outcome: dict[str, Any]) -> None:
    """The effect exists. Raises LeaseLostError when the claim is no longer ours."""
    _settle(session, delivery, state=State.done, outcome=outcome, reason=None, finished_at=clock.now())


def settle_failed(
    session: Session,
    delivery: Delivery,
    reason: str,
    *,
    permanent: bool,
    retry_after: float | None,
    base_seconds: float,
    outcome: Mapping[str, Any] | None = None,
) -> bool:
    """The attempt failed: plan the next one, or give up. Returns whether it was given up; raises LeaseLostError."""
    left = delivery.attempts_left - 1
    if permanent or left <= 0:
        values = {"reason": reason, "finished_at": clock.now(), "attempts_left": max(left, 0)}
        _settle(session, delivery, state=State.failed, **values, **({"outcome": dict(outcome)} if outcome else {}))
        return True
    pause = backoff(delivery.attempts, base_seconds=base_seconds, retry_after=retry_after)
    later = clock.now() + timedelta(seconds=pause)
    _settle(session, delivery, state=State.pending, reason=reason, next_attempt_at=later, attempts_left=left)
    return False


def backoff(attempts: int, *, base_seconds: float, retry_after: float | None) -> float:
    """Seconds until the next try: doubling with jitter, never sooner than the vendor asked, at most an hour."""
    doubled: float = min(base_seconds * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    return min(max(doubled * uniform(0.5, 1.0), retry_after or 0.0), LONGEST_PAUSE)  # noqa: S311 - jitter, not a secret


def retry(session: Session, delivery: Delivery, *, max_attempts: int) -> None:
    """Try a failed (or waiting) delivery again now; raises ConflictError when it runs, is done or was cancelled.

    Whoever asks for it has read why it failed: a message that was stopped because somebody else had written (`after` in the payload)
    goes out now, whatever was written.
    """
    changed = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state.in_((State.failed, State.pending)))
        .values(state=State.pending, next_attempt_at=clock.now(), attempts_left=max_attempts, reason=None, finished_at=None)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
        raise ConflictError("This delivery is running, done or cancelled; there is nothing to retry.")
    session.refresh(delivery)
    if (delivery.outcome or {}).get("overtaken"):
        delivery.outcome = None
        delivery.payload = {name: value for name, value in delivery.payload.items() if name != "after"}


def cancel(session: Session, delivery: Delivery) -> None:
    """Give a waiting or failed delivery up for good; raises ConflictError when it is too late."""
    if not cancel_where(session, Delivery.id == delivery.id):
        raise ConflictError("This delivery is already on its way, done or cancelled.")
    session.refresh(delivery)


def cancel_where(session: Session, *which: ColumnElement[bool]) -> int:
    """Cancel all waiting or failed deliveries that match; returns how many."""
    changed = session.execute(
        update(Delivery)
        .where(*which, Delivery.state.in_((State.failed, State.pending)))
        .values(state=State.cancelled, finished_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    count: int = changed.rowcount  # type: ignore[attr-defined]  # as above
    return count


def forget_finished(session: Session, *, before: datetime) -> int:
    """Remove done and cancelled deliveries that nothing refers to any more; returns how many."""
    gone = delete(Delivery).where(
        Delivery.state.in_((State.done, State.cancelled)),
        Delivery.finished_at < before,
        Delivery.resolution_id.is_(None),
    )
    removed: int = session.execute(gone).rowcount  # type: ignore[attr-defined]  # as above
    return removed


def _next_due(now: datetime) -> Select[int]:
    other = aliased(Delivery)
    # A later one of the lane can be on its way when somebody retries an earlier one that had failed.
    first = or_(other.id < Delivery.id, and_(other.id > Delivery.id, other.state == State.running, other.next_attempt_at > now))
    ahead = exists().where(and_(other.lane == Delivery.lane, first, other.state.in_(_open())))
    return (
        select(Delivery.id)
        .where(Delivery.state.in_(_open()), Delivery.next_attempt_at <= now, ~ahead)
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
        # Ignored by SQLite, where the writing transaction already keeps other workers out.
        .with_for_update(skip_locked=True, of=Delivery)
    )


def _settle(session: Session, delivery: Delivery, **values: Any) -> None:
    changed = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state == State.running, Delivery.lease_by == delivery.lease_by)
        .values(lease_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]  # as above
        raise LeaseLostError(f"delivery {delivery.id} is no longer ours")


def _open() -> BindParameter[list[str]]:
    # Written into the statement: a planner uses a partial index only when it sees the same words.
    return bindparam("open", [State.pending.value, State.running.value], expanding=True, literal_execute=True, unique=True)
