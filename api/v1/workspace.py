"""The workspace's own settings."""

from typing import Any, Self

from flask import Blueprint
from pydantic import Field, model_validator

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from powerup.workspaces import actions, queries
from powerup.workspaces.actions import SlackApp
from powerup.workspaces.models import Workspace

blueprint = Blueprint("workspace", __name__)


class WorkspaceWanted(Model):
    """What an admin may set."""

    slack_webhook_url: str | None = Field(None, max_length=500)
    """A Slack incoming webhook; null disconnects. It is a credential: it is never sent back. Left out: stays."""
    slack_bot_token: str | None = Field(None, max_length=500)
    """Of the workspace's own Slack app, which posts into each team's channel; null takes it away. Never sent back."""
    slack_signing_secret: str | None = Field(None, max_length=200)
    """Of the same app: with it messages carry buttons that act; null takes it away. Never sent back."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give slack_webhook_url, slack_bot_token or slack_signing_secret")
        return self


class WorkspaceShape(Model):
    """The workspace."""

    id: int
    name: str
    slack_connected: bool
    slack_bot_connected: bool
    slack_buttons: bool
    """Messages carry buttons that act."""
    slack_request_url: str | None
    """What an admin enters as the app's "Request URL"; null for others, and before there is an app."""
    role: str
    """The asking member's role on this board."""


@blueprint.get("/workspace")
@documented(tag="workspace", answers={200: WorkspaceShape})
def show() -> dict[str, Any]:
    """The workspace and whether Slack is connected."""
    with database().read() as session:
        return _shape(queries.workspace(session, auth.seat().workspace_id))


@blueprint.put("/workspace")
@documented(tag="workspace", json=WorkspaceWanted, answers={200: WorkspaceShape}, problems=(422, 502, 503, 504))
def change() -> dict[str, Any]:
    """Connect or disconnect Slack. Board admins only."""
    auth.require_steward()
    wanted = body(WorkspaceWanted)
    said = wanted.model_fields_set
    _try(wanted)
    with database().write() as session:
        workspace = queries.workspace(session, auth.seat().workspace_id)
        if "slack_webhook_url" in said:
            actions.set_slack(session, workspace, wanted.slack_webhook_url, sealer=services().sealer, by=auth.actor())
        if said & {"slack_bot_token", "slack_signing_secret"}:
            app = SlackApp(_secret(wanted, "slack_bot_token"), _secret(wanted, "slack_signing_secret"))
            actions.set_slack_app(session, workspace, app, sealer=services().sealer, by=auth.actor())
        return _shape(workspace)


def _try(wanted: WorkspaceWanted) -> None:
    """Raises IntegrationError for an address that is not Slack's, or a token that Slack does not take."""
    if wanted.slack_webhook_url is not None:
        with services().slack() as slack:
            slack.check_address(wanted.slack_webhook_url)
    if wanted.slack_bot_token:
        with services().slack_bot(wanted.slack_bot_token.strip()) as bot:
            bot.whoami()


def _secret(wanted: WorkspaceWanted, name: str) -> str | None:
    """None leaves it as it is, an empty text takes it away."""
    return (getattr(wanted, name) or "").strip() if name in wanted.model_fields_set else None


def _shape(workspace: Workspace) -> dict[str, Any]:
    token, is_admin = workspace.slack_hook_token, auth.seat().role == "admin"
    return {
        "id": workspace.id,
        "name": workspace.name,
        "slack_connected": workspace.sealed_slack_url is not None,
        "slack_bot_connected": workspace.sealed_slack_bot is not None,
        "slack_buttons": workspace.sealed_slack_bot is not None and workspace.sealed_slack_secret is not None,
        "slack_request_url": f"{settings().base_url}/webhooks/slack/{token}" if token and is_admin else None,
        "role": auth.seat().role,
    }
