"""Say something in a customer's thread: by a delivery, never at once."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from powerup.errors import ConflictError, InvalidError, NotSupportedError, ThreadMovedOnError
from powerup.events.actions import Actor, record
from powerup.forums.models import Forum
from powerup.outbox.actions import Order, enqueue, repeated
from powerup.outbox.models import Delivery
from powerup.threads import ThreadState, Visibility
from powerup.tickets.models import Message, Ticket

LONGEST = 32_000
"""Characters; Discourse's own default limit of a post (`max_post_length`)."""


@dataclass(frozen=True)
class Reply:
    """What somebody wants to say."""

    text: str
    internal: bool
    request_id: str
    card_id: int | None = None
    """Our id of the card from which it is sent, so that the card shows the delivery."""
    seen: int | None = None
    """Our id of the newest message that the writer had before them; None: write whatever was said meanwhile."""


def reply(session: Session, ticket: Ticket, forum: Forum, wanted: Reply, *, by: Actor, max_attempts: int) -> tuple[Delivery, bool]:
    """Enqueue a reply or an internal note; returns it and whether it is new.

    The same `request_id` gives the first delivery again. Raises InvalidError, NotSupportedError, ThreadMovedOnError when somebody
    else wrote after what the writer had seen, or ConflictError when the thread or its forum is gone, or the id was used for
    something else. What we do not know yet, the forum is asked for when the reply goes out.
    """
    text = wanted.text.strip()
    order = Order(
        kind="forum_note" if wanted.internal else "forum_reply",
        lane=lane(ticket),
        payload={"text": text} | _condition(session, ticket, wanted),
        card_id=wanted.card_id,
        ticket_id=ticket.id,
        created_by=by.id,
        request_id=wanted.request_id,
    )
    earlier = repeated(session, ticket.workspace_id, order)
    if earlier is not None:
        return earlier, False
    _refuse_length(text)
    refuse_if_gone(ticket, forum)
    feature = "internal_note" if wanted.internal else "reply"
    if feature not in forum.features.get("can", ()):
        why = forum.features.get("missing", {}).get(feature)
        raise NotSupportedError(why or f"{forum.name} does not let us do this.")
    if not wanted.internal and wanted.seen is not None:
        _refuse_if_moved_on(session, ticket, forum, wanted.seen)
    made = enqueue(session, ticket.workspace_id, order, max_attempts=max_attempts)
    verb = "note.written" if wanted.internal else "reply.written"
    record(session, ticket.workspace_id, verb, by=by, card_id=wanted.card_id, ticket_id=ticket.id, delivery=made.id)
    return made, True


def _condition(session: Session, ticket: Ticket, wanted: Reply) -> dict[str, str]:
    """What the forum is to make sure of: that this is still the newest message that everybody sees."""
    if wanted.internal or wanted.seen is None:
        return {}
    newest = session.scalar(_public(ticket).where(Message.number <= _place(session, ticket, wanted.seen)).limit(1))
    return {"after": newest.external_id} if newest else {}


def _refuse_if_moved_on(session: Session, ticket: Ticket, forum: Forum, seen: int) -> None:
    ours = forum.features.get("acting_as")
    newer = session.scalar(
        _public(ticket).where(Message.number > _place(session, ticket, seen), Message.author_username != (ours or "")).limit(1)
    )
    if newer is not None:
        who = newer.author_name or newer.author_username
        raise ThreadMovedOnError(f"{who} has written since you last looked. Read it, then send your reply again if it still fits.")


def _place(session: Session, ticket: Ticket, message_id: int) -> int:
    place = session.scalar(select(Message.number).where(Message.ticket_id == ticket.id, Message.id == message_id))
    if place is None:
        raise InvalidError(
            "There is no such message in this thread.", errors=[{"field": "seen", "message": "is no message of this thread"}]
        )
    return place


def _public(ticket: Ticket) -> Select[Message]:
    there = select(Message).where(Message.ticket_id == ticket.id, Message.deleted_at.is_(None), Message.system.is_(False))
    return there.where(Message.visibility == Visibility.public).order_by(Message.number.desc(), Message.id.desc())


def _refuse_length(text: str) -> None:
    if not text:
        raise InvalidError("Write something first.", errors=[{"field": "text", "message": "is empty"}])
    if len(text) > LONGEST:
        problem = {"field": "text", "message": f"has {len(text)} characters; at most {LONGEST} fit into one post"}
        raise InvalidError(f"This is too long for one post: {len(text)} characters of {LONGEST}.", errors=[problem])


def refuse_if_gone(ticket: Ticket, forum: Forum) -> None:
    """Raise ConflictError when nothing can be written any more."""
    if forum.removed_at is not None:
        raise ConflictError(f"{forum.name} is no longer connected, so nothing can be written there.")
    if ticket.state == ThreadState.deleted:
        raise ConflictError("This thread was deleted on the forum; nothing can be written there.")


def lane(ticket: Ticket) -> str:
    """Everything written to one thread goes out in order."""
    return f"ticket:{ticket.id}"
