"""What somebody did to a message of ours in Slack.

Slack posts a form (`application/x-www-form-urlencoded`) whose only field `payload` is JSON, and expects a 200 within three seconds,
else the person sees a warning (docs.slack.dev/interactivity/handling-user-interaction). A click on a button is of the type
`block_actions` with `user`, `team`, `channel`, `message` or `container`, `response_url` and `actions`, of which a click sends one
(docs.slack.dev/reference/interaction-payloads/block_actions-payload; also the interface BlockAction in
docs.slack.dev/tools/bolt-js/reference/interfaces/BlockAction). Buttons that open an address send one too, and must be acknowledged
(docs.slack.dev/reference/block-kit/block-elements/button-element, slackapi/node-slack-sdk#869).
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.http_shape import maybe, need
from powerup.integrations.slack.blocks import LINK_ACTION

_VENDOR = "Slack"
_BLOCK_ACTIONS = "block_actions"
_MOST_FIELDS = 20
_LONGEST_NAME = 200

Kind = Literal["action", "link", "ignored"]


class SlackUnreadableError(Exception):
    """Signed by Slack and yet not what Slack documents; the text names the field."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One click. `kind` is `action` for our own buttons, `link` for buttons that only open an address, else `ignored`."""

    kind: Kind
    event_id: str
    """The same for every delivery of the same click, and for no other click."""
    action_id: str = ""
    value: str = ""
    user_id: str = ""
    user_name: str = ""
    team_id: str = ""
    channel_id: str = ""
    message_ts: str = ""
    response_url: str = ""
    """Where an answer may be posted, five times within half an hour; not checked here."""
    action_ts: str = ""


def parse(body: bytes) -> Interaction:
    """Read a verified request; raises SlackUnreadableError. What is no click on a button is `ignored`, not an error."""
    try:
        payload = _payload(body)
        if need(payload, "type", str, vendor=_VENDOR) != _BLOCK_ACTIONS:
            return Interaction("ignored", _event_id(body.hex()))
        return _click(payload)
    except VendorBrokenError as error:
        raise SlackUnreadableError(error.detail) from None


def _payload(body: bytes) -> dict[str, Any]:
    try:
        found = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS).get("payload", [""])[0]
        payload = json.loads(found)
    except (ValueError, RecursionError):
        raise SlackUnreadableError("Slack sent something without a readable “payload”.") from None
    if not isinstance(payload, dict):
        raise SlackUnreadableError("Slack sent a “payload” that is no object.")
    return payload


def _click(payload: dict[str, Any]) -> Interaction:
    def text(*paths: str) -> str:
        return next((found for path in paths if (found := maybe(payload, path, str, vendor=_VENDOR))), "")

    # "First of those that are there": a click in a modal has no channel, one on an ephemeral message has only a container.
    user_id, team_id = need(payload, "user.id", str, vendor=_VENDOR), text("team.id", "user.team_id")
    channel_id, message_ts = text("channel.id", "container.channel_id"), text("container.message_ts", "message.ts")
    action_id, action_ts = need(payload, "actions.0.action_id", str, vendor=_VENDOR), text("actions.0.action_ts")
    is_button = need(payload, "actions.0.type", str, vendor=_VENDOR) == "button"
    kind: Kind = "ignored" if not is_button else "link" if action_id.startswith(LINK_ACTION) else "action"
    return Interaction(
        kind=kind,
        event_id=_event_id(team_id, channel_id, message_ts, user_id, action_id, action_ts or text("trigger_id")),
        action_id=action_id,
        value=text("actions.0.value"),
        user_id=user_id,
        user_name=text("user.name", "user.username")[:_LONGEST_NAME],
        team_id=team_id,
        channel_id=channel_id,
        message_ts=message_ts,
        response_url=text("response_url"),
        action_ts=action_ts,
    )


def _event_id(*parts: str) -> str:
    """Short, whatever the parts are; the separator is none of their characters."""
    return "slack-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
