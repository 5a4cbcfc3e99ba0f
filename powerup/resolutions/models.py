"""How a card's problem was resolved, for this and all future customers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_LIVE = text("ended_at IS NULL")


class Resolution(Base):
    """One marking. Changing or withdrawing ends the row; the next is a new one."""

    __tablename__ = "resolutions"
    __table_args__ = (
        Index("uq_resolutions_live", "card_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_resolutions_workspace", "workspace_id", "marked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    type: Mapped[str] = mapped_column(String(24))
    """`code_fix`, `ui_change` or `docs`."""
    state: Mapped[str] = mapped_column(String(24))
    """`marked`, `shipped`, `customers_told` or `came_back`."""
    evidence_url: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    """For the team; never sent."""
    message: Mapped[str | None] = mapped_column(Text)
    """What the customers are told; None tells nobody."""
    request_id: Mapped[str | None] = mapped_column(String(64))
    """The browser's id of the request: a second send of it changes nothing."""
    marked_by: Mapped[str] = mapped_column(String(64))
    marked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the last customer was told."""
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None] = mapped_column(String(16))
    """`changed` or `withdrawn`."""
