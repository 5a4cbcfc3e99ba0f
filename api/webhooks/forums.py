"""A forum's webhooks. Two kinds of "no": not from there is 4xx; known and of no interest is 200."""

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

from api.context import database, services
from powerup.errors import UnauthenticatedError
from powerup.forums import queries as forums
from powerup.forums.actions import is_hook_noted, note_hook
from powerup.forums.models import Forum
from powerup.inbox.actions import store
from powerup.integrations.forums.base import HookKind, HookRefusedError, HookUnreadableError

blueprint = Blueprint("forum_hooks", __name__)


@blueprint.post("/forums/<hook_token>")
def receive(hook_token: str) -> tuple[str, int]:
    """Keep the hint that a thread may have changed; a second delivery of the same event changes nothing."""
    with database().read() as session:
        forum = forums.by_hook(session, hook_token)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        with services().forum(forum) as adapter:
            hook = adapter.hook(headers, request.get_data())
    except HookRefusedError:
        _note(forum, refused=True)
        raise UnauthenticatedError("The signature is missing or wrong. Compare the webhook's secret with the settings.") from None
    except HookUnreadableError:
        _note(forum, refused=True)
        raise BadRequest from None
    if hook.kind is not HookKind.thread or hook.thread_id is None:
        _note(forum, refused=False)
        return "noted\n", 200
    with database().write() as session:
        note_hook(session, forum.id, refused=False)
        hint = {"thread": hook.thread_id}
        store(session, forum.workspace_id, source=f"forum:{forum.id}", event_id=hook.event_id, hint=hint)
    return "stored\n", 200


def _note(forum: Forum, *, refused: bool) -> None:
    # Anybody may send what will be refused: most of it costs no transaction.
    if not is_hook_noted(forum, refused=refused):
        with database().write() as session:
            note_hook(session, forum.id, refused=refused)
