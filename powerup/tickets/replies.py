"""Say something in a customer's thread: by a delivery, never at once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from powerup.errors import ConflictError, InvalidError, NotSupportedError
from powerup.events.actions import Actor, record
from powerup.forums.models import Forum
from powerup.outbox.actions import Order, enqueue, repeated
from powerup.outbox.models import Delivery
from powerup.threads import ThreadState
from powerup.tickets.models import Ticket

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


def reply(session: Session, ticket: Ticket, forum: Forum, wanted: Reply, *, by: Actor, max_attempts: int) -> tuple[Delivery, bool]:
    """Enqueue a reply or an internal note; returns it and whether it is new.

    The same `request_id` gives the first delivery again. Raises InvalidError, NotSupportedError, or ConflictError when the
    thread or its forum is gone, or the id was used for something else.
    """
    text = wanted.text.strip()
    order = Order(
        kind="forum_note" if wanted.internal else "forum_reply",
        lane=lane(ticket),
        payload={"text": text},
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
    made = enqueue(session, ticket.workspace_id, order, max_attempts=max_attempts)
    verb = "note.written" if wanted.internal else "reply.written"
    record(session, ticket.workspace_id, verb, by=by, card_id=wanted.card_id, ticket_id=ticket.id, delivery=made.id)
    return made, True


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
