"""Remember cards as Trello describes them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.cards.models import Card
from powerup.workspaces.models import Board


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card as Trello itself described it just now."""

    trello_id: str
    name: str
    url: str
    list_id: str
    closed: bool


def remember(session: Session, board: Board, seen: SeenCard) -> Card:
    """Insert or update the card; it follows its board within the workspace."""
    card = session.scalar(select(Card).where(Card.workspace_id == board.workspace_id, Card.trello_id == seen.trello_id))
    now = clock.now()
    if card is None:
        card = Card(workspace_id=board.workspace_id, trello_id=seen.trello_id)
        session.add(card)
    card.board_id, card.name, card.url, card.list_id = board.id, seen.name, seen.url, seen.list_id
    card.closed_at = (card.closed_at or now) if seen.closed else None
    card.seen_at = now
    session.flush()
    return card


def close(session: Session, card: Card) -> None:
    """The card was deleted or left our boards."""
    card.closed_at = card.closed_at or clock.now()
