"""Takes a thread that needs no answer off the forum's own list of what waits."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import ForumPlace, Outcome
from powerup.outbox.models import Delivery
from powerup.services import Services


@dataclass(frozen=True)
class ForumAcknowledge:
    """Ordered when triage decides that nothing is to be done."""

    place: ForumPlace

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The thread and an adapter that may write there."""
        return cls(ForumPlace.find(session, services, delivery))

    def send(self) -> Outcome:
        """Acknowledge; the forum takes it twice without harm."""
        with self.place.adapter as forum:
            forum.acknowledge(self.place.ticket.external_id)
        return {"url": self.place.ticket.url}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows: the forum tells of it like of any change."""
