"""Tells the card's followers how its problem was resolved."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.outbox.models import Delivery
from powerup.outbox.rules import reference
from powerup.services import Services


@dataclass(frozen=True)
class TrelloComment:
    """A comment that says what was resolved as, with the evidence and the note."""

    place: TrelloPlace
    delivery: Delivery

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card and a token for it."""
        return cls(TrelloPlace.of_card(session, services, delivery), delivery)

    def send(self) -> Outcome:
        """Comment, unless an earlier attempt already did."""
        mark = reference(self.delivery.marker)
        with self.place.services.trello(self.place.token) as trello:
            if self.delivery.attempts > 1:
                for comment in trello.comments(self.place.card_id):
                    if mark in comment.text:
                        return {"comment_id": comment.id}
            return {"comment_id": trello.comment(self.place.card_id, words(self.delivery.payload, mark)).id}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def words(payload: dict[str, Any], mark: str) -> str:
    """The comment's text in Markdown; the mark stands last and small."""
    lines = [f"**Resolved: {payload['words']}**"]
    if payload.get("evidence_url"):
        lines.append(f"Evidence: {payload['evidence_url']}")
    if payload.get("note"):
        # Trello cuts at 16,384 characters: the mark must not be what is cut off.
        lines.append(payload["note"][:15_000])
    return "\n\n".join([*lines, f"_{mark}_"])
