"""Read tickets and their messages within a workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.forums.models import Forum
from powerup.tickets.models import Customer, Message, Ticket

PAGE = 30
"""Messages of a thread that are shown at first, and with each "earlier"."""

Summary = Row[Ticket, Forum, Customer]
"""A ticket with the forum and the customer that its summary names."""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some messages of a thread in reading order; `before` is the position to ask for the earlier ones, or None."""

    messages: Sequence[Message]
    before: int | None
    earlier: int
    """How many are before these."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last messages of a thread in reading order, and how many lie between."""

    messages: Sequence[Message]
    left_out: int


def get(session: Session, workspace_id: int, ticket_id: int) -> Ticket:
    """One ticket of this workspace; raises NotFoundError."""
    found = session.scalar(select(Ticket).where(Ticket.workspace_id == workspace_id, Ticket.id == ticket_id))
    if found is None:
        raise NotFoundError("There is no such ticket in this workspace.")
    return found


def by_external_id(session: Session, forum_id: int, external_id: str) -> Ticket | None:
    """A ticket by the forum's own id of the thread."""
    return session.scalar(select(Ticket).where(Ticket.forum_id == forum_id, Ticket.external_id == external_id))


def summary(session: Session, workspace_id: int, ticket_id: int) -> Summary:
    """One ticket with its forum and customer; raises NotFoundError."""
    row = session.execute(_summaries(workspace_id).where(Ticket.id == ticket_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such ticket in this workspace.")
    return row


def summaries(session: Session, workspace_id: int, ticket_ids: Sequence[int]) -> dict[int, Summary]:
    """Several at once, by id; unknown ones are absent."""
    rows = session.execute(_summaries(workspace_id).where(Ticket.id.in_(ticket_ids))).all()
    return {row.Ticket.id: row for row in rows}


def newest(
    session: Session,
    workspace_id: int,
    *,
    forum_id: int | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 20,
) -> Sequence[Summary]:
    """Tickets by their last message, newest first; `before` is (time, id) of the last one seen."""
    wanted = _summaries(workspace_id)
    if forum_id is not None:
        wanted = wanted.where(Ticket.forum_id == forum_id)
    if before is not None:
        at, ticket_id = before
        later = or_(Ticket.last_message_at < at, and_(Ticket.last_message_at == at, Ticket.id < ticket_id))
        wanted = wanted.where(later)
    return session.execute(wanted.order_by(Ticket.last_message_at.desc(), Ticket.id.desc()).limit(limit)).all()


def messages(session: Session, ticket_id: int, *, before: int | None = None, limit: int = PAGE) -> MessagePage:
    """The latest messages (or those before a position) in reading order; deleted ones are left out."""
    there = select(Message).where(Message.ticket_id == ticket_id, Message.deleted_at.is_(None))
    if before is not None:
        there = there.where(Message.number < before)
    newest_first = session.scalars(there.order_by(Message.number.desc(), Message.id.desc()).limit(limit)).all()
    if not newest_first:
        return MessagePage((), None, 0)
    first = newest_first[-1].number
    count = select(func.count()).where(Message.ticket_id == ticket_id, Message.deleted_at.is_(None), Message.number < first)
    earlier = session.scalar(count) or 0
    return MessagePage(newest_first[::-1], first if earlier else None, earlier)


def ends(session: Session, ticket_id: int, *, first: int, last: int) -> Ends:
    """How a thread begins and where it stands; deleted messages are left out."""
    there = select(Message).where(Message.ticket_id == ticket_id, Message.deleted_at.is_(None))
    begin = session.scalars(there.order_by(Message.number, Message.id).limit(first)).all()
    end = session.scalars(there.order_by(Message.number.desc(), Message.id.desc()).limit(last)).all()[::-1]
    shown = [*begin, *(message for message in end if message not in begin)]
    count = select(func.count()).where(Message.ticket_id == ticket_id, Message.deleted_at.is_(None))
    return Ends(shown, (session.scalar(count) or 0) - len(shown))


def count_by_forum(session: Session, workspace_id: int) -> dict[int, int]:
    """How many tickets each forum has."""
    rows = session.execute(select(Ticket.forum_id, func.count()).where(Ticket.workspace_id == workspace_id).group_by(Ticket.forum_id))
    return {forum_id: count for forum_id, count in rows}


def _summaries(workspace_id: int) -> Select[Ticket, Forum, Customer]:
    return (
        select(Ticket, Forum, Customer)
        .join(Forum, Forum.id == Ticket.forum_id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Ticket.workspace_id == workspace_id)
    )
