"""POST /session: trade Trello's signed word for a bearer token."""

from math import ceil
from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.auth import Claims
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.boards import WorkspaceRef
from powerup import clock
from powerup.errors import BoardNotConnectedError, NotAMemberError, TooManyRequestsError, UnauthenticatedError
from powerup.forums import queries as forums
from powerup.integrations.errors import CredentialsRefusedError, RejectedError
from powerup.integrations.trello.models import Member
from powerup.sync.members import refresh_if_unknown
from powerup.teams import queries as teams
from powerup.teams.actions import SeenPerson, remember_people
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

blueprint = Blueprint("session", __name__)


class SessionWanted(Model):
    """What `t.jwt()` gives."""

    jwt: str = Field(min_length=1, max_length=8_192)


class SessionBoard(Model):
    """The board that the Power-Up is open on."""

    connected: bool
    name: str | None
    role: str | None
    """The person's role on the board; null while it is not connected."""


class SessionForum(Model):
    """Enough of a forum to know its addresses."""

    id: int
    kind: str
    name: str
    base_url: str
    state: str


class SessionAnswer(Model):
    """A bearer token and what the connector needs at once."""

    token: str
    expires_in: int
    member_id: str
    board_id: str
    board: SessionBoard
    workspace: WorkspaceRef | None
    forums: list[SessionForum]
    slack_connected: bool


class TrelloSessionWanted(Model):
    """What Trello's authorize page gave the person, on a page outside of Trello."""

    trello_token: str = Field(min_length=16, max_length=512)
    """Asked once whose it is, and forgotten."""
    board_id: str | None = Field(None, max_length=64)
    """One of `boards`; left out: the first whose workspace has teams."""


class SeatRef(Model):
    """A connected board at which the person may sit; `id` is Trello's."""

    id: str
    name: str


class TrelloSessionAnswer(SessionAnswer):
    """The same, with the boards between which the person can choose."""

    boards: list[SeatRef]


@blueprint.post("/session")
@documented(tag="session", json=SessionWanted, answers={200: SessionAnswer}, problems=(401, 403, 422, 502, 504), bearer=False)
def begin() -> dict[str, Any]:
    """A token for a member of a connected board; on a board that nobody connected, one that can only connect it."""
    identity = services().trello_keys.verify(body(SessionWanted).jwt, plugin_id=settings().trello_plugin_id, now=clock.now())
    said = Claims(identity.member_id, identity.board_id)
    answer: dict[str, Any] = {
        "token": auth.issue(said),
        "expires_in": settings().session_seconds,
        "member_id": said.member_id,
        "board_id": said.board_id,
    }
    try:
        return answer | _known(said)
    except BoardNotConnectedError:
        nothing = {"connected": False, "name": None, "role": None}
        return answer | {"board": nothing, "workspace": None, "forums": [], "slack_connected": False}
    except NotAMemberError:
        # Somebody who joined the board a moment ago: Trello knows before its webhook reaches us.
        refresh_if_unknown(services(), said.board_id, said.member_id)
        return answer | _known(said)


@blueprint.post("/session/trello")
@documented(
    tag="session", json=TrelloSessionWanted, answers={200: TrelloSessionAnswer}, problems=(401, 403, 422, 502, 503, 504), bearer=False
)
def begin_outside() -> dict[str, Any]:
    """A token for somebody whom Trello knows by a token made for this Power-Up; for pages outside of Trello."""
    wanted = body(TrelloSessionWanted)
    wait = services().sign_ins.take()
    if wait:
        raise TooManyRequestsError("Too many people are signing in just now. Try again in a few seconds.", retry_after=ceil(wait))
    person = _person(wanted.trello_token)
    boards = _seats(person.id, wanted)
    said = Claims(person.id, boards[0].trello_id)
    with database().read() as session:
        is_new = teams.person(session, boards[0].workspace_id, person.id) is None
    if is_new:
        with database().write() as session:
            remember_people(session, boards[0].workspace_id, [SeenPerson(person.id, person.username, person.full_name)])
    answer = {"token": auth.issue(said), "expires_in": settings().session_seconds, "member_id": said.member_id, "board_id": said.board_id}
    by_name = sorted(boards, key=lambda board: (board.name, board.id))
    return answer | _known(said) | {"boards": [{"id": board.trello_id, "name": board.name} for board in by_name]}


def _person(token: str) -> Member:
    """Whose the token is, by Trello's word."""
    with services().trello(token) as trello:
        try:
            return trello.me()
        except (CredentialsRefusedError, RejectedError):
            raise UnauthenticatedError("Trello does not know this token. Sign in with Trello again.") from None


def _seats(member_id: str, wanted: TrelloSessionWanted) -> list[Board]:
    """The connected boards at which this person may sit, the wanted one first; raises NotAMemberError."""
    boards = _boards(member_id)
    if not boards or (wanted.board_id is not None and wanted.board_id not in {board.trello_id for board in boards}):
        # As for POST /session: somebody who joined a moment ago.
        with services().trello(wanted.trello_token) as trello:
            theirs = {board.id for board in trello.my_boards()}
        for board_id in sorted(theirs - {board.trello_id for board in boards}):
            refresh_if_unknown(services(), board_id, member_id)
        boards = _boards(member_id)
    if wanted.board_id is not None:
        boards.sort(key=lambda board: board.trello_id != wanted.board_id)
    if not boards or wanted.board_id not in (None, boards[0].trello_id):
        raise NotAMemberError("You are not a member of a Trello board that is connected to Closeloop. Ask a board admin to add you.")
    return boards


def _boards(member_id: str) -> list[Board]:
    """Those whose workspace has teams come first."""
    with database().read() as session:
        boards = workspaces.seats_of_member(session, member_id)
        peopled = {board.workspace_id for board in boards if teams.listed(session, board.workspace_id)}
    return sorted(boards, key=lambda board: board.workspace_id not in peopled)


def _known(said: Claims) -> dict[str, Any]:
    with database().read() as session:
        seat = workspaces.seat(session, trello_board_id=said.board_id, member_id=said.member_id)
        workspace = workspaces.workspace(session, seat.workspace_id)
        return {
            "board": {"connected": True, "name": workspaces.board(session, seat.board_id).name, "role": seat.role},
            "workspace": {"id": workspace.id, "name": workspace.name},
            "forums": [
                {"id": each.id, "kind": each.kind, "name": each.name, "base_url": each.base_url, "state": each.state}
                for each in forums.listed(session, seat.workspace_id)
            ],
            "slack_connected": workspace.sealed_slack_url is not None,
        }
