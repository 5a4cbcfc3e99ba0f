"""What a delivery becomes while a worker has it, and what its kinds share."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.cards import queries as cards
from powerup.cards.models import Card
from powerup.deliveries.lane import own_card
from powerup.errors import ConflictError
from powerup.forums import queries as forums
from powerup.forums.models import Forum as ForumRow
from powerup.inbox.actions import store
from powerup.integrations.forums.base import Forum
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board, TrelloAccount

Outcome = dict[str, Any]
"""What the other end answered: ids and addresses, as kept in `Delivery.outcome`."""


class Job(Protocol):
    """One delivery on its way. A kind is a class with these three methods; `send` must be harmless when done twice."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """Collect what sending needs. Raises a CloseloopError when it cannot be sent: that is permanent."""

    def send(self) -> Outcome:
        """Call the vendor; no database transaction is open meanwhile. Raises IntegrationError."""

    def settle(self, session: Session, outcome: Outcome) -> None:
        """What follows, in the transaction that marks the delivery done."""


@dataclass(frozen=True)
class ForumPlace:
    """A thread on a forum."""

    adapter: Forum
    forum: ForumRow
    ticket: Ticket

    @classmethod
    def find(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """Where the delivery goes; raises ConflictError when the forum was removed."""
        ticket = tickets.get(session, delivery.workspace_id, delivery.ticket_id or 0)
        forum = forums.get(session, delivery.workspace_id, ticket.forum_id, removed_too=True)
        if forum.removed_at is not None:
            raise ConflictError(f"{forum.name} is no longer connected, so nothing can be written there.")
        return cls(services.forum(forum), forum, ticket)

    def read_soon(self, session: Session, delivery_id: int) -> None:
        """Have the thread read again at once, so that what we wrote shows on the card."""
        source, hint = f"forum:{self.forum.id}", {"thread": self.ticket.external_id}
        store(session, self.forum.workspace_id, source=source, event_id=f"delivery:{delivery_id}", hint=hint)


@dataclass(frozen=True)
class TrelloPlace:
    """A board (and perhaps a card) with the token to act there."""

    services: Services
    board: Board
    account: TrelloAccount
    card: Card | None
    token: str

    @classmethod
    def of_card(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The delivery's card; raises ConflictError when its board was disconnected."""
        card = cards.in_workspace(session, delivery.workspace_id, delivery.card_id or 0)
        return cls._on(session, services, delivery.workspace_id, card.board_id, card)

    @classmethod
    def of_board(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The board that the payload names by our id."""
        return cls._on(session, services, delivery.workspace_id, int(delivery.payload["board_id"]), None)

    @classmethod
    def of_own_card(cls, session: Session, services: Services, delivery: Delivery) -> Self | None:
        """The card that was made for the delivery's ticket; None where none was."""
        card = own_card(session, delivery)
        return cls._on(session, services, delivery.workspace_id, card.board_id, card) if card is not None else None

    @classmethod
    def between(cls, session: Session, services: Services, card: Card, to: Board) -> Self:
        """The card, with a token that sees its own board and the one where it is to go; the own board's account if that does."""
        place = cls._on(session, services, card.workspace_id, card.board_id, card)
        for account in workspaces.accounts_between(session, place.board, to):
            return cls(services, place.board, account, card, services.trello_token(account))
        return place

    @property
    def card_id(self) -> str:
        """Trello's id of the card."""
        if self.card is None:
            raise AssertionError("only a place made by of_card has a card")
        return self.card.trello_id

    @classmethod
    def _on(cls, session: Session, services: Services, workspace_id: int, board_id: int, card: Card | None) -> Self:
        board = session.scalar(select(Board).where(Board.id == board_id, Board.workspace_id == workspace_id))
        if board is None or board.disconnected_at is not None:
            raise ConflictError("The board is no longer connected, so nothing can be done there. A board admin can connect it again.")
        account = workspaces.account(session, board.account_id)
        return cls(services, board, account, card, services.trello_token(account))
