"""What people see: the channels, their messages, and the buttons; beside it what tests and scripts ask."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from powerup.sandbox.slack.app import Interactivity
from powerup.sandbox.slack.blocks import shown
from powerup.sandbox.slack.cards import shown_card
from powerup.sandbox.slack.options import SlackOptions
from powerup.sandbox.slack.store import Channel, Message, Store

_STATES = ("active", "archived", "gone", "not_joined")
_LONGEST_WAIT = 20.0
_STATIC = Path(__file__).resolve().parent / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class Pages:
    """Their routes."""

    def __init__(self, options: SlackOptions, store: Store, clicks: Interactivity, reset: Callable[[], None]) -> None:
        self._options = options
        self._store = store
        self._clicks = clicks
        self._reset = reset
        self._names = {user.id: user.name for user in options.users}

    def install(self, app: Flask) -> None:
        """Give the app its addresses."""
        app.add_url_rule("/", "page", lambda: self._page(self._store.channels[0].id))
        app.add_url_rule("/channels/<named>", "channel", self._page)
        # Browsers ask unbidden; a 404 would be an error in their console.
        app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
        app.add_url_rule("/files/<any('channel.js','merge.js','channel.css','message.css'):name>", "file", self._file)
        app.add_url_rule("/sandbox/messages", "messages", self._list, methods=["GET"])
        app.add_url_rule("/sandbox/messages", "clear", self._clear, methods=["DELETE"])
        app.add_url_rule("/sandbox/news", "news", self._news, methods=["GET"])
        app.add_url_rule("/sandbox/clicks", "click", self._click, methods=["POST"])
        app.add_url_rule("/sandbox/webhook", "webhook", self._set_state, methods=["PUT"])
        app.add_url_rule("/sandbox/reset", "reset", self._clear, methods=["POST"])

    def _page(self, named: str) -> ResponseReturnValue:
        channel = self._store.channel(named) or abort(404)
        # Read before the messages: what comes between is asked for again rather than missed.
        revision = self._store.revision
        messages = [self._drawn(one) for one in self._store.messages if one["channel"] == channel.id]
        page = render_template(
            "channel.html",
            team=self._options.team,
            users=self._options.users,
            channel=channel,
            groups=[("Channels", self._links("slack", channel)), ("Microsoft Teams", self._links("teams", channel))],
            messages=messages,
            is_empty=all(one.get("only_to") for one in messages),
            revision=revision,
        )
        headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        return page, 200, headers

    def _links(self, kind: str, current: Channel) -> list[dict[str, Any]]:
        found = [one for one in self._store.channels if one.kind == kind]
        return [
            {"id": one.id, "name": one.name, "total": one.total, "current": one is current, "path": f"/channels/{_key(one)}"}
            for one in found
        ]

    def _file(self, name: str) -> Response:
        return send_from_directory(_STATIC, name, max_age=0)

    def _list(self) -> dict[str, Any]:
        """`?since=N&wait=S`: waits up to S (20 at most) seconds for a message newer than N."""
        since, wait = request.args.get("since", 0, int), min(request.args.get("wait", 0.0, float), _LONGEST_WAIT)
        if wait:
            self._store.wait(lambda: self._store.number > since, wait)
        found = [self._drawn(one) for one in self._store.messages if one["number"] > since]
        return {"messages": found, "latest": self._store.number}

    def _news(self) -> dict[str, Any]:
        """`?since=R`: waits up to 20 seconds for anything to change after revision R."""
        since = request.args.get("since", 0, int)
        self._store.wait(lambda: self._store.revision != since, _LONGEST_WAIT)
        return {"revision": self._store.revision}

    def _click(self) -> dict[str, Any]:
        """`{"message": number, "at": "block.element", "user": id}`: what went wrong, or ""."""
        body = request.get_json()
        return {"trouble": self._clicks.click(int(body["message"]), str(body["at"]), str(body["user"]))}

    def _clear(self) -> dict[str, Any]:
        self._reset()
        return {"messages": [], "latest": 0}

    def _set_state(self) -> ResponseReturnValue:
        """`{"state": "active" | "archived" | "gone" | "not_joined", "channel": the first if absent}`."""
        body = request.get_json(silent=True) or {}
        channel = self._store.channel(str(body.get("channel") or self._store.channels[0].id))
        if body.get("state") not in _STATES or channel is None:
            return Response(f"state is one of {', '.join(_STATES)}, and channel is one of ours", 400, mimetype="text/plain")
        channel.state = body["state"]
        return {"state": channel.state}

    def _drawn(self, message: Message) -> dict[str, Any]:
        if "card" in message:
            return message | {"shown": shown_card(message["card"])}
        return message | {"shown": shown(message, self._names)}


def _key(channel: Channel) -> str:
    return channel.name if channel.kind == "slack" else channel.id
