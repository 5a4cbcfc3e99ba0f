"""Connected forums."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base


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
    """How far we have read; the adapter's own."""
    state: Mapped[str] = mapped_column(String(16), default="working")
    """`working`, or `broken` with `sync_error`; a broken one is tried again, less often."""
    sync_error: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)
    """Failed syncs in a row; the pause before the next grows with it."""
    last_sync_at: Mapped[datetime | None]
    next_sync_at: Mapped[datetime | None]
    """When a worker should read it again; None once removed."""
    lease_until: Mapped[datetime | None]
    """A worker is reading it until then at the latest."""
    lease_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
