"""Clicks on buttons in a workspace's Slack. Slack wants 200 within three seconds, so that everything else happens afterwards.

The signature covers the raw body and a time that may be five minutes off at most (docs.slack.dev, "Verifying requests from Slack").
"""

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

from api.context import database, services
from powerup import clock
from powerup.errors import UnauthenticatedError
from powerup.inbox.actions import store
from powerup.integrations.slack.interactions import SlackUnreadableError, parse
from powerup.integrations.slack.signing import SlackRefusedError, verify
from powerup.teams.people import slack_response_purpose
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import slack_secret_purpose
from powerup.workspaces.models import Workspace

blueprint = Blueprint("slack_hooks", __name__)


@blueprint.post("/slack/<hook_token>")
def receive(hook_token: str) -> tuple[str, int]:
    """Keep the click; buttons that only open an address need no more than this answer."""
    with database().read() as session:
        workspace = workspaces.workspace_by_slack_hook(session, hook_token)
    body = request.get_data(parse_form_data=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        verify(_secret(workspace), headers, body, now=clock.now())
    except SlackRefusedError as error:
        raise UnauthenticatedError(str(error)) from None
    try:
        click = parse(body)
    except SlackUnreadableError:
        raise BadRequest from None
    if click.kind == "action":
        # Whoever has the address may speak in the channel for half an hour.
        sealed = services().sealer.seal(slack_response_purpose(workspace.id), click.response_url)
        who = {"user": click.user_id, "name": click.user_name}
        where = {"channel": click.channel_id, "ts": click.message_ts, "sealed_url": sealed}
        hint = {"action": click.action_id, "value": click.value, **who, **where}
        with database().write() as session:
            store(session, workspace.id, source=f"slack:{workspace.id}", event_id=click.event_id, hint=hint)
    return "", 200


def _secret(workspace: Workspace) -> str:
    sealed = workspace.sealed_slack_secret
    return services().sealer.open(slack_secret_purpose(workspace.id), sealed) if sealed else ""
