"""Files in messages: what is known of them. Their bytes are fetched from the forum when a member looks."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.render.policy import web_address
from powerup.threads import Attachment
from powerup.tickets.models import Attachment as Row
from powerup.tickets.models import Message, Ticket

MOST = 100
"""Attachments of one message that are kept."""
_LONGEST_REFERENCE = 1000
_LONGEST_NAME = 255
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,150}")


def record(session: Session, ticket: Ticket, of: Mapping[int, Sequence[Attachment]]) -> None:
    """Make what is kept of these messages' attachments (by the message's id) what the forum said last."""
    # By the messages' own ticket: a message that was moved here brings its files along.
    there = select(Row).join(Message, Message.id == Row.message_id).where(Message.ticket_id == ticket.id)
    known = {(row.message_id, row.reference): row for row in session.scalars(there)}
    for message_id, attachments in of.items():
        for attachment in attachments[:MOST]:
            if len(attachment.reference) > _LONGEST_REFERENCE:
                continue
            row = known.pop((message_id, attachment.reference), None)
            if row is None:
                place = {"workspace_id": ticket.workspace_id, "forum_id": ticket.forum_id, "ticket_id": ticket.id}
                row = Row(**place, message_id=message_id, reference=attachment.reference)
                session.add(row)
            row.ticket_id = ticket.id
            row.name = _name(attachment.name)
            row.content_type = _kind(attachment.content_type)
            row.size = attachment.size
            row.shown_as = web_address(attachment.shown_as) if attachment.shown_as else None
    for gone in known.values():
        session.delete(gone)
    session.flush()


def of_messages(session: Session, message_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The attachments of each message that has some, in the order in which they came."""
    found: dict[int, list[Row]] = {}
    for row in session.scalars(select(Row).where(Row.message_id.in_(message_ids)).order_by(Row.id)):
        found.setdefault(row.message_id, []).append(row)
    return found


def get(session: Session, workspace_id: int, ticket_id: int, attachment_id: int) -> Row:
    """One attachment of a message that is still there; raises NotFoundError."""
    wanted = (
        select(Row)
        .join(Message, Message.id == Row.message_id)
        .where(Row.workspace_id == workspace_id, Row.ticket_id == ticket_id, Row.id == attachment_id, Message.deleted_at.is_(None))
    )
    found = session.scalar(wanted)
    if found is None:
        raise NotFoundError("There is no such file in this thread. Its message may have been changed or deleted.")
    return found


def _kind(claimed: str | None) -> str | None:
    """A media type as claimed, or None for what looks like none."""
    tidy = (claimed or "").split(";")[0].strip().lower()
    return tidy if _MEDIA_TYPE.fullmatch(tidy) else None


def _name(name: str) -> str:
    """A plain file name: no folders, no control characters, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return shown[:_LONGEST_NAME] or "file"
