"""Who asks: a Trello JWT is traded for a short-lived bearer token; the token says member and board, nothing else is believed."""

from dataclasses import dataclass

from flask import g, request

from api.context import database, services, settings
from powerup.errors import BoardAdminNeededError, UnauthenticatedError
from powerup.events.actions import Actor
from powerup.teams import queries as teams
from powerup.workspaces import queries as workspaces
from powerup.workspaces.queries import Seat

_PURPOSE = "session"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a bearer token says."""

    member_id: str
    board_id: str


def issue(claims: Claims) -> str:
    """A bearer token that holds for `settings.session_seconds`."""
    return services().signer.sign(_PURPOSE, {"m": claims.member_id, "b": claims.board_id})


def claims() -> Claims:
    """What this request's token says; raises UnauthenticatedError or TokenExpiredError."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthenticatedError("Send `Authorization: Bearer …` with a token from POST /api/v1/session.")
    said = services().signer.read(_PURPOSE, token.strip(), settings().session_seconds)
    return Claims(str(said["m"]), str(said["b"]))


def require_seat() -> None:
    """A blueprint's guard: only members of a connected board come through; puts their seat at hand."""
    if request.method == "OPTIONS":
        # A browser's question before a request from another origin carries no token; flask-cors has the answer.
        return
    said = claims()
    with database().read() as session:
        g.seat = workspaces.seat(session, trello_board_id=said.board_id, member_id=said.member_id)


def seat() -> Seat:
    """Where the person who asks sits: workspace, board, role."""
    held: Seat = g.seat
    return held


def require_admin() -> None:
    """For what only board admins may do; raises BoardAdminNeededError."""
    if seat().role != "admin":
        raise BoardAdminNeededError("Settings are changed by admins of this Trello board. Ask one of them.")


def require_steward() -> None:
    """For what concerns the whole workspace (its secrets, its teams, who is who); raises BoardAdminNeededError.

    Anybody can make a board and be its admin: where teams are read from an Ownership board, its admins decide.
    """
    require_admin()
    with database().read() as session:
        source = teams.ownership(session, seat().workspace_id)
        if source is None or source.board_id is None or workspaces.role_on(session, source.board_id, seat().member_id) == "admin":
            return
    raise BoardAdminNeededError("This concerns the whole workspace: it is changed by admins of the Ownership board.")


def actor() -> Actor:
    """The person who asks, for the history."""
    return Actor("member", seat().member_id)
