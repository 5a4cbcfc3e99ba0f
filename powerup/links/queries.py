"""What is linked to what."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from powerup.cards.models import Card
from powerup.errors import NotFoundError
from powerup.links.models import Link
from powerup.tickets.models import Ticket


def of_card(session: Session, workspace_id: int, card_id: int) -> Sequence[Row[Link, Ticket]]:
    """The card's live links with their tickets, oldest first."""
    wanted = (
        select(Link, Ticket)
        .join(Ticket, Ticket.id == Link.ticket_id)
        .where(Link.workspace_id == workspace_id, Link.card_id == card_id, Link.ended_at.is_(None))
        .order_by(Link.id)
    )
    return session.execute(wanted).all()


def get(session: Session, workspace_id: int, card_id: int, link_id: int) -> Link:
    """One link of a card, live or ended; raises NotFoundError."""
    found = session.scalar(select(Link).where(Link.workspace_id == workspace_id, Link.card_id == card_id, Link.id == link_id))
    if found is None:
        raise NotFoundError("There is no such link on this card.")
    return found


def cards_of(session: Session, workspace_id: int, ticket_id: int) -> Sequence[Card]:
    """The cards that a ticket is linked to."""
    wanted = (
        select(Card)
        .join(Link, Link.card_id == Card.id)
        .where(Link.workspace_id == workspace_id, Link.ticket_id == ticket_id, Link.ended_at.is_(None))
        .order_by(Link.id)
    )
    return session.scalars(wanted).all()


def card_urls(session: Session, workspace_id: int, ticket_ids: Sequence[int]) -> dict[int, str]:
    """Where the first card of each of these tickets is, for those that have one."""
    wanted = (
        select(Link.ticket_id, Card.url)
        .join(Card, Link.card_id == Card.id)
        .where(Link.workspace_id == workspace_id, Link.ticket_id.in_(ticket_ids), Link.ended_at.is_(None))
        .order_by(Link.id.desc())
    )
    return {ticket_id: url for ticket_id, url in session.execute(wanted)}
