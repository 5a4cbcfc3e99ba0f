"""The card wears the label of the highest impact among its threads."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries import dress
from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.errors import ConflictError
from powerup.integrations.errors import GoneError
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.triage.rules import Impact


@dataclass(frozen=True)
class TrelloImpact:
    """Derived when it goes out, so that several changes in a row end with the last."""

    place: TrelloPlace
    impact: Impact | None

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card and its highest impact."""
        return cls(TrelloPlace.of_card(session, services, delivery), dress.highest(session, delivery.card_id or 0))

    def send(self) -> Outcome:
        """Exactly one label of ours; a card without threads keeps what it wears."""
        if self.impact is None:
            return {"skipped": "The card stands for no thread any more."}
        with self.place.services.trello(self.place.token) as trello:
            try:
                # Where the card is now: somebody may have taken it to another board, which has labels of its own.
                dress.wear(trello, self.place.card_id, trello.card(self.place.card_id).board_id, self.impact)
            except GoneError:
                raise ConflictError("The card was deleted on Trello, so it wears no label.") from None
        return {"impact": self.impact.value}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""
