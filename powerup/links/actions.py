"""Tie tickets to cards and untie them."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.cards.models import Card
from powerup.errors import AlreadyLinkedError
from powerup.events.actions import Actor, record
from powerup.inbox.actions import store
from powerup.links.models import Link
from powerup.outbox.actions import Order, cancel_where, enqueue
from powerup.outbox.models import Delivery
from powerup.tickets.models import Ticket


def link(session: Session, card: Card, ticket: Ticket, *, by: Actor, max_attempts: int, attach: bool = True) -> Link:
    """Link a ticket to a card and have the thread's address attached there; raises AlreadyLinkedError.

    :param attach: False when the address is on the card already.
    """
    if live(session, card.id, ticket.id) is not None:
        raise AlreadyLinkedError(f"“{ticket.subject}” is already linked to this card.")
    made = Link(
        workspace_id=card.workspace_id,
        card_id=card.id,
        ticket_id=ticket.id,
        made_by=by.id if by.kind == "member" else None,
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise AlreadyLinkedError(f"Somebody has just linked “{ticket.subject}” to this card.") from None
    # What we know may be old (a webhook lost, say): whoever links a thread looks at it next, so it is read again at once.
    hint = {"thread": ticket.external_id}
    store(session, card.workspace_id, source=f"forum:{ticket.forum_id}", event_id=f"link:{made.id}", hint=hint)
    record(session, card.workspace_id, "link.made", by=by, card_id=card.id, ticket_id=ticket.id)
    if attach:
        # The board may be public; what the forum keeps private must not be read off the card.
        name = "Private customer thread" if ticket.private else ticket.subject[:250]
        payload = {"url": ticket.url, "name": name}
        _deliver(session, "trello_attachment", card, ticket, payload, by=by, max_attempts=max_attempts)
    return made


def unlink(session: Session, made: Link, card: Card, ticket: Ticket, *, by: Actor, max_attempts: int) -> None:
    """Untie; the address is taken off the card again. Doing it twice changes nothing."""
    if made.ended_at is not None:
        return
    made.ended_at, made.ended_by = clock.now(), by.id
    cancel_where(session, Delivery.card_id == card.id, Delivery.ticket_id == ticket.id, Delivery.kind == "trello_attachment")
    _deliver(session, "trello_detachment", card, ticket, {"url": ticket.url}, by=by, max_attempts=max_attempts)
    record(session, card.workspace_id, "link.ended", by=by, card_id=card.id, ticket_id=ticket.id)


def live(session: Session, card_id: int, ticket_id: int) -> Link | None:
    """The link between the two that holds now."""
    return session.scalar(select(Link).where(Link.card_id == card_id, Link.ticket_id == ticket_id, Link.ended_at.is_(None)))


def _deliver(session: Session, kind: str, card: Card, ticket: Ticket, payload: dict[str, str], *, by: Actor, max_attempts: int) -> None:
    order = Order(
        kind=kind,
        lane=f"card:{card.id}",
        payload=payload,
        card_id=card.id,
        ticket_id=ticket.id,
        created_by=by.id if by.kind == "member" else None,
    )
    enqueue(session, card.workspace_id, order, max_attempts=max_attempts)
