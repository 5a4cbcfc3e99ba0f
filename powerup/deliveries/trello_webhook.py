"""Has Trello report a board's changes to us."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.events.actions import SYSTEM, Actor
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams.actions import follow_if_ownership
from powerup.workspaces import queries as workspaces


@dataclass(frozen=True)
class TrelloWebhook:
    """Registers the board's address with Trello; one that is registered already is taken as it is."""

    place: TrelloPlace
    delivery: Delivery

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The board and a token for it."""
        return cls(TrelloPlace.of_board(session, services, delivery), delivery)

    def send(self) -> Outcome:
        """Ask Trello, which calls the address at once to see that it answers."""
        with self.place.services.trello(self.place.token) as trello:
            hook = trello.create_webhook(self.delivery.payload["callback_url"], self.place.board.trello_id, "Closeloop")
        return {"webhook_id": hook.id}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Keep its id with the board; a board called "Ownership" says from now on who owns what."""
        board = workspaces.board(session, self.place.board.id)
        board.trello_webhook_id = outcome["webhook_id"]
        follow_if_ownership(session, board, by=Actor("member", self.delivery.created_by) if self.delivery.created_by else SYSTEM)
