"""The Web API of one installed app: chat.postMessage, chat.update and auth.test.

Answers 200 whatever happened, with `ok` and a word (https://docs.slack.dev/reference/methods/chat.postMessage, .../chat.update,
.../auth.test); each answer tells the token's scopes in X-OAuth-Scopes.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request

from powerup.sandbox.slack.blocks import PayloadError, check
from powerup.sandbox.slack.options import SlackOptions
from powerup.sandbox.slack.store import Channel, Message, Store

BOT_ID, BOT_USER, APP_ID = "B0CLOSELOOP", "U0CLOSELOOP", "A0SANDBOX"
_REFUSALS = {"archived": "is_archived", "gone": "channel_not_found", "not_joined": "not_in_channel"}
Json = dict[str, Any]


class WebApi:
    """Its routes."""

    def __init__(self, options: SlackOptions, store: Store) -> None:
        self._options = options
        self._store = store

    def install(self, app: Flask) -> None:
        """Give the app its addresses."""
        methods: dict[str, Callable[[Json], Json]] = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "auth.test": self._test,
        }
        app.add_url_rule("/api/<method>", "web_api", lambda method: self._answer(methods.get(method)), methods=["POST"])

    def _answer(self, carry_out: Callable[[Json], Json] | None) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if carry_out is None:
            return jsonify(ok=False, error="unknown_method")
        if token != self._options.bot_token:
            return jsonify(ok=False, error="invalid_auth" if token else "not_authed")
        body = request.get_json(silent=True)
        try:
            answer = jsonify(ok=True, **carry_out(body if isinstance(body, dict) else {}))
        except PayloadError as error:
            lacking = {"needed": "chat:write", "provided": ",".join(self._options.scopes)} if str(error) == "missing_scope" else {}
            answer = jsonify(ok=False, error=str(error), **lacking)
        answer.headers["X-OAuth-Scopes"] = ",".join(self._options.scopes)
        return answer

    def _post(self, body: Json) -> Json:
        self._need_scope()
        channel = self._channel(str(body.get("channel", "")))
        message = self._store.add(channel, check(body), by_app=True)
        return self._posted(channel, message)

    def _update(self, body: Json) -> Json:
        self._need_scope()
        channel = self._channel(str(body.get("channel", "")))
        # Slack takes a name for posting only.
        found = self._store.find(channel.id, str(body.get("ts", ""))) if body.get("channel") == channel.id else None
        if body.get("channel") != channel.id:
            raise PayloadError("channel_not_found")
        if found is None:
            raise PayloadError("message_not_found")
        if not found.get("by_app"):
            raise PayloadError("cant_update_message")
        # Blocks that are not sent stay as they were.
        content = check(body if "blocks" in body else {**body, "blocks": found["blocks"]})
        self._store.change(found["number"], **content, trouble="")
        return self._posted(channel, found | content)

    def _test(self, _: Json) -> Json:
        options = self._options
        return {"url": request.host_url, "team": options.team, "user": "closeloop", "team_id": options.team_id} | {
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _need_scope(self) -> None:
        if "chat:write" not in self._options.scopes:
            raise PayloadError("missing_scope")

    def _channel(self, named: str) -> Channel:
        channel = self._store.channel(named)
        if channel is None or channel.kind != "slack":
            raise PayloadError("channel_not_found")
        if channel.state != "active":
            raise PayloadError(_REFUSALS[channel.state])
        return channel

    def _posted(self, channel: Channel, message: Message) -> Json:
        return {"channel": channel.id, "ts": message["ts"], "message": as_slack(message, self._options.team_id)}


def as_slack(message: Message, team_id: str) -> Json:
    """A message as Slack sends it back."""
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(message["blocks"])]
    who = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, "team": team_id}
    return {**who, "ts": message["ts"], "text": message["text"], "blocks": blocks}
