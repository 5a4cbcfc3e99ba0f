"""Tags a thread on the forum with how it was resolved."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import ForumPlace, Outcome
from powerup.outbox.models import Delivery
from powerup.services import Services


@dataclass(frozen=True)
class ForumTag:
    """Other tags stay as they are."""

    place: ForumPlace
    delivery: Delivery

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The thread and an adapter that may write there."""
        return cls(ForumPlace.find(session, services, delivery), delivery)

    def send(self) -> Outcome:
        """Add and remove; the forum takes it twice without harm."""
        change = self.delivery.payload
        with self.place.adapter as forum:
            forum.tag(self.place.ticket.external_id, add=change["add"], remove=change["remove"])
        return {"url": self.place.ticket.url}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows: the forum tells of it like of any change."""
