"""Boards, workspaces and sessions."""

from typing import Any, Literal

from api.openapi import Model
from api.v1.shapes.people import Member
from powerup import clock
from powerup.workspaces.models import Board, TrelloAccount, Workspace


class WorkspaceRef(Model):
    """Which workspace."""

    id: int
    name: str


class BoardShape(Model):
    """A connected board; `id` is Trello's."""

    id: str
    name: str
    url: str
    workspace: WorkspaceRef
    connected_by: str
    connected_at: str
    account_state: Literal["working", "refused"]
    """`refused`: Trello no longer takes the token of the person who connected it; connect again."""


class BoardRef(Model):
    """A board of the workspace; `id` is Trello's."""

    id: str
    name: str
    url: str


class BoardList(Model):
    """The connected boards of the workspace."""

    boards: list[BoardRef]


class ListRef(Model):
    """A list of a board; `id` is Trello's."""

    id: str
    name: str


class BoardContents(Model):
    """A board's open lists from left to right, and its people."""

    lists: list[ListRef]
    members: list[Member]


def board_shape(board: Board, workspace: Workspace, account: TrelloAccount) -> dict[str, Any]:
    """A `BoardShape`."""
    return {
        "id": board.trello_id,
        "name": board.name,
        "url": board.url,
        "workspace": {"id": workspace.id, "name": workspace.name},
        "connected_by": account.trello_member_id,
        "connected_at": clock.iso(board.connected_at),
        "account_state": account.state,
    }
