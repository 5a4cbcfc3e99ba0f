"""Assignments and dismissals: rows that end rather than vanish."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

_LIVE = text("ended_at IS NULL")


class Assignment(Base):
    """A ticket belongs to a team (and perhaps a person). One at a time: the unique index is what two triagers at once meet."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index("uq_assignments_live", "ticket_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_assignments_ticket", "ticket_id", "id"),
        Index("ix_assignments_team", "team_id", "made_at"),
        Index("ix_assignments_card", "card_id"),
        Index("ix_assignments_workspace", "workspace_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    """The area that it was taken for."""
    member_id: Mapped[str | None] = mapped_column(String(64))
    """Trello's id of the person who owns it."""
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    """The card that stands for it; None until the delivery has made it."""
    made_by: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None] = mapped_column(String(16))
    """`reassigned`, `handed_back`, `unlinked` or `undone`."""
    ended_why: Mapped[str | None] = mapped_column(String(280))
    """What whoever handed it back said."""


class Dismissal(Base):
    """A thread set aside at triage: for good, or until a time. A customer who writes again ends it."""

    __tablename__ = "dismissals"
    __table_args__ = (Index("uq_dismissals_live", "ticket_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(String(16))
    """`no_action` or `snooze`."""
    until: Mapped[datetime | None]
    made_by: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
