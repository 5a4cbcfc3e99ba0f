"""Addresses that take a message and need no token: incoming webhooks, response_urls, and the webhook of a Teams workflow.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, .../interactivity/handling-user-interaction#message_responses,
https://learn.microsoft.com/connectors/teams ("Microsoft Teams Webhook").
"""

import json

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.slack.app import Interactivity
from powerup.sandbox.slack.blocks import PayloadError, check
from powerup.sandbox.slack.cards import CardError, check_card
from powerup.sandbox.slack.store import Store

_MOST_TEAMS_BYTES = 28_672
_WRAPPING = 4_444
"""What Teams adds before it measures: 24,453 bytes were counted as 28,897 (MicrosoftDocs/msteams-docs#11274)."""


class Hooks:
    """Their routes."""

    def __init__(self, store: Store, clicks: Interactivity) -> None:
        self._store = store
        self._clicks = clicks

    def install(self, app: Flask) -> None:
        """Give the app its addresses."""
        app.add_url_rule("/services/<team>/<hook>/<secret>", "receive", self._receive, methods=["POST"])
        app.add_url_rule("/actions/<path:_>", "respond", self._respond, methods=["POST"])
        app.add_url_rule("/teams/<flow>", "flow", self._flow, methods=["POST"])

    def _receive(self, team: str, hook: str, secret: str) -> ResponseReturnValue:
        channel = self._store.by_hook(f"{team}/{hook}/{secret}")
        if channel is None or channel.state == "gone":
            return _word("no_service", 404)
        if channel.state == "archived":
            return _word("channel_is_archived", 410)
        raw = request.form.get("payload") or request.get_data(as_text=True)
        try:
            message = check(json.loads(raw))
        except ValueError:
            return _word("invalid_payload", 400)
        except PayloadError as error:
            return _word(str(error), 400)
        self._store.add(channel, message)
        return _word("ok", 200)

    def _respond(self, _: str) -> ResponseReturnValue:
        try:
            return self._clicks.respond(request.path, request.get_json(silent=True))
        except PayloadError as error:
            return {"ok": False, "error": str(error)}, 400

    def _flow(self, flow: str) -> ResponseReturnValue:
        """202 says that the workflow has begun; that it fails afterwards is seen in the channel only."""
        channel = self._store.by_hook(flow)
        if channel is None or channel.kind != "teams":
            return _azure_error("WorkflowNotFound", "The workflow could not be found.", 404)
        if channel.state != "active":
            return _azure_error("WorkflowTriggerIsNotEnabled", f"The trigger is not enabled: state '{channel.state}'.", 400)
        try:
            card = check_card(request.get_json(silent=True))
        except CardError as error:
            return _azure_error("InvalidRequestContent", str(error), 400)
        too_long = len(request.get_data()) + _WRAPPING > _MOST_TEAMS_BYTES
        trouble = "The workflow failed: MessageSizeExceeded." if too_long else ""
        text = str(card.get("fallbackText", ""))
        self._store.add(channel, {"text": text, "blocks": [], "card": {} if too_long else card}, trouble=trouble)
        return Response(status=202, content_type="text/plain")


def _word(word: str, status: int) -> Response:
    return Response(word, status, mimetype="text/plain")


def _azure_error(code: str, message: str, status: int) -> ResponseReturnValue:
    return {"error": {"code": code, "message": message}}, status
