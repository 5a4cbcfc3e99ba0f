"""Tickets and their messages."""

from collections.abc import Sequence
from typing import Any, Literal

from api.openapi import Model
from powerup import clock
from powerup.cards.models import Card
from powerup.forums.models import Forum
from powerup.tickets.models import Customer, Message, Ticket
from powerup.tickets.queries import MessagePage, Summary


class ForumRef(Model):
    """Which forum a ticket is on."""

    id: int
    name: str
    kind: str


class Person(Model):
    """A customer."""

    name: str
    username: str
    avatar_url: str | None


class TicketSummary(Model):
    """A ticket in a list."""

    id: int
    forum: ForumRef
    url: str
    subject: str
    state: Literal["open", "resolved", "closed", "deleted"]
    customer: Person
    message_count: int
    created_at: str
    last_message_at: str
    waiting_on: Literal["us", "customer"] | None
    waiting_since: str | None
    excerpt: str
    assigned_to: str | None
    private: bool
    impact: Literal["low", "normal", "high", "outage"]
    warn_at: str | None
    """Its badge is yellow from then …"""
    due_at: str | None
    """… and red from then; null where nothing is promised or nobody waits for us."""
    due_kind: Literal["first_answer", "next_update"] | None


class Author(Model):
    """Who wrote a message, and on whose side."""

    name: str
    username: str
    role: Literal["customer", "staff"]
    avatar_url: str | None


class MessageShape(Model):
    """One post. `html` is sanitised; images in it are held back until somebody clicks."""

    id: int
    number: int
    author: Author
    visibility: Literal["public", "internal"]
    system: bool
    html: str
    created_at: str
    edited_at: str | None
    deleted: bool


class CardRef(Model):
    """Another card of the same ticket."""

    name: str
    url: str


class TicketDetail(TicketSummary):
    """A ticket with (part of) its thread."""

    messages: list[MessageShape]
    messages_before: int | None
    """Ask with `before` = this for the earlier ones."""
    messages_earlier: int
    """How many there are before these."""
    features: list[str]
    missing: dict[str, str]
    """What the forum cannot do here, and why."""
    other_cards: list[CardRef]


def ticket_summary(row: Summary) -> dict[str, Any]:
    """A `TicketSummary`."""
    ticket: Ticket = row.Ticket
    customer: Customer = row.Customer
    return {
        "id": ticket.id,
        "forum": forum_ref(row.Forum),
        "url": ticket.url,
        "subject": ticket.subject,
        "state": ticket.state,
        "customer": {"name": customer.name or customer.username, "username": customer.username, "avatar_url": customer.avatar_url},
        "message_count": ticket.message_count,
        "created_at": clock.iso(ticket.created_at),
        "last_message_at": clock.iso(ticket.last_message_at),
        "waiting_on": ticket.waiting_on,
        "waiting_since": clock.iso(ticket.waiting_since) if ticket.waiting_since else None,
        "excerpt": ticket.excerpt,
        "assigned_to": ticket.assigned_to,
        "private": ticket.private,
        "impact": ticket.impact,
        "warn_at": clock.iso(ticket.warn_at) if ticket.warn_at else None,
        "due_at": clock.iso(ticket.due_at) if ticket.due_at else None,
        "due_kind": ticket.due_kind,
    }


def ticket_detail(row: Summary, page: MessagePage, other_cards: Sequence[Card]) -> dict[str, Any]:
    """A `TicketDetail`."""
    return ticket_summary(row) | {
        "messages": [message_shape(message) for message in page.messages],
        "messages_before": page.before,
        "messages_earlier": page.earlier,
        **forum_abilities(row.Forum),
        "other_cards": [{"name": card.name, "url": card.url} for card in other_cards],
    }


def forum_abilities(forum: Forum) -> dict[str, Any]:
    """What can be done in its threads, and why the rest cannot."""
    if forum.removed_at is not None:
        return {"features": [], "missing": {"reply": f"{forum.name} is no longer connected."}}
    return {"features": list(forum.features.get("can", ())), "missing": dict(forum.features.get("missing", {}))}


def forum_ref(forum: Forum) -> dict[str, Any]:
    """A `ForumRef`."""
    return {"id": forum.id, "name": forum.name, "kind": forum.kind}


def message_shape(message: Message) -> dict[str, Any]:
    """A `MessageShape`."""
    return {
        "id": message.id,
        "number": message.number,
        "author": {
            "name": message.author_name or message.author_username,
            "username": message.author_username,
            "role": message.author_role,
            "avatar_url": message.author_avatar_url,
        },
        "visibility": message.visibility,
        "system": message.system,
        "html": message.html,
        "created_at": clock.iso(message.created_at),
        "edited_at": clock.iso(message.edited_at) if message.edited_at else None,
        "deleted": message.deleted_at is not None,
    }
