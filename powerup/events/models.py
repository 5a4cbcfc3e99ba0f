"""The audit log's table."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base


class Event(Base):
    """One line of history: who did what to which, when. Never changed."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_card", "card_id", "id"),
        Index("ix_events_workspace", "workspace_id", "id"),
        Index("ix_events_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(16))
    """`member` (a person on Trello), `forum` (somebody there), `trello`, `system`."""
    actor_id: Mapped[str | None] = mapped_column(String(64))
    """Trello's member id, or the forum's id of a person."""
    verb: Mapped[str] = mapped_column(String(48))
    """`link.made`, `resolution.marked` …: noun, dot, past tense."""
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    data: Mapped[dict[str, Any]]
    """What a reader needs beyond the columns; ids and settings, no customer text."""
