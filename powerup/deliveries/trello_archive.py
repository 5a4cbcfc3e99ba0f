"""Archives the card of a thread that was taken back."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.cards.actions import close
from powerup.cards.models import Card
from powerup.deliveries import lane
from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.events.actions import SYSTEM, record
from powerup.integrations.errors import GoneError
from powerup.integrations.trello.client import TrelloClient
from powerup.links.models import Link
from powerup.outbox.models import Delivery
from powerup.outbox.rules import reference
from powerup.services import Services
from powerup.tickets.models import Ticket
from powerup.triage.settings import pace
from powerup.triage.standing import refresh


@dataclass(frozen=True)
class TrelloArchive:
    """Closes the card; where no answer ever said that it was made, it is looked for by the reference that it would carry."""

    services: Services
    place: TrelloPlace | None
    delivery: Delivery
    lost: tuple[tuple[TrelloPlace, str], ...]
    """Where a card may be that nobody knows, and its reference."""
    kept: str | None
    """Why the card is needed after all."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card, or where to look for one."""
        place = TrelloPlace.of_own_card(session, services, delivery)
        if place is not None and place.card is not None:
            return cls(services, place, delivery, (), _needed(session, delivery, place.card))
        orders = lane.lost_orders(session, delivery)
        lost = tuple((TrelloPlace.of_board(session, services, order), reference(order.marker)) for order in orders)
        return cls(services, lost[0][0] if lost else None, delivery, lost, None)

    def send(self) -> Outcome:
        """Close; a card that is closed or gone already is as it should be."""
        if self.kept:
            return {"skipped": self.kept}
        closed: list[str] = []
        if self.place is not None and self.place.card is not None:
            with self.services.trello(self.place.token) as trello:
                closed += _close(trello, self.place.card_id)
        for place, mark in self.lost:
            with self.services.trello(place.token) as trello:
                found = trello.find_card_on_board(place.board.trello_id, mark)
                closed += _close(trello, found.id) if found is not None else []
        return {"closed": closed}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """The ticket lets the card go, whoever tied them meanwhile."""
        if self.kept or self.place is None or self.place.card is None:
            return
        ticket = session.get_one(Ticket, self.delivery.ticket_id, with_for_update=True)
        card = session.get_one(Card, self.place.card.id)
        close(session, card)
        for link in session.scalars(select(Link).where(Link.card_id == card.id, Link.ticket_id == ticket.id, Link.ended_at.is_(None))):
            link.ended_at = clock.now()
            record(session, ticket.workspace_id, "link.ended", by=SYSTEM, card_id=card.id, ticket_id=ticket.id)
        refresh(session, ticket, pace(session, ticket.workspace_id))


def _needed(session: Session, delivery: Delivery, card: Card) -> str | None:
    tied = select(Link).where(Link.card_id == card.id, Link.ended_at.is_(None))
    for link in session.scalars(tied):
        if link.ticket_id != delivery.ticket_id:
            return "Other threads were linked to the card meanwhile, so it stays."
        if link.made_at > delivery.created_at:
            return "The thread was linked to the card again, so it stays."
    return None


def _close(trello: TrelloClient, card_id: str) -> list[str]:
    try:
        return [trello.update_card(card_id, closed=True).id]
    except GoneError:
        return []
