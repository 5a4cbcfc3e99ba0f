"""What triage remembers: settings, decisions, lessons, who looks at what, saved views, canned replies."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base


class TriageSettings(Base):
    """How a workspace triages; absent: `rules.DEFAULTS`."""

    __tablename__ = "triage_settings"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    hours: Mapped[dict[str, Any]]
    """Business hours, as `powerup.hours.read` takes them."""
    targets: Mapped[dict[str, Any]]
    """Impact -> `{"first_answer": minutes or None, "next_update": minutes or None}`, in business time."""
    changed_at: Mapped[datetime]


class Decision(Base):
    """What a triager did with one thread: the flight recorder's line, and what undo takes back."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "batch", "ticket_id"),
        Index("ix_decisions_at", "workspace_id", "at"),
        Index("ix_decisions_assignment", "assignment_id"),
        Index("ix_decisions_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    batch: Mapped[str] = mapped_column(String(64))
    """The browser's id of the request; everything decided at once is undone at once."""
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(String(16))
    """`assign`, `link`, `no_action` or `snooze`."""
    member_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    seconds: Mapped[float | None]
    """How long the thread was in front of the triager, by the page's own clock."""
    rank: Mapped[int | None]
    """Which suggestion was taken: 1 to 3; 0 another team; None where nothing was suggested."""
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    dismissal_id: Mapped[int | None] = mapped_column(ForeignKey("dismissals.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id"))
    undone_at: Mapped[datetime | None]
    handed_back_at: Mapped[datetime | None]
    """When the team that got it gave it back or passed it on: a misroute."""


class Lesson(Base):
    """What a decision taught about whose a thread is; read in order by every process that suggests."""

    __tablename__ = "lessons"
    __table_args__ = (
        Index("ix_lessons_workspace", "workspace_id", "id"),
        Index("ix_lessons_assignment", "assignment_id"),
        Index("ix_lessons_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    right: Mapped[str | None] = mapped_column(String(32))
    """`area:7` or `team:3`; None: only what was wrong is known."""
    wrong: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Presence(Base):
    """Which thread a triager has open, until they stop saying so."""

    __tablename__ = "presences"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    member_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    seen_at: Mapped[datetime]


class View(Base):
    """A triager's saved filter."""

    __tablename__ = "triage_views"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    filter: Mapped[dict[str, Any]]
    """As the queue's query takes it."""


class CannedReply(Base):
    """A first reply that is often the same; `{name}` stands for the customer's name."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    used: Mapped[int] = mapped_column(default=0)
    """How often; the most used stands first."""
    removed_at: Mapped[datetime | None]
