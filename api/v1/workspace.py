"""The workspace's own settings."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services
from api.openapi import Model, body, documented
from powerup.workspaces import actions, queries
from powerup.workspaces.models import Workspace

blueprint = Blueprint("workspace", __name__)


class WorkspaceWanted(Model):
    """What an admin may set."""

    slack_webhook_url: str | None = Field(max_length=500)
    """A Slack incoming webhook; null disconnects. It is a credential: it is never sent back."""


class WorkspaceShape(Model):
    """The workspace."""

    id: int
    name: str
    slack_connected: bool
    role: str
    """The asking member's role on this board."""


@blueprint.get("/workspace")
@documented(tag="workspace", answers={200: WorkspaceShape})
def show() -> dict[str, Any]:
    """The workspace and whether Slack is connected."""
    with database().read() as session:
        return _shape(queries.workspace(session, auth.seat().workspace_id))


@blueprint.put("/workspace")
@documented(tag="workspace", json=WorkspaceWanted, answers={200: WorkspaceShape}, problems=(422,))
def change() -> dict[str, Any]:
    """Connect or disconnect Slack. Board admins only."""
    auth.require_admin()
    url = body(WorkspaceWanted).slack_webhook_url
    if url is not None:
        with services().slack() as slack:
            slack.check_address(url)
    with database().write() as session:
        workspace = queries.workspace(session, auth.seat().workspace_id)
        actions.set_slack(session, workspace, url, sealer=services().sealer, by=auth.actor())
        return _shape(workspace)


def _shape(workspace: Workspace) -> dict[str, Any]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "slack_connected": workspace.sealed_slack_url is not None,
        "role": auth.seat().role,
    }
