"""Which cards stand for which tickets."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_LIVE = text("ended_at IS NULL")


class Link(Base):
    """Card and ticket belong together; ended rather than deleted, so that history stays."""

    __tablename__ = "links"
    __table_args__ = (
        Index("uq_links_live", "card_id", "ticket_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_links_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    made_by: Mapped[str | None] = mapped_column(String(64))
    """Trello member id; None when Closeloop made it with the card."""
    made_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
