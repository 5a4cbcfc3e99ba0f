"""Trello's webhooks for connected boards (facts on Trello, section 5.2).

Trello asks with HEAD before it registers an address and wants 200. The signature covers the body and the address exactly as
it was registered, never as a proxy shows it.
"""

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest, Gone

from api.context import database, settings
from powerup.errors import UnauthenticatedError
from powerup.inbox.actions import store
from powerup.integrations.errors import IntegrationError
from powerup.integrations.trello import webhooks
from powerup.integrations.trello.caller import IDENTIFIER
from powerup.sync.hints import ABOUT_OWNERSHIP, hint_of
from powerup.teams import queries as teams
from powerup.teams.actions import read_soon
from powerup.workspaces import queries as workspaces

blueprint = Blueprint("trello_hooks", __name__)


@blueprint.get("/trello/<hook_token>")
def present(hook_token: str) -> tuple[str, int]:
    """HEAD and GET: yes, this is the address."""
    with database().read() as session:
        workspaces.board_by_hook(session, hook_token)
    return "", 200


@blueprint.post("/trello/<hook_token>")
def receive(hook_token: str) -> tuple[str, int]:
    """Keep what changed on the board."""
    with database().read() as session:
        board = workspaces.board_by_hook(session, hook_token)
    if board.disconnected_at is not None:
        # Trello deletes a webhook that is answered with 410 (facts on Trello, section 5.2).
        raise Gone
    address = f"{settings().base_url}/webhooks/trello/{hook_token}"
    body = request.get_data()
    secret = settings().trello_api_secret.get_secret_value()
    if not webhooks.verify(secret, address, body, request.headers.get("X-Trello-Webhook", "")):
        raise UnauthenticatedError("The signature is missing or wrong.")
    try:
        change = webhooks.parse(body)
    except IntegrationError:
        raise BadRequest from None
    is_ours = request.headers.get("X-Trello-Client-Identifier") == IDENTIFIER
    with database().read() as session:
        is_team_board = teams.of_board(session, board.id) is not None
        is_news = change.kind in ABOUT_OWNERSHIP and teams.is_ownership_board(session, board.id)
    hint = hint_of(change, is_ours=is_ours, is_team_board=is_team_board)
    if hint is None and not is_news:
        return "noted\n", 200
    with database().write() as session:
        if is_news:
            read_soon(session, board.id)
        if hint is not None:
            store(session, board.workspace_id, source=f"trello:{board.id}", event_id=change.event_id, hint=hint)
    return "stored\n", 200
