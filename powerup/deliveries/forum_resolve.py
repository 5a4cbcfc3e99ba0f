"""Marks a thread as solved on the forum, by our reply where the forum wants one."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.deliveries.job import ForumPlace, Outcome
from powerup.errors import ConflictError
from powerup.outbox.models import Delivery, State
from powerup.services import Services


@dataclass(frozen=True)
class ForumResolve:
    """Its lane lets it go only after the reply of the same resolution."""

    place: ForumPlace
    delivery: Delivery
    message_id: str | None

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """Find the reply; raises ConflictError when it did not go out, for a thread is not closed over a customer's head."""
        reply = session.scalar(
            select(Delivery)
            .where(Delivery.resolution_id == delivery.resolution_id, Delivery.ticket_id == delivery.ticket_id)
            .where(Delivery.kind == "forum_reply", Delivery.state != State.cancelled)
            .order_by(Delivery.id.desc())
            .limit(1)
        )
        if reply is not None and reply.state != State.done:
            raise ConflictError("The customer has not got the message yet, so the thread stays open. Retry the reply first, then this.")
        message_id = (reply.outcome or {}).get("external_id") if reply else None
        return cls(ForumPlace.find(session, services, delivery), delivery, message_id)

    def send(self) -> Outcome:
        """Solve or close; the forum takes it twice without harm."""
        with self.place.adapter as forum:
            forum.resolve(self.place.ticket.external_id, message_id=self.message_id)
        return {"url": self.place.ticket.url}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Show the thread's new state soon."""
        self.place.read_soon(session, self.delivery.id)
