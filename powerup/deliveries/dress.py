"""What a card wears: one impact label, and the person who owns it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.integrations.errors import IntegrationError
from powerup.integrations.trello.client import TrelloClient
from powerup.links.models import Link
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.rules import LABELS, Impact
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

PATIENT = 2
"""Attempts that wait for a Trello in trouble; after them a card is better without its label than not there."""


@dataclass(frozen=True)
class Extras:
    """Notes what was left out, in words for the delivery's outcome.

    :param attempts: of the delivery; the first ones wait for what may work later.
    """

    attempts: int
    left_out: list[str] = field(default_factory=list)

    @contextmanager
    def optional(self, what: str) -> Iterator[None]:
        """What is nice to have: a refusal is noted; trouble that may pass is raised, for a later attempt, as long as there is patience."""
        try:
            yield
        except IntegrationError as error:
            if error.reconnect or (not error.permanent and self.attempts <= PATIENT):
                raise
            self.left_out.append(f"{what}: {error.detail}")


@dataclass(frozen=True)
class Owner:
    """The person who is to be on the card."""

    member_id: str
    name: str
    is_on_board: bool

    @classmethod
    def find(cls, session: Session, board: Board, member_id: str | None) -> "Owner | None":
        """Somebody with their name, and whether they are on the board: Trello puts nobody else on its cards."""
        if member_id is None:
            return None
        name = teams.name_of(session, board.workspace_id, member_id) or "The owner"
        return cls(member_id, name, workspaces.is_on_board(session, board.id, member_id))

    def why_not(self, board: Board) -> str:
        """Why somebody is not on a card."""
        return f"{self.name} is not a member of the board “{board.name}”. Invite them there, then put them on the card."


def highest(session: Session, card_id: int) -> Impact | None:
    """The highest impact of the tickets that a card stands for; None when it stands for none."""
    tied = select(Ticket.impact).join(Link, Link.ticket_id == Ticket.id).where(Link.card_id == card_id, Link.ended_at.is_(None))
    order = list(Impact)
    return max((Impact(impact) for impact in session.scalars(tied)), key=order.index, default=None)


def label_ids(trello: TrelloClient, board: Board, impact: Impact, extras: Extras) -> list[str]:
    """The board's label for an impact; empty (and noted) when it cannot be made."""
    name, color = LABELS[impact]
    found: list[str] = []
    with extras.optional(f"The label “{name}”"):
        found.append(trello.ensure_label(board.trello_id, name, color).id)
    return found


def wear(trello: TrelloClient, card_id: str, board_id: str, impact: Impact) -> None:
    """Exactly one impact label: the right one on, the others off."""
    name, color = LABELS[impact]
    right = trello.ensure_label(board_id, name, color)
    worn = trello.card_in_full(card_id).labels
    ours = {each for each, _ in LABELS.values()}
    if right.id not in {label.id for label in worn}:
        trello.add_label(card_id, right.id)
    for label in worn:
        if label.name in ours and label.id != right.id:
            trello.remove_label(card_id, label.id)


def put_on(trello: TrelloClient, card_id: str, owner: Owner | None, board: Board, extras: Extras) -> None:
    """The owner as the card's member, where they are on the board."""
    if owner is None:
        return
    if not owner.is_on_board:
        extras.left_out.append(owner.why_not(board))
        return
    with extras.optional(owner.name):
        trello.add_member(card_id, owner.member_id)
