"""The forum shows who owns the thread."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import ForumPlace, Outcome
from powerup.integrations.errors import RejectedError
from powerup.outbox.models import Delivery
from powerup.services import Services


@dataclass(frozen=True)
class ForumAssign:
    """Assigns to a person, else to a group, else to nobody; the forum takes it twice without harm."""

    place: ForumPlace
    delivery: Delivery

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The thread and an adapter that may write there."""
        return cls(ForumPlace.find(session, services, delivery), delivery)

    def send(self) -> Outcome:
        """Assign; where the forum will not have the person, the team is shown, and that is noted."""
        person, team = self.delivery.payload.get("person"), self.delivery.payload.get("team")
        thread = self.place.ticket.external_id
        outcome: Outcome = {"url": self.place.ticket.url}
        with self.place.adapter as forum:
            try:
                forum.assign(thread, person=person, team=team)
            except RejectedError as error:
                if not (person and team):
                    raise
                forum.assign(thread, person=None, team=team)
                outcome["left_out"] = [f"{person}: {error.detail}"]
        return outcome

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows: the forum tells of it like of any change."""
