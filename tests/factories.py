"""Threads as an adapter would read them, and rows as the product would have made them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from powerup.cards.actions import SeenCard, remember
from powerup.cards.models import Card
from powerup.crypto import Sealer, new_key
from powerup.events.actions import Actor
from powerup.forums.actions import ForumSettings, Found, add
from powerup.forums.models import Forum
from powerup.schema import Base
from powerup.teams import models as teams
from powerup.teams.models import Area, Team
from powerup.threads import Author, Message, Role, Thread, ThreadState, Visibility
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Desk
from powerup.triage.rules import DEFAULT, Pace
from powerup.workspaces.actions import ProvenBoard, connect_board
from powerup.workspaces.models import Board
from tests.cast import ADA, BEN, Person

TABLES = Base.metadata
"""Named here so that every table is known: foreign keys lead to rooms that a test may not import."""

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CUSTOMER = Author("c1", "mei", "Mei Tanaka", Role.customer)
STAFF = Author("s1", "helper", "Helper", Role.staff)
BY_ADA = Actor("member", ADA.trello_id)
BY_BEN = Actor("member", BEN.trello_id)

SEALER = Sealer([new_key()])
"""For rows that no other process opens."""


def message(number: int, text: str = "", *, author: Author = CUSTOMER, internal: bool = False, **more: Any) -> Message:
    """The post at a position; a minute lies between two."""
    made = Message(
        external_id=f"p{number}",
        number=number,
        author=author,
        visibility=Visibility.internal if internal else Visibility.public,
        html=f"<p>{text or f'Message {number}'}</p>",
        created_at=NOON + timedelta(minutes=number),
    )
    return replace(made, **more)


def thread(external_id: str = "1", *messages: Message, **more: Any) -> Thread:
    """A whole thread; by default its customer has said one thing. Its posts' ids begin with its own."""
    own = messages or (message(1, "It stops after one minute."),)
    made = Thread(
        external_id=external_id,
        url=f"https://forum.test/t/{external_id}",
        subject="My step fails",
        state=ThreadState.open,
        customer=CUSTOMER,
        created_at=NOON,
        changed_at=max(each.created_at for each in own),
        messages=tuple(replace(each, external_id=f"{external_id}.{each.external_id}") for each in own),
    )
    return replace(made, **more)


@dataclass
class Rows:
    """A workspace with a connected board, a forum and a card."""

    board: Board
    forum: Forum
    card: Card

    @property
    def workspace_id(self) -> int:
        """Whose rows these are."""
        return self.board.workspace_id


EVERYTHING = ("reply", "internal_note", "resolve")


def rows(session: Session, number: int = 1, *, can: tuple[str, ...] = EVERYTHING, sealer: Sealer = SEALER) -> Rows:
    """Connect everything that a domain test needs; another number is another organisation."""
    proven = ProvenBoard(
        trello_id=f"{number:024x}",
        name="Support",
        url=f"https://trello.test/b/{number}",
        organization_id=f"{number + 1000:024x}",
        organization_name=f"Organisation {number}",
        roles={ADA.trello_id: "admin", BEN.trello_id: "normal"},
    )
    board = connect_board(session, proven, member_id=ADA.trello_id, token="t" * 64, sealer=sealer)
    wanted = ForumSettings("discourse", "Help", "https://forum.test", credentials={}, hook_secret="s")
    forum = add(session, board.workspace_id, wanted, Found(can, {}, "helper"), by=BY_ADA, sealer=sealer)
    # Whatever the day on which the tests run, threads of NOON are none of the past.
    forum.created_at = NOON
    return Rows(board, forum, card(session, board))


def card(session: Session, board: Board, number: int = 1) -> Card:
    """A card that Trello has confirmed."""
    trello_id = f"{board.id:08x}{number:016x}"
    return remember(session, board, SeenCard(trello_id, f"Card {number}", f"https://trello.test/c/{trello_id}", "1" * 24, False))


def ticket(session: Session, made: Rows, external_id: str = "1", *messages: Message, **more: Any) -> Ticket:
    """A recorded thread."""
    return tickets.record(session, made.forum, thread(external_id, *messages, **more))


def team(session: Session, board: Board | None, workspace_id: int, name: str = "Deployments", **more: Any) -> Team:
    """A team whose cards go to a list of the board; without a board nobody can be given a thread there."""
    made = Team(
        workspace_id=workspace_id,
        name=name,
        board_id=board.id if board else None,
        inbox_list_id="2" * 24 if board else None,
        inbox_list_name="Inbox" if board else None,
        member_ids=[BEN.trello_id],
        from_settings=[],
        created_at=NOON,
    )
    for field, value in more.items():
        setattr(made, field, value)
    session.add(made)
    session.flush()
    return made


def area(session: Session, owner: Team, name: str = "Agents", keywords: tuple[str, ...] = ("agent", "heartbeat"), **more: Any) -> Area:
    """Something that the team owns."""
    made = Area(
        workspace_id=owner.workspace_id,
        team_id=owner.id,
        name=name,
        keywords=list(keywords),
        added_keywords=[],
        owner_ids=[],
        created_at=NOON,
    )
    for field, value in more.items():
        setattr(made, field, value)
    session.add(made)
    session.flush()
    return made


def person(session: Session, workspace_id: int, who: Person, **more: Any) -> teams.Person:
    """Somebody of a team, by name."""
    made = teams.Person(workspace_id=workspace_id, trello_member_id=who.trello_id, username=who.username, name=who.full_name, **more)
    session.add(made)
    session.flush()
    return made


def desk(by: Actor = BY_ADA, pace: Pace = DEFAULT) -> Desk:
    """Somebody who decides."""
    return Desk(by, pace, 5)
