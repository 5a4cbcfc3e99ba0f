"""Read deliveries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.outbox.models import Delivery


def get(session: Session, workspace_id: int, delivery_id: int) -> Delivery:
    """One delivery of this workspace; raises NotFoundError."""
    found = session.scalar(select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.id == delivery_id))
    if found is None:
        raise NotFoundError("There is no such delivery in this workspace.")
    return found


def listed(
    session: Session,
    workspace_id: int,
    *,
    card_id: int | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Delivery]:
    """Deliveries newest first; page on with the last one's id as `before_id`."""
    wanted = select(Delivery).where(Delivery.workspace_id == workspace_id)
    if card_id is not None:
        wanted = wanted.where(Delivery.card_id == card_id)
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    if before_id is not None:
        wanted = wanted.where(Delivery.id < before_id)
    return session.scalars(wanted.order_by(Delivery.id.desc()).limit(limit)).all()
