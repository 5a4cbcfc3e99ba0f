"""The card shows who owns it."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries import lane
from powerup.deliveries.dress import Owner
from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.errors import ConflictError
from powerup.integrations.errors import GoneError, RejectedError
from powerup.outbox.models import Delivery
from powerup.services import Services


@dataclass(frozen=True)
class TrelloMember:
    """Puts somebody on the card, or takes them off; a card that is archived takes it too."""

    place: TrelloPlace | None
    owner: Owner | None
    change: str
    is_wanted: bool
    """False when somebody else has become the owner since: what is right then comes behind."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card, and whether it is still so."""
        place = TrelloPlace.of_own_card(session, services, delivery)
        change, member_id = delivery.payload["change"], delivery.payload["member_id"]
        if place is None:
            return cls(None, None, change, False)
        live = lane.live(session, delivery)
        owns = live is not None and live.member_id == member_id
        return cls(place, Owner.find(session, place.board, member_id), change, owns if change == "add" else not owns)

    def send(self) -> Outcome:
        """On or off; what is so already is no error."""
        if self.place is None or self.owner is None or not self.is_wanted:
            return {"skipped": "There is no card, or the owner has changed since."}
        card_id = self.place.card_id
        with self.place.services.trello(self.place.token) as trello:
            try:
                if self.change == "add":
                    trello.add_member(card_id, self.owner.member_id)
                else:
                    trello.remove_member(card_id, self.owner.member_id)
            except GoneError:
                if self.change == "add":
                    raise ConflictError("The card was deleted on Trello, so nobody can be put on it.") from None
            except RejectedError:
                if self.owner.is_on_board:
                    raise
                raise ConflictError(self.owner.why_not(self.place.board)) from None
        return {"url": self.place.card.url} if self.place.card else {}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""
