"""POST /session: trade Trello's signed word for a bearer token."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.auth import Claims
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.boards import WorkspaceRef
from powerup import clock
from powerup.errors import BoardNotConnectedError, NotAMemberError
from powerup.forums import queries as forums
from powerup.sync.members import refresh_if_unknown
from powerup.workspaces import queries as workspaces

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
