"""Record threads as a forum tells them. Recording twice changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.events.actions import Actor
from powerup.events.actions import record as record_event
from powerup.forums.models import Forum
from powerup.render import excerpt, plain_text, sanitise
from powerup.threads import Author, Message, Role, Thread, ThreadState
from powerup.tickets import attachments, rules
from powerup.tickets.models import Customer, Ticket
from powerup.tickets.models import Message as MessageRow

EXCERPT_LENGTH = 280

Fingerprint = Callable[[str], str]
"""One way from a text to 64 hex digits that betray nothing of it."""


def record(session: Session, forum: Forum, thread: Thread, *, fingerprint: Fingerprint | None = None) -> Ticket:
    """Insert or update the ticket, its customer, its messages and their attachments from one whole reading of the thread.

    Messages that the reading no longer has are marked deleted; identity is (forum, external id), so order and doubles of
    webhooks do not matter.

    :param fingerprint: makes of a verified e-mail address what is kept of it; without it nothing is.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.forum_id == forum.id, Ticket.external_id == thread.external_id))
    is_new = ticket is None
    if ticket is None:
        ticket = Ticket(workspace_id=forum.workspace_id, forum_id=forum.id, external_id=thread.external_id)
    before = None if is_new else (ticket.state, ticket.waiting_on, ticket.message_count)
    _describe(session, ticket, forum, thread, _customer(session, forum, thread.customer, fingerprint))
    session.add(ticket)
    session.flush()
    _record_messages(session, ticket, thread.messages)
    after = (ticket.state, ticket.waiting_on, ticket.message_count)
    if is_new:
        record_event(session, forum.workspace_id, "ticket.found", by=Actor("forum", thread.customer.external_id), ticket_id=ticket.id)
    elif before != after:
        changes: dict[str, Any] = {"state": ticket.state, "waiting_on": ticket.waiting_on, "messages": ticket.message_count}
        record_event(session, forum.workspace_id, "ticket.changed", by=Actor("forum"), ticket_id=ticket.id, **changes)
    return ticket


def mark_deleted(session: Session, ticket: Ticket) -> None:
    """The forum says that the thread is gone (deleted or hidden from us); what we have read stays readable."""
    if ticket.state == ThreadState.deleted:
        return
    ticket.state, ticket.waiting_on, ticket.waiting_since = ThreadState.deleted, None, None
    ticket.read_at = clock.now()
    record_event(session, ticket.workspace_id, "ticket.deleted", by=Actor("forum"), ticket_id=ticket.id)


def _describe(session: Session, ticket: Ticket, forum: Forum, thread: Thread, customer: Customer) -> None:
    spoken = rules.counted(thread.messages)
    waiting = rules.waiting_in(thread)
    ticket.url, ticket.subject, ticket.state = thread.url, thread.subject, thread.state
    ticket.private, ticket.assigned_to = thread.private, thread.assigned_person or thread.assigned_team
    ticket.customer_id = customer.id
    ticket.excerpt = excerpt(plain_text(spoken[0].html), EXCERPT_LENGTH) if spoken else ""
    ticket.message_count = len(spoken)
    ticket.waiting_on, ticket.waiting_since = waiting.on, waiting.since
    ticket.customer_spoke_at = max(rules.spoken_at(thread.messages, Role.customer), default=None)
    ticket.first_answer_at = min(rules.spoken_at(thread.messages, Role.staff), default=None)
    ticket.last_message_at = max((message.created_at for message in spoken), default=thread.created_at)
    ticket.created_at, ticket.changed_at, ticket.read_at = thread.created_at, thread.changed_at, clock.now()


def _customer(session: Session, forum: Forum, author: Author, fingerprint: Fingerprint | None) -> Customer:
    customer = session.scalar(select(Customer).where(Customer.forum_id == forum.id, Customer.external_id == author.external_id))
    if customer is None:
        customer = Customer(workspace_id=forum.workspace_id, forum_id=forum.id, external_id=author.external_id)
        session.add(customer)
    customer.username, customer.name, customer.avatar_url = author.username, author.name, author.avatar_url
    address = author.verified_email
    customer.email_print = fingerprint(address.strip().lower()) if fingerprint and address and address.strip() else None
    session.flush()
    return customer


def _record_messages(session: Session, ticket: Ticket, messages: Sequence[Message]) -> None:
    known: Mapping[str, MessageRow] = {
        row.external_id: row for row in session.scalars(select(MessageRow).where(MessageRow.ticket_id == ticket.id))
    }
    seen = {message.external_id for message in messages}
    arrivals = {message.external_id: message for message in messages if message.external_id not in known}
    # A post that was moved here from another thread keeps its id.
    moved = {
        row.external_id: row
        for row in session.scalars(select(MessageRow).where(MessageRow.forum_id == ticket.forum_id, MessageRow.external_id.in_(arrivals)))
    }
    rows: list[MessageRow] = []
    for message in messages:
        row = known.get(message.external_id) or moved.get(message.external_id)
        if row is None:
            row = MessageRow(**_identity(ticket, message), **_content(message), **_position(ticket, message))
            session.add(row)
        else:
            _update(row, _position(ticket, message) | (_content(message) if row.source_html != message.html else {}))
        rows.append(row)
    for external_id, row in known.items():
        if external_id not in seen and row.deleted_at is None:
            row.deleted_at = clock.now()
    session.flush()
    attachments.record(session, ticket, {row.id: message.attachments for row, message in zip(rows, messages, strict=True)})


def _identity(ticket: Ticket, message: Message) -> dict[str, Any]:
    return {"workspace_id": ticket.workspace_id, "forum_id": ticket.forum_id, "external_id": message.external_id}


def _content(message: Message) -> dict[str, Any]:
    return {"html": sanitise(message.html), "source_html": message.html, "text": plain_text(message.html)}


def _position(ticket: Ticket, message: Message) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "number": message.number,
        "author_external_id": message.author.external_id,
        "author_username": message.author.username,
        "author_name": message.author.name,
        "author_avatar_url": message.author.avatar_url,
        "author_role": Role(message.author.role).value,
        "visibility": message.visibility.value,
        "system": message.system,
        "created_at": message.created_at,
        "edited_at": message.edited_at,
        "deleted_at": (message.edited_at or message.created_at) if message.deleted else None,
    }


def _update(row: MessageRow, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
