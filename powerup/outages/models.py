"""Outages: proposed by a burst of threads, declared by a person, ended by an all-clear."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_STANDING = text("state IN ('proposed', 'open')")


class Outage(Base):
    """Many customers have one problem now."""

    __tablename__ = "outages"
    __table_args__ = (
        Index("uq_outages_area", "area_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_outages_workspace", "workspace_id", "id"),
        Index("ix_outages_next_word", "next_word_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    state: Mapped[str] = mapped_column(String(16))
    """`proposed`, `open`, `over`, or `dismissed`: a proposal that was none."""
    title: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]]
    """What the burst showed: `{"count", "hours", "usual", "words"}`."""
    master_ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """The ticket whose card is the master card; all others are linked to it."""
    proposed_at: Mapped[datetime]
    opened_by: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None]
    promise_minutes: Mapped[int] = mapped_column(default=60)
    next_word_at: Mapped[datetime | None]
    """By when customers were promised news."""
    reminded_at: Mapped[datetime | None]
    """When the team was last told that the promise runs out."""
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]


class OutageTicket(Base):
    """A customer who is hit."""

    __tablename__ = "outage_tickets"

    outage_id: Mapped[int] = mapped_column(ForeignKey("outages.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    added_at: Mapped[datetime]
