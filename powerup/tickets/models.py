"""Customers, their threads and what was said in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base

QUEUED = text("tickets.triage IN ('new', 'snoozed')")
"""For questions about the queue: a planner uses a partial index only when it sees the index's own words, and no parameters."""
SET_ASIDE = text("tickets.triage = 'no_action'")
_QUEUED = text("triage IN ('new', 'snoozed')")
_SET_ASIDE = text("triage = 'no_action'")


class Customer(Base):
    """Who opened a ticket, as the forum knows them."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("forum_id", "external_id"), Index("ix_customers_email", "email_print"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"))
    external_id: Mapped[str] = mapped_column(String(255))
    username: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    avatar_url: Mapped[str | None] = mapped_column(Text)
    email_print: Mapped[str | None] = mapped_column(String(64))
    """Fingerprint of an e-mail address that the forum verified: the same one on another forum is the same person. Never the address."""


class Ticket(Base):
    """One customer thread on a forum."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("forum_id", "external_id"),
        Index("ix_tickets_newest", "workspace_id", "last_message_at", "id"),
        Index("ix_tickets_customer", "customer_id"),
        # What triage asks: few rows, however many years of history.
        Index("ix_tickets_queue", "workspace_id", "queue_rank", "queue_at", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        Index(
            *("ix_tickets_set_aside", "workspace_id", "queue_rank", "queue_at", "id"), sqlite_where=_SET_ASIDE, postgresql_where=_SET_ASIDE
        ),
        Index("ix_tickets_area", "area_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"))
    external_id: Mapped[str] = mapped_column(String(255))
    url: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    """`open`, `resolved`, `closed` or `deleted`, as the forum says."""
    private: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    assigned_to: Mapped[str | None] = mapped_column(Text)
    """Person or team on the forum itself."""
    excerpt: Mapped[str] = mapped_column(Text)
    """First words of the first message, plain text."""
    message_count: Mapped[int]
    """Messages of people that are not deleted, internal ones included."""
    waiting_on: Mapped[str | None] = mapped_column(String(16))
    """`us`, `customer` or None; always what `rules.waiting` says of the messages, written in the same transaction."""
    waiting_since: Mapped[datetime | None]
    """Time of the first message that nobody has answered yet."""
    last_message_at: Mapped[datetime]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """The forum's own time of the last change."""
    read_at: Mapped[datetime]
    """When we last read it whole."""
    customer_spoke_at: Mapped[datetime | None]
    """Time of the customers' last public message."""
    first_answer_at: Mapped[datetime | None]
    """Time of our first public message."""
    impact: Mapped[str] = mapped_column(String(16), default="normal")
    """`low`, `normal`, `high` or `outage`."""
    area_id: Mapped[int | None]
    """What it is about: as decided, before that as suggested. No foreign key: areas lie in another room, and never vanish."""
    triage: Mapped[str] = mapped_column(String(16), default="new")
    """`new`, `snoozed`, `no_action`, `owned` or `settled`; always what `triage.standing` says, written in the same transaction."""
    snoozed_until: Mapped[datetime | None]
    queue_rank: Mapped[int] = mapped_column(default=0)
    """Place in the queue: smaller first; see `triage.rules.rank`."""
    queue_at: Mapped[datetime | None]
    """Within a rank: earlier first. None only while triage has not seen the ticket."""
    warn_at: Mapped[datetime | None]
    """When its badge turns yellow."""
    due_at: Mapped[datetime | None]
    """When its badge turns red: the target of its impact runs out."""
    due_kind: Mapped[str | None] = mapped_column(String(16))
    """`first_answer` or `next_update`."""


class Message(Base):
    """One post in a ticket."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("forum_id", "external_id"), Index("ix_messages_thread", "ticket_id", "number", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    external_id: Mapped[str] = mapped_column(String(255))
    number: Mapped[int]
    """Position in the thread; gaps where something was deleted or moved."""
    author_external_id: Mapped[str] = mapped_column(String(255))
    author_username: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(Text)
    author_avatar_url: Mapped[str | None] = mapped_column(Text)
    author_role: Mapped[str] = mapped_column(String(16))
    """`customer` or `staff`."""
    visibility: Mapped[str] = mapped_column(String(16))
    """`public` or `internal`."""
    system: Mapped[bool] = mapped_column(default=False)
    """Written by the forum itself ("closed", "assigned to …")."""
    html: Mapped[str] = mapped_column(Text)
    """Sanitised; safe to show."""
    source_html: Mapped[str] = mapped_column(Text)
    """As the forum gave it: hostile; for sanitising anew, never for showing."""
    text: Mapped[str] = mapped_column(Text)
    """Plain text, for search and excerpts."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Attachment(Base):
    """A file in a message; its bytes stay on the forum."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("message_id", "reference"), Index("ix_attachments_ticket", "ticket_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    reference: Mapped[str] = mapped_column(Text)
    """What the forum's adapter finds it by."""
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str | None] = mapped_column(String(255))
    """As the forum claims."""
    size: Mapped[int | None]
    """Bytes, as the forum claims."""
    shown_as: Mapped[str | None] = mapped_column(Text)
    """The address by which the message's HTML shows it as an image."""
