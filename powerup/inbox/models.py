"""Received webhooks, waiting to be worked on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_OPEN = text("state IN ('pending', 'running')")


class Received(Base):
    """One verified webhook, kept as the hint that it is: what to look at, not what was said."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_inbox_due", "next_attempt_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str] = mapped_column(String(48))
    """`forum:<row id>`, `trello:<board row id>` or `slack:<workspace id>`."""
    event_id: Mapped[str] = mapped_column(String(160))
    """The sender's own id of the event."""
    hint: Mapped[dict[str, Any]]
    """Which thread or card, or which button; ids, and what answers it sealed."""
    state: Mapped[str] = mapped_column(String(16), default="pending")
    """`pending`, `running`, `done` or `failed`."""
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    lease_by: Mapped[str | None] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]
