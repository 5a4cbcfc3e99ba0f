"""Who is on a board, as Trello says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select, update

from powerup import clock
from powerup.events.actions import Actor
from powerup.integrations.errors import GoneError, IntegrationError
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Member
from powerup.log import logger
from powerup.services import Services
from powerup.teams.actions import SeenPerson, remember_people
from powerup.workspaces import actions, queries
from powerup.workspaces.models import Board, TrelloAccount

log = logger("sync")

STALE = timedelta(minutes=10)
"""How long we rely on what Trello said last; its webhooks usually tell sooner."""
ASKING_PAUSE = timedelta(seconds=15)
"""Between two questions because of a stranger: anybody who sees a public board can come with a JWT."""


def refresh(services: Services, board: Board) -> None:
    """Ask Trello who is on the board and remember exactly that; raises IntegrationError.

    A board that the account no longer sees has nobody on it for us.
    """
    with services.database.read() as session:
        workspace = queries.workspace(session, board.workspace_id)
    started = clock.now()
    people: tuple[Member, ...] = ()
    try:
        with acting_on(services, board) as trello:
            seen = trello.board(board.trello_id)
            roles = {member.member_id: str(member.role) for member in trello.memberships(board.trello_id)}
            people = trello.members_of_board(board.trello_id)
    except GoneError:
        seen, roles = None, {}
    with services.database.write() as session:
        known = session.scalar(select(Board).where(Board.id == board.id, Board.disconnected_at.is_(None)).with_for_update())
        # Whoever asked last knows best, whichever answer came first.
        if known is not None and seen is not None and (seen.organization_id or f"board:{seen.id}") != workspace.trello_id:
            # The board went to another organisation: what this workspace knows is none of its members' business.
            actions.disconnect_board(session, known, by=Actor("trello"))
        elif known is not None and known.members_checked_at < started:
            actions.set_members(session, known, roles)
            known.members_checked_at = started
            remember_people(session, board.workspace_id, (SeenPerson(each.id, each.username, each.full_name) for each in people))


def refresh_if_unknown(services: Services, trello_board_id: str, member_id: str) -> None:
    """Ask Trello, unless it was asked a moment ago, whether somebody whom we do not know has joined the board."""
    with services.database.read() as session:
        board = queries.board_by_trello_id(session, trello_board_id)
        # Without an account there is nobody to ask, and a question must not pass for an answer: see `queries.UNSURE`.
        if board is not None and queries.account(session, board.account_id).state != "working":
            return
    if board is None or not _claim(services, board, older_than=ASKING_PAUSE):
        return
    refresh(services, board)


def refresh_stale(services: Services) -> bool:
    """Ask about the board whose members were checked longest ago; returns whether one was due. Raises IntegrationError."""
    with services.database.read() as session:
        due = (
            select(Board)
            .join(TrelloAccount, TrelloAccount.id == Board.account_id)
            .where(Board.disconnected_at.is_(None), TrelloAccount.state == "working", Board.members_checked_at < clock.now() - STALE)
            .order_by(Board.members_checked_at)
            .limit(1)
        )
        board = session.scalar(due)
    if board is None:
        return False
    if _claim(services, board, older_than=STALE):
        refresh(services, board)
    return True


@contextmanager
def acting_on(services: Services, board: Board) -> Iterator[TrelloClient]:
    """Trello as the account that serves the board; an account that Trello refuses is marked so."""
    with services.database.read() as session:
        account = queries.account(session, board.account_id)
    with services.trello(services.trello_token(account)) as trello:
        try:
            yield trello
        except IntegrationError as error:
            if error.reconnect:
                refuse(services, account)
            raise


def refuse(services: Services, account: TrelloAccount) -> None:
    """Trello took this account's token no longer: every screen says "connect again"."""
    with services.database.write() as session:
        actions.refuse_account(session, account.id, sealed_token=account.sealed_token)


def _claim(services: Services, board: Board, *, older_than: timedelta) -> bool:
    """Whether it is for us to ask: noted before asking, so that several who come at once ask once."""
    now = clock.now()
    mine = update(Board).where(Board.id == board.id, Board.members_checked_at < now - older_than).values(members_checked_at=now)
    with services.database.write() as session:
        claimed: int = session.execute(mine).rowcount  # type: ignore[attr-defined]  # the cursor result of an UPDATE has it
    return bool(claimed)
