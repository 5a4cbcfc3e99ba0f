"""Read history."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.events.models import Event


def of_card(session: Session, workspace_id: int, card_id: int, *, limit: int = 50) -> Sequence[Event]:
    """The newest events of a card, newest first."""
    wanted = select(Event).where(Event.workspace_id == workspace_id, Event.card_id == card_id)
    return session.scalars(wanted.order_by(Event.id.desc()).limit(limit)).all()
