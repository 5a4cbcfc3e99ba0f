"""Connected forums, and the reading of their history."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base
from powerup.db.types import Json


class Forum(Base):
    """A source of tickets: one site, with its credentials and how far we have read it."""

    __tablename__ = "forums"
    __table_args__ = (Index("ix_forums_due", "next_sync_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)
    sealed_credentials: Mapped[str | None] = mapped_column(Text)
    """JSON object as the adapter's `credential_fields` name it, sealed; None reads anonymously."""
    sealed_hook_secret: Mapped[str] = mapped_column(Text)
    """What the forum signs its webhooks with, sealed."""
    hook_token: Mapped[str] = mapped_column(String(64), unique=True)
    """Secret last part of the address to which the forum sends webhooks."""
    staff: Mapped[dict[str, Any]]
    """`{"usernames": [...], "groups": [...]}` that count as staff besides the forum's own roles."""
    features: Mapped[dict[str, Any]]
    """What the last check found: `{"can": [...], "missing": {feature: why}, "acting_as": name}`."""
    cursor: Mapped[dict[str, Any] | None]
    """How far we have listed; the adapter's own. What it claims is read, or stands in `todo`."""
    todo: Mapped[list[Any] | None] = mapped_column(Json)
    """Threads of the listed page that are still to be read, `[id, changed at]` each; saved together with `cursor`."""
    pace: Mapped[float] = mapped_column(Double, default=0.0)
    """Seconds that we leave between two threads; grows when the forum asks us to slow down (see `sync.pace`)."""
    state: Mapped[str] = mapped_column(String(16), default="working")
    """`working`, or `broken` with `sync_error`; a broken one is tried again, less often."""
    sync_error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)
    """Failed syncs in a row; the pause before the next grows with it."""
    last_sync_at: Mapped[datetime | None]
    last_hook_at: Mapped[datetime | None]
    """When a webhook with a good signature came last; to the minute."""
    hook_refused_at: Mapped[datetime | None]
    """When one was refused last (wrong signature, or unreadable); to the minute."""
    next_sync_at: Mapped[datetime | None]
    """When a worker should read it again; None once removed."""
    lease_until: Mapped[datetime | None]
    """A worker is reading it until then at the latest."""
    lease_by: Mapped[str | None] = mapped_column(String(64))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What an admin chose beyond the common settings, by name."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Backfill(Base):
    """Reading a forum's history, newest first: how far back it is to go, and how far it has come. One a forum."""

    __tablename__ = "backfills"
    __table_args__ = (Index("ix_backfills_due", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"), unique=True)
    since: Mapped[datetime]
    """Threads with no activity since then are left out."""
    cursor: Mapped[dict[str, Any] | None]
    """Where listing goes on; the adapter's own."""
    todo: Mapped[list[Any] | None] = mapped_column(Json)
    """As in `Forum.todo`."""
    last_page: Mapped[bool] = mapped_column(default=False)
    """Nothing is left to be listed; done when `todo` is."""
    state: Mapped[str] = mapped_column(String(16), default="running")
    """`running`, `paused`, `done`, or `failed` with `error`."""
    found: Mapped[int] = mapped_column(default=0)
    """Threads listed so far."""
    read: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    """Known already and unchanged, gone, or left to be tried again by the inbox."""
    total: Mapped[int | None]
    """How many threads the forum has in all, where its listing says so."""
    reached_at: Mapped[datetime | None]
    """Last activity of the oldest thread that was dealt with."""
    seconds_each: Mapped[float | None] = mapped_column(Double)
    """What reading one thread takes of late, rests included."""
    error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)
    """In a row; the pause before the next try grows with it."""
    started_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    """When a worker should go on; None unless running."""
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]
