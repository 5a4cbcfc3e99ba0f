"""Boards: connect the one that the token speaks for, look at it, disconnect it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.boards import BoardContents, BoardList, BoardShape, board_shape
from powerup.integrations.errors import IntegrationError
from powerup.integrations.trello.models import Member, TrelloList
from powerup.outbox.actions import Order, enqueue
from powerup.sync.connect import prove_board
from powerup.sync.members import refuse
from powerup.workspaces import actions, queries
from powerup.workspaces.models import Board

blueprint = Blueprint("boards", __name__)
connections = Blueprint("connections", __name__)


class Connection(Model):
    """What Trello's authorize page gave the person."""

    trello_token: str = Field(min_length=16, max_length=512)


@connections.put("/boards/current/connection")
@documented(tag="boards", json=Connection, answers={200: BoardShape}, problems=(422, 502, 504))
def connect() -> dict[str, Any]:
    """Connect the token's board: Trello must confirm that the Trello token is this person's and that they administer it."""
    said = auth.claims()
    token = body(Connection).trello_token
    proven = prove_board(services(), board_id=said.board_id, member_id=said.member_id, token=token)
    with database().write() as session:
        board = actions.connect_board(session, proven, member_id=said.member_id, token=token, sealer=services().sealer)
        watch = Order(
            kind="trello_webhook",
            lane=f"board:{board.id}",
            payload={"board_id": board.id, "callback_url": hook_url(board.hook_token)},
            created_by=said.member_id,
        )
        enqueue(session, board.workspace_id, watch, max_attempts=settings().max_attempts)
        workspace, account = queries.workspace(session, board.workspace_id), queries.account(session, board.account_id)
        return board_shape(board, workspace, account)


@blueprint.delete("/boards/current/connection")
@documented(tag="boards", answers={204: None})
def disconnect() -> tuple[str, int]:
    """Stop serving the board. Board admins only; links and history stay."""
    auth.require_admin()
    with database().write() as session:
        actions.disconnect_board(session, queries.board(session, auth.seat().board_id), by=auth.actor())
    return "", 204


@blueprint.get("/boards/current")
@documented(tag="boards", answers={200: BoardShape})
def current() -> dict[str, Any]:
    """The token's board."""
    with database().read() as session:
        board = queries.board(session, auth.seat().board_id)
        workspace, account = queries.workspace(session, board.workspace_id), queries.account(session, board.account_id)
        return board_shape(board, workspace, account)


@blueprint.get("/boards")
@documented(tag="boards", answers={200: BoardList})
def listed() -> dict[str, Any]:
    """The connected boards of the workspace."""
    with database().read() as session:
        found = queries.boards(session, auth.seat().workspace_id)
        return {"boards": [{"id": board.trello_id, "name": board.name, "url": board.url} for board in found]}


@blueprint.get("/boards/<board_id>/lists")
@documented(tag="boards", answers={200: BoardContents}, problems=(422, 502, 504))
def contents(board_id: str) -> dict[str, Any]:
    """The open lists and the people of a connected board of the workspace, as Trello has them now. Board admins only."""
    auth.require_admin()
    with database().read() as session:
        board = queries.connected_board(session, auth.seat().workspace_id, board_id)
    lists, people = look_at(board)
    return {
        "lists": [{"id": each.id, "name": each.name} for each in lists],
        "members": [{"id": each.id, "name": each.full_name, "username": each.username} for each in people],
    }


def look_at(board: Board) -> tuple[Sequence[TrelloList], Sequence[Member]]:
    """A board's open lists and its people, asked of Trello; raises IntegrationError."""
    with database().read() as session:
        account = queries.account(session, board.account_id)
    with services().trello(services().trello_token(account)) as trello:
        try:
            return trello.lists(board.trello_id), trello.members_of_board(board.trello_id)
        except IntegrationError as error:
            if error.reconnect:
                refuse(services(), account)
            raise


def hook_url(hook_token: str) -> str:
    """Where Trello sends a board's changes; its signature covers this very text."""
    return f"{settings().base_url}/webhooks/trello/{hook_token}"
