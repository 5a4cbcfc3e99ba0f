"""Outgoing effects, durable until done."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_OPEN = text("state IN ('pending', 'running')")
_UNFINISHED = text("state IN ('pending', 'running', 'failed')")


class State(StrEnum):
    """Where a delivery stands."""

    pending = "pending"
    """Waits for its time or for an earlier one in its lane."""
    running = "running"
    """A worker has it under a lease."""
    done = "done"
    failed = "failed"
    """Given up; `reason` says why; a person may retry it."""
    cancelled = "cancelled"


class Delivery(Base):
    """One effect in the outside world: a reply, a comment, a card …"""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("workspace_id", "request_id"),
        Index("ix_deliveries_due", "next_attempt_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_deliveries_lane", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_deliveries_card", "card_id", "id"),
        # What a badge asks: few rows, however long the history.
        Index("ix_deliveries_unfinished", "card_id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_deliveries_ticket", "ticket_id", "id"),
        Index("ix_deliveries_resolution", "resolution_id"),
        Index("ix_deliveries_workspace", "workspace_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str] = mapped_column(String(32))
    """`forum_reply`, `trello_card` …: names the handler."""
    marker: Mapped[str] = mapped_column(String(64), unique=True)
    """By which the effect is found again at the other end when an answer was lost."""
    lane: Mapped[str] = mapped_column(String(64))
    """Deliveries of one lane run one at a time, in order."""
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default=State.pending)
    attempts: Mapped[int] = mapped_column(default=0)
    attempts_left: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    """Why the last attempt failed, in plain words."""
    outcome: Mapped[dict[str, Any] | None]
    """What the other end answered: ids and addresses."""
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolutions.id"))
    request_id: Mapped[str | None] = mapped_column(String(64))
    """The browser's id of the request that asked for it; a second send finds this row."""
    created_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    """Not before then; while running: when the lease ends."""
    lease_by: Mapped[str | None] = mapped_column(String(64))
    """Which claim has it; an older claim may not settle it any more."""
    finished_at: Mapped[datetime | None]
