"""Connect boards, remember who is on them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.crypto import Sealer, random_token
from powerup.events.actions import Actor, record
from powerup.workspaces.models import Board, BoardMember, TrelloAccount, Workspace


@dataclass(frozen=True)
class ProvenBoard:
    """A board as Trello itself described it to the person who connects it."""

    trello_id: str
    name: str
    url: str
    organization_id: str | None
    organization_name: str | None
    roles: Mapping[str, str]
    """Trello member id -> `admin`, `normal` or `observer`."""
    people: tuple[tuple[str, str, str], ...] = ()
    """Id, user name and full name of everybody on it."""


def connect_board(session: Session, proven: ProvenBoard, *, member_id: str, token: str, sealer: Sealer) -> Board:
    """Connect a board (again) through this member's account; makes the workspace when it is the first."""
    workspace = _workspace(session, proven)
    account = _account(session, workspace, member_id, token, sealer)
    board = session.scalar(select(Board).where(Board.trello_id == proven.trello_id))
    now = clock.now()
    if board is None:
        board = Board(trello_id=proven.trello_id, hook_token=random_token(), workspace_id=workspace.id, connected_at=now)
        session.add(board)
    board.workspace_id, board.account_id = workspace.id, account.id
    board.name, board.url = proven.name, proven.url
    board.connected_at, board.disconnected_at, board.members_checked_at = now, None, now
    session.flush()
    set_members(session, board, proven.roles)
    record(session, workspace.id, "board.connected", by=Actor("member", member_id), board=board.trello_id)
    return board


def disconnect_board(session: Session, board: Board, *, by: Actor) -> None:
    """Stop serving a board; its links and history stay for the day it is connected again, the Trello token goes with the last board."""
    board.disconnected_at = clock.now()
    session.flush()
    served = select(Board.id).where(Board.account_id == board.account_id, Board.disconnected_at.is_(None))
    if session.scalar(served.limit(1)) is None:
        # Nothing needs the token any more: what is not there cannot be stolen.
        account = session.get_one(TrelloAccount, board.account_id)
        account.sealed_token, account.state = None, "refused"
    record(session, board.workspace_id, "board.disconnected", by=by, board=board.trello_id)


def set_members(session: Session, board: Board, roles: Mapping[str, str]) -> None:
    """Replace what we know of who is on the board."""
    session.execute(delete(BoardMember).where(BoardMember.board_id == board.id))
    session.add_all(BoardMember(board_id=board.id, trello_member_id=member, role=role) for member, role in roles.items())
    board.members_checked_at = clock.now()
    session.flush()


def forget_member(session: Session, board: Board, member_id: str) -> None:
    """Somebody left the board: no more threads for them, from this moment."""
    session.execute(delete(BoardMember).where(BoardMember.board_id == board.id, BoardMember.trello_member_id == member_id))


def refuse_account(session: Session, account_id: int, *, sealed_token: str | None) -> None:
    """Trello no longer takes this token: forget it, so that every screen says "connect again".

    :param sealed_token: the one that was refused; a newer one, connected meanwhile, stays.
    """
    refused = update(TrelloAccount).where(TrelloAccount.id == account_id, TrelloAccount.sealed_token == sealed_token)
    session.execute(refused.values(state="refused", sealed_token=None))


def set_slack(session: Session, workspace: Workspace, url: str | None, *, sealer: Sealer, by: Actor) -> None:
    """Connect (or, with None, disconnect) the workspace's Slack channel."""
    workspace.sealed_slack_url = sealer.seal(slack_purpose(workspace.id), url) if url else None
    record(session, workspace.id, "slack.connected" if url else "slack.disconnected", by=by)


@dataclass(frozen=True, slots=True)
class SlackApp:
    """A workspace's own Slack app, as an admin enters it; None leaves a secret as it is, an empty text takes it away."""

    bot_token: str | None = None
    signing_secret: str | None = None


def set_slack_app(session: Session, workspace: Workspace, app: SlackApp, *, sealer: Sealer, by: Actor) -> None:
    """Keep the app's bot token and signing secret; the address for its clicks is made with the first of them."""
    if app.bot_token is not None:
        workspace.sealed_slack_bot = sealer.seal(slack_bot_purpose(workspace.id), app.bot_token) if app.bot_token else None
    if app.signing_secret is not None:
        sealed = sealer.seal(slack_secret_purpose(workspace.id), app.signing_secret) if app.signing_secret else None
        workspace.sealed_slack_secret = sealed
    workspace.slack_hook_token = workspace.slack_hook_token or random_token()
    connected = workspace.sealed_slack_bot is not None
    buttons = workspace.sealed_slack_secret is not None
    record(session, workspace.id, "slack.app_changed", by=by, connected=connected, buttons=buttons)


def slack_bot_purpose(workspace_id: int) -> str:
    """What a sealed bot token is sealed for."""
    return f"workspaces.slack_bot:{workspace_id}"


def slack_secret_purpose(workspace_id: int) -> str:
    """What a sealed signing secret is sealed for."""
    return f"workspaces.slack_secret:{workspace_id}"


def slack_purpose(workspace_id: int) -> str:
    """What a sealed Slack address is sealed for."""
    return f"workspaces.slack:{workspace_id}"


def token_purpose(account_id: int) -> str:
    """What a sealed Trello token is sealed for."""
    return f"trello_accounts.token:{account_id}"


def _workspace(session: Session, proven: ProvenBoard) -> Workspace:
    trello_id = proven.organization_id or f"board:{proven.trello_id}"
    workspace = session.scalar(select(Workspace).where(Workspace.trello_id == trello_id))
    if workspace is None:
        workspace = Workspace(trello_id=trello_id, name=proven.organization_name or proven.name, created_at=clock.now())
        session.add(workspace)
        session.flush()
    return workspace


def _account(session: Session, workspace: Workspace, member_id: str, token: str, sealer: Sealer) -> TrelloAccount:
    account = session.scalar(
        select(TrelloAccount).where(TrelloAccount.workspace_id == workspace.id, TrelloAccount.trello_member_id == member_id)
    )
    if account is None:
        account = TrelloAccount(workspace_id=workspace.id, trello_member_id=member_id, created_at=clock.now(), state="working")
        session.add(account)
        session.flush()
    account.sealed_token, account.state = sealer.seal(token_purpose(account.id), token), "working"
    return account
