"""Makes a card for a ticket, once."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.cards.actions import SeenCard, remember
from powerup.deliveries.job import Outcome, TrelloPlace, reference
from powerup.errors import ConflictError
from powerup.events.actions import SYSTEM, Actor
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Card
from powerup.links import actions as links
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.workspaces import queries as workspaces


@dataclass(frozen=True)
class TrelloCard:
    """A card in the list that was asked for, with the thread attached and linked."""

    place: TrelloPlace
    delivery: Delivery
    ticket: Ticket

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The ticket, the board and a token for it."""
        ticket = tickets.get(session, delivery.workspace_id, delivery.ticket_id or 0)
        return cls(TrelloPlace.of_board(session, services, delivery), delivery, ticket)

    def send(self) -> Outcome:
        """Create the card unless one carries our reference already."""
        mark = reference(self.delivery.marker)
        with self.place.services.trello(self.place.token) as trello:
            card = self._find(trello, mark) or self._create(trello, mark)
        seen = {"list_id": card.list_id, "name": card.name, "closed": card.closed, "board_id": card.board_id}
        return {"card_id": card.id, "url": card.url, **seen}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Remember the card and link the ticket; its address came with the card."""
        board = workspaces.board(session, self.place.board.id)
        if outcome["board_id"] != board.trello_id:
            # An automation took it to another board at once; that board's webhooks and links know it.
            return
        seen = SeenCard(outcome["card_id"], outcome["name"], outcome["url"], outcome["list_id"], outcome["closed"])
        card = remember(session, board, seen)
        ticket = tickets.get(session, self.delivery.workspace_id, self.ticket.id)
        by = Actor("member", self.delivery.created_by) if self.delivery.created_by else SYSTEM
        # Trello's webhook about the attachment may have been faster than we are.
        if links.live(session, card.id, ticket.id) is None:
            links.link(session, card, ticket, by=by, max_attempts=self.place.services.settings.max_attempts, attach=False)

    def _find(self, trello: TrelloClient, mark: str) -> Card | None:
        """The list is asked each time, being cheap; the whole board only after an attempt that may have succeeded."""
        found = trello.find_card_in_list(self.delivery.payload["list_id"], mark)
        if found is None and self.delivery.attempts > 1:
            found = trello.find_card_on_board(self.place.board.trello_id, mark)
        return found

    def _create(self, trello: TrelloClient, mark: str) -> Card:
        # The list came from a browser, and the token may write on boards that whoever asked never saw.
        if self.delivery.payload["list_id"] not in {each.id for each in trello.lists(self.place.board.trello_id)}:
            raise ConflictError("The list is not on this board any more, or is archived. Choose another one.")
        # The board may be public; what the forum keeps private must not be read off the card.
        excerpt = "" if self.ticket.private else self.ticket.excerpt
        desc = "\n\n".join(part for part in (excerpt, self.ticket.url, f"_{mark}_") if part)
        name = self.delivery.payload.get("name") or ("Private customer thread" if self.ticket.private else self.ticket.subject)
        return trello.create_card(self.delivery.payload["list_id"], name, desc, url_source=self.ticket.url)
