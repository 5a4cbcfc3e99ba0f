"""Takes a ticket's card to another team's board."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.assignments import queries as owned
from powerup.cards.actions import SeenCard, remember
from powerup.deliveries import dress, lane
from powerup.deliveries.dress import Extras, Owner
from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.errors import ConflictError
from powerup.events.actions import SYSTEM, Actor
from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Card
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.effects import Effects
from powerup.triage.rules import Impact
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

DELETED = "The card was deleted on Trello meanwhile. Hand the thread back to triage, and it gets a new one."


@dataclass(frozen=True)
class TrelloMove:
    """The card goes to the top of the other board's list; one that is on that board already stays where it is."""

    services: Services
    place: TrelloPlace | None
    """None: no card was made yet, so that one is made over there."""
    delivery: Delivery
    to: Board
    impact: Impact
    owner: Owner | None
    is_wanted: bool
    """False when the thread has gone on since; what was asked for then comes behind."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card, the other board, and a token that sees both; raises ConflictError when the other board was disconnected."""
        to = TrelloPlace.of_board(session, services, delivery).board
        assignment = owned.get(session, delivery.workspace_id, int(delivery.payload["assignment_id"]))
        card = lane.own_card(session, delivery)
        place = TrelloPlace.between(session, services, card, to) if card is not None else None
        ticket = session.get_one(Ticket, delivery.ticket_id)
        impact = (dress.highest(session, card.id) if card is not None else None) or Impact(ticket.impact)
        owner = Owner.find(session, to, assignment.member_id)
        return cls(services, place, delivery, to, impact, owner, assignment.ended_at is None)

    def send(self) -> Outcome:
        """Move, then dress; what is so already is left as it is."""
        if not self.is_wanted:
            return {"skipped": "The thread has been passed on since."}
        if self.place is None:
            return {"skipped": "There is no card to move; one is made on the other board."}
        extras = Extras(self.delivery.attempts)
        with self.place.services.trello(self.place.token) as trello:
            card = self._moved(trello, self.place.card_id, is_on_own_board=self.place.board.id == self.to.id)
            with extras.optional("The impact label"):
                dress.wear(trello, card.id, self.to.trello_id, self.impact)
            dress.put_on(trello, card.id, self.owner, self.to, extras)
        seen = {"list_id": card.list_id, "name": card.name, "closed": card.closed, "board_id": card.board_id}
        left_out = {"left_out": extras.left_out} if extras.left_out else {}
        return {"card_id": card.id, "url": card.url, **seen, **left_out}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Remember where the card is; or have one made, where there was none."""
        if "card_id" in outcome:
            seen = SeenCard(outcome["card_id"], outcome["name"], outcome["url"], outcome["list_id"], outcome["closed"])
            card = remember(session, workspaces.board(session, self.to.id), seen)
            session.get_one(Delivery, self.delivery.id).card_id = card.id
        elif self.is_wanted:
            self._order_card(session)

    def _order_card(self, session: Session) -> None:
        ticket = session.get_one(Ticket, self.delivery.ticket_id, with_for_update=True)
        live = lane.live(session, self.delivery)
        if live is None or live.card_id is not None or live.id != self.delivery.payload["assignment_id"]:
            return
        by = Actor("member", self.delivery.created_by) if self.delivery.created_by else SYSTEM
        team = teams.get(session, ticket.workspace_id, live.team_id, removed_too=True)
        Effects(session, ticket, by, self.services.settings.max_attempts).card(team, live)

    def _moved(self, trello: TrelloClient, card_id: str, *, is_on_own_board: bool) -> Card:
        """:param is_on_own_board: two teams share the board, and each has an inbox there."""
        try:
            card = trello.card(card_id)
        except GoneError:
            raise ConflictError(DELETED) from None
        if card.board_id == self.to.trello_id and not is_on_own_board:
            return card
        try:
            return trello.move_card(card_id, board_id=self.to.trello_id, list_id=self.delivery.payload["list_id"])
        except (NotPermittedError, GoneError):
            why = f"No connected Trello account may both take the card from its board and put it on “{self.to.name}”. "
            raise ConflictError(f"{why}Have somebody who is a member of both boards connect one of them, then retry this.") from None
