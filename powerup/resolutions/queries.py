"""Read resolutions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.outbox.models import Delivery, State
from powerup.resolutions.models import Resolution


@dataclass(frozen=True, slots=True)
class Told:
    """How many customers have the message, of how many who should."""

    told: int
    to_tell: int


def of_card(session: Session, workspace_id: int, card_id: int) -> Resolution | None:
    """The card's standing resolution."""
    return session.scalar(
        select(Resolution).where(Resolution.workspace_id == workspace_id, Resolution.card_id == card_id, Resolution.ended_at.is_(None))
    )


def told(session: Session, resolution_id: int) -> Told:
    """Count the messages to customers that belong to a resolution; one that waits for a moderator has told nobody yet."""
    rows = session.execute(
        select(Delivery.state, Delivery.outcome).where(
            Delivery.resolution_id == resolution_id, Delivery.kind == "forum_reply", Delivery.state != State.cancelled
        )
    ).all()
    seen = sum(state == State.done and not (outcome or {}).get("awaiting_approval") for state, outcome in rows)
    return Told(seen, len(rows))
