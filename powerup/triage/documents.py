"""Tickets as `powerup.suggest` reads them: what was known when they arrived."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.suggest.document import Document
from powerup.threads import Visibility
from powerup.tickets.models import Message, Ticket

LONGEST = 6_000
"""Characters of a first message that are read."""
_FIRST = 3
"""The first message is among the first few positions, or there is none."""
_AT_ONCE = 500


def documents(session: Session, ticket_ids: Sequence[int]) -> dict[int, Document]:
    """Subject, first message, customer and forum of each; unknown ids are absent."""
    found: dict[int, Document] = {}
    for some in _runs(ticket_ids):
        wrote = select(Message.ticket_id, Message.text).where(Message.ticket_id.in_(some), Message.number <= _FIRST)
        wrote = wrote.where(Message.deleted_at.is_(None), Message.system.is_(False), Message.visibility == Visibility.public)
        first: dict[int, str] = {}
        for ticket_id, text in session.execute(wrote.order_by(Message.ticket_id, Message.number)):
            first.setdefault(ticket_id, text[:LONGEST])
        about = select(Ticket.id, Ticket.subject, Ticket.excerpt, Ticket.customer_id, Ticket.forum_id).where(Ticket.id.in_(some))
        for ticket_id, subject, excerpt, customer, forum in session.execute(about):
            found[ticket_id] = Document(subject, first.get(ticket_id, excerpt), author=str(customer), place=str(forum))
    return found


def _runs(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while run := list(islice(rest, _AT_ONCE)):
        yield run
