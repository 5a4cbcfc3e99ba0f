"""Tickets and their messages."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from api.openapi import Model
from powerup import clock
from powerup.cards.models import Card
from powerup.forums.models import Forum
from powerup.integrations.forums.registry import adapter_of
from powerup.links import queries as links
from powerup.tickets import attachments, people
from powerup.tickets.models import Attachment, Customer, Message, Ticket
from powerup.tickets.queries import MessagePage, Summary


class ForumRef(Model):
    """Which forum a ticket is on."""

    id: int
    name: str
    kind: str
    confidential: bool
    """Only the customer and staff ever read what is written there."""


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


class FileShape(Model):
    """A file in a message; `GET /tickets/<id>/files/<id>` has its bytes."""

    id: int
    path: str
    """Below `/api/v1`."""
    name: str
    content_type: str | None
    """As the forum claims."""
    size: int | None
    shown_as: str | None
    """The `data-src` of the held image in the message's HTML that this file is; null for a file at its foot."""


class MessageShape(Model):
    """One post. `html` is sanitised; images in it are held back until somebody clicks, but for those that are files of the forum."""

    id: int
    number: int
    author: Author
    visibility: Literal["public", "internal"]
    system: bool
    html: str
    created_at: str
    edited_at: str | None
    deleted: bool
    files: list[FileShape]


class OtherThread(Model):
    """Another thread of the same customer, on this forum or on another that verified the same e-mail address."""

    id: int
    subject: str
    url: str
    forum: ForumRef
    state: Literal["open", "resolved", "closed", "deleted"]
    waiting_on: Literal["us", "customer"] | None
    created_at: str
    card_url: str | None


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
    customer_threads: list[OtherThread]


def ticket_summary(row: Summary) -> dict[str, Any]:
    """A `TicketSummary`."""
    ticket: Ticket = row.Ticket
    customer: Customer = row.Customer
    return {
        "id": ticket.id,
        "forum": forum_ref(row.Forum.id, row.Forum.name, row.Forum.kind),
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


def ticket_detail(session: Session, row: Summary, page: MessagePage, other_cards: Sequence[Card]) -> dict[str, Any]:
    """A `TicketDetail`."""
    files = attachments.of_messages(session, [message.id for message in page.messages])
    return ticket_summary(row) | {
        "messages": [message_shape(message, files.get(message.id, ())) for message in page.messages],
        "messages_before": page.before,
        "messages_earlier": page.earlier,
        **forum_abilities(row.Forum),
        "other_cards": [{"name": card.name, "url": card.url} for card in other_cards],
        "customer_threads": _others(session, row.Ticket),
    }


def forum_abilities(forum: Forum) -> dict[str, Any]:
    """What can be done in its threads, and why the rest cannot."""
    if forum.removed_at is not None:
        return {"features": [], "missing": {"reply": f"{forum.name} is no longer connected."}}
    return {"features": list(forum.features.get("can", ())), "missing": dict(forum.features.get("missing", {}))}


def forum_ref(forum_id: int, name: str, kind: str) -> dict[str, Any]:
    """A `ForumRef`."""
    return {"id": forum_id, "name": name, "kind": kind, "confidential": adapter_of(kind).confidential}


def message_shape(message: Message, files: Sequence[Attachment]) -> dict[str, Any]:
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
        "files": [
            {
                "id": file.id,
                "path": f"/tickets/{message.ticket_id}/files/{file.id}",
                "name": file.name,
                "content_type": file.content_type,
                "size": file.size,
                "shown_as": file.shown_as,
            }
            for file in files
        ],
    }


def _others(session: Session, ticket: Ticket) -> list[dict[str, Any]]:
    found = people.threads_of(session, ticket.workspace_id, ticket.customer_id, but=ticket.id)
    cards = links.card_urls(session, ticket.workspace_id, [other.id for other, _ in found])
    return [
        {
            "id": other.id,
            "subject": other.subject,
            "url": other.url,
            "forum": forum_ref(forum.id, forum.name, forum.kind),
            "state": other.state,
            "waiting_on": other.waiting_on,
            "created_at": clock.iso(other.created_at),
            "card_url": cards.get(other.id),
        }
        for other, forum in found
    ]
