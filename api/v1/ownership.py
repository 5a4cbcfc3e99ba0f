"""Ownership: from which board teams are read, and whether the map still fits."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services
from api.openapi import Model, body, documented
from api.v1.shapes.teams import OwnershipShape, ownership_shape
from powerup.errors import ConflictError
from powerup.teams import actions, queries
from powerup.triage import audit
from powerup.workspaces import queries as workspaces

blueprint = Blueprint("ownership", __name__)


class OwnershipWanted(Model):
    """Which board."""

    board_trello_id: str | None = Field(max_length=64)
    """A connected board of the workspace; null: teams are entered in the settings only."""


class OwnershipAnswer(Model):
    """Where teams come from now."""

    ownership: OwnershipShape


class FindingShape(Model):
    """Something about the map that an admin should change, and how."""

    key: str
    kind: Literal["unowned_area", "misleading_word", "overloaded_team", "unmatched_threads"]
    text: str
    proposal: str
    url: str | None
    keyword: str | None
    area_id: int | None
    team_id: int | None
    move_to_area_id: int | None
    """To which area the word should lead instead, where that is known."""
    words: list[str]
    """Words that could become keywords."""


class AuditAnswer(Model):
    """What the map says about itself."""

    findings: list[FindingShape]


@blueprint.put("/ownership")
@documented(tag="teams", json=OwnershipWanted, answers={200: OwnershipAnswer}, problems=(422,))
def follow() -> dict[str, Any]:
    """Read teams and areas from this board from now on; it is read within seconds. Board admins only."""
    auth.require_steward()
    wanted, workspace_id = body(OwnershipWanted), auth.seat().workspace_id
    with database().write() as session:
        board_id = None
        if wanted.board_trello_id is not None:
            board_id = workspaces.connected_board(session, workspace_id, wanted.board_trello_id).id
        return {"ownership": ownership_shape(session, actions.follow(session, workspace_id, board_id, by=auth.actor()))}


@blueprint.post("/ownership/readings")
@documented(tag="teams", answers={202: OwnershipAnswer}, problems=(409,))
def read_now() -> tuple[dict[str, Any], int]:
    """Have the board read now."""
    with database().write() as session:
        ownership = queries.ownership(session, auth.seat().workspace_id)
        if ownership is None or ownership.board_id is None:
            raise ConflictError("There is no Ownership board to read. Choose one in the settings.")
        actions.read_soon(session, ownership.board_id)
        return {"ownership": ownership_shape(session, ownership)}, 202


@blueprint.get("/ownership/audit")
@documented(tag="teams", answers={200: AuditAnswer})
def look() -> dict[str, Any]:
    """Areas that nobody owns, words that mislead, teams with too much, threads that matched nothing; each with a proposal."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        found = audit.findings(session, services().brains.of(workspace_id))
        return {"findings": [each.as_json() for each in found]}
