"""Find cards within a scope."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.cards.models import Card
from powerup.errors import NotFoundError
from powerup.workspaces.models import Board


def on_board(session: Session, board_id: int, trello_id: str) -> Card | None:
    """A card that Trello has confirmed to be on this board, else None.

    A board that went to another workspace leaves its cards' history behind: it holds that workspace's threads.
    """
    here = select(Card).join(Board, (Board.id == Card.board_id) & (Board.workspace_id == Card.workspace_id))
    return session.scalar(here.where(Card.board_id == board_id, Card.trello_id == trello_id))


def in_workspace(session: Session, workspace_id: int, card_id: int) -> Card:
    """A card by our id; raises NotFoundError."""
    card = session.scalar(select(Card).where(Card.workspace_id == workspace_id, Card.id == card_id))
    if card is None:
        raise NotFoundError("There is no such card in this workspace.")
    return card


def by_trello_id(session: Session, workspace_id: int, trello_id: str) -> Card | None:
    """A card of this workspace by Trello's id, on whichever board."""
    return session.scalar(select(Card).where(Card.workspace_id == workspace_id, Card.trello_id == trello_id))


def named(session: Session, workspace_id: int, words: Sequence[str], *, limit: int) -> Sequence[Card]:
    """Open cards on connected boards whose names have all the words, the one seen last first."""
    here = select(Card).join(Board, (Board.id == Card.board_id) & (Board.workspace_id == Card.workspace_id))
    here = here.where(Card.workspace_id == workspace_id, Card.closed_at.is_(None), Board.disconnected_at.is_(None))
    for word in words:
        here = here.where(func.lower(Card.name).contains(word.lower(), autoescape=True))
    return session.scalars(here.order_by(Card.seen_at.desc(), Card.id.desc()).limit(limit)).all()
