"""Replies and internal notes in a customer's thread."""

from dataclasses import dataclass
from typing import ClassVar, Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import ForumPlace, Outcome
from powerup.integrations.forums.base import Draft
from powerup.outbox.models import Delivery
from powerup.resolutions.actions import note_told
from powerup.services import Services


@dataclass(frozen=True)
class ForumReply:
    """Posts for the customer to read."""

    place: ForumPlace
    delivery: Delivery
    internal: ClassVar[bool] = False

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The thread and an adapter that may write there."""
        return cls(ForumPlace.find(session, services, delivery), delivery)

    def send(self) -> Outcome:
        """Post; from the second attempt on, look for the marker first: the answer to the first may only have been lost."""
        said = self.delivery.payload
        draft = Draft(said["text"], internal=self.internal, marker=self.delivery.marker, after=said.get("after"))
        with self.place.adapter as forum:
            posted = forum.post(self.place.ticket.external_id, draft, look_first=self.delivery.attempts > 1)
        outcome: Outcome = {"external_id": posted.external_id, "url": posted.url}
        if posted.awaiting_approval:
            outcome["awaiting_approval"] = True
        return outcome

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Show it on the card soon; when this was the last customer to tell, the loop is closed."""
        self.place.read_soon(session, self.delivery.id)
        if self.delivery.resolution_id is not None:
            note_told(session, self.delivery.resolution_id)


@dataclass(frozen=True)
class ForumNote(ForumReply):
    """Posts for the team only."""

    internal: ClassVar[bool] = True
