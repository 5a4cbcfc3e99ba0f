"""Who may see what: every request begins here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.errors import BoardNotConnectedError, NotAMemberError, NotFoundError
from powerup.workspaces.models import Board, BoardMember, TrelloAccount, Workspace

SEEING = ("admin", "normal")
"""Roles that may read customers' threads."""

UNSURE = timedelta(days=1)
"""So long after Trello last said who is on a board (its account was refused, say) nobody is let in on the old word."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A member on a connected board: the scope of everything that a request may touch."""

    workspace_id: int
    board_id: int
    trello_board_id: str
    member_id: str
    role: str


def seat(session: Session, *, trello_board_id: str, member_id: str) -> Seat:
    """Where this member sits; raises BoardNotConnectedError or NotAMemberError. One statement: it runs at each request."""
    row = session.execute(
        select(Board.workspace_id, Board.id, Board.members_checked_at, BoardMember.role)
        .outerjoin(BoardMember, (BoardMember.board_id == Board.id) & (BoardMember.trello_member_id == member_id))
        .where(Board.trello_id == trello_board_id, Board.disconnected_at.is_(None))
    ).one_or_none()
    if row is None:
        raise BoardNotConnectedError("Nobody has connected this board to Closeloop yet. A board admin can, in the Power-Up's settings.")
    if clock.now() - row.members_checked_at > UNSURE:
        raise BoardNotConnectedError("Trello has not told us for a day who is on this board. A board admin has to connect it again.")
    if row.role not in SEEING:
        raise NotAMemberError("Customers' threads are shown to members of this board only. Ask a board admin to add you.")
    return Seat(row.workspace_id, row.id, trello_board_id, member_id, row.role)


def seats_of_member(session: Session, member_id: str) -> Sequence[Board]:
    """The connected boards at which this member may sit, as Trello said last; by name."""
    wanted = select(Board).join(BoardMember, BoardMember.board_id == Board.id)
    wanted = wanted.where(BoardMember.trello_member_id == member_id, BoardMember.role.in_(SEEING), Board.disconnected_at.is_(None))
    return session.scalars(wanted.where(Board.members_checked_at >= clock.now() - UNSURE).order_by(Board.name, Board.id)).all()


def connected_board(session: Session, workspace_id: int, trello_id: str) -> Board:
    """A connected board of this workspace by Trello's id; raises NotFoundError."""
    wanted = select(Board).where(Board.workspace_id == workspace_id, Board.trello_id == trello_id, Board.disconnected_at.is_(None))
    board = session.scalar(wanted)
    if board is None:
        raise NotFoundError("There is no such connected board in this workspace. Connect it in the Power-Up's settings on that board.")
    return board


def board_by_trello_id(session: Session, trello_id: str) -> Board | None:
    """A connected board by Trello's id."""
    return session.scalar(select(Board).where(Board.trello_id == trello_id, Board.disconnected_at.is_(None)))


def board_by_hook(session: Session, hook_token: str) -> Board:
    """The board whose webhook address this is; raises NotFoundError."""
    board = session.scalar(select(Board).where(Board.hook_token == hook_token))
    if board is None:
        raise NotFoundError("There is no such webhook address.")
    return board


def workspace_by_slack_hook(session: Session, hook_token: str) -> Workspace:
    """The workspace to whose address Slack sends clicks; raises NotFoundError."""
    found = session.scalar(select(Workspace).where(Workspace.slack_hook_token == hook_token))
    if found is None:
        raise NotFoundError("There is no such webhook address.")
    return found


def may_see(session: Session, workspace_id: int, member_id: str) -> bool:
    """Whether this member may read the workspace's threads: on any of its connected boards, as Trello said lately."""
    sits = select(Board.id).join(BoardMember, BoardMember.board_id == Board.id)
    sits = sits.where(Board.workspace_id == workspace_id, Board.disconnected_at.is_(None), Board.members_checked_at >= clock.now() - UNSURE)
    seeing = sits.where(BoardMember.trello_member_id == member_id, BoardMember.role.in_(SEEING))
    return session.scalar(seeing.limit(1)) is not None


def accounts_between(session: Session, board: Board, other: Board) -> Sequence[TrelloAccount]:
    """Working accounts of members of both boards: the first board's own first, then the other's."""
    there = [
        select(BoardMember.board_id).where(BoardMember.board_id == each.id, BoardMember.trello_member_id == TrelloAccount.trello_member_id)
        for each in (board, other)
    ]
    wanted = select(TrelloAccount).where(TrelloAccount.workspace_id == board.workspace_id, TrelloAccount.state == "working")
    wanted = wanted.where(*(each.where(BoardMember.role.in_(SEEING)).exists() for each in there))
    first = [board.account_id, other.account_id]
    found = session.scalars(wanted.order_by(TrelloAccount.id)).all()
    return sorted(found, key=lambda each: first.index(each.id) if each.id in first else len(first))


def is_on_board(session: Session, board_id: int, member_id: str) -> bool:
    """Whether Trello lists this member on the board."""
    there = select(BoardMember.board_id).where(BoardMember.board_id == board_id, BoardMember.trello_member_id == member_id)
    return session.scalar(there) is not None


def board(session: Session, board_id: int) -> Board:
    """A board by our id, already known to be in scope."""
    return session.get_one(Board, board_id)


def boards(session: Session, workspace_id: int) -> Sequence[Board]:
    """All connected boards of a workspace."""
    wanted = select(Board).where(Board.workspace_id == workspace_id, Board.disconnected_at.is_(None))
    return session.scalars(wanted.order_by(Board.id)).all()


def workspace(session: Session, workspace_id: int) -> Workspace:
    """A workspace by our id, already known to be in scope."""
    return session.get_one(Workspace, workspace_id)


def workspace_by_organization(session: Session, organization_id: str) -> Workspace | None:
    """The workspace of a Trello organization, if anybody connected a board of it."""
    return session.scalar(select(Workspace).where(Workspace.trello_id == organization_id))


def account(session: Session, account_id: int) -> TrelloAccount:
    """The account through which a board is served."""
    return session.get_one(TrelloAccount, account_id)


def role_on(session: Session, board_id: int, member_id: str) -> str | None:
    """Somebody's role on a connected board; None when they are not on it."""
    row = select(BoardMember.role).join(Board, Board.id == BoardMember.board_id)
    return session.scalar(row.where(Board.id == board_id, Board.disconnected_at.is_(None), BoardMember.trello_member_id == member_id))
