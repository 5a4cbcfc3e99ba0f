"""Cards that Closeloop has something to do with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base


class Card(Base):
    """A Trello card whose board is confirmed by Trello itself, never by the browser's word."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("workspace_id", "trello_id"), Index("ix_cards_board", "board_id", "trello_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    trello_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    list_id: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]
    """When we saw that it was archived or deleted."""
    seen_at: Mapped[datetime]
