"""A Slack channel with an incoming webhook: takes messages as Slack does and shows them on a page.

double = create_slack()
with double:                              # or double.start(port=8902) ... double.stop()
    double.webhook_url                    # POST {"text", "blocks"} here
    double.messages                       # what arrived
"""

import json
import re
import threading
from collections import deque
from typing import Any

from flask import Flask, Response, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from powerup import clock
from powerup.sandbox.common.faults import Faults
from powerup.sandbox.common.server import Served
from powerup.sandbox.slack.blocks import PayloadError, check, shown

_KEPT = 500
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class SlackDouble(Served):
    """The application and its one channel."""

    def __init__(self, channel: str, team: str, hook: str) -> None:
        super().__init__()
        self.channel = channel
        self.webhook_path = f"/services/{hook}"
        self.state = "active"
        """`active`, `archived` or `gone`: what posting to the webhook finds."""
        self._team = team
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._messages: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._number = 0
        self._closing = False
        self.app = self._application()
        self.faults = Faults.install(self.app, api=("/services/",))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What arrived, oldest first: `{"number", "at", "text", "blocks"}`."""
        with self._lock:
            return list(self._messages)

    @property
    def webhook_url(self) -> str:
        """Where messages are posted."""
        return self.url + self.webhook_path

    def wait_for(self, number: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        """The messages, once at least so many have arrived or the time is over."""
        with self._news:
            self._news.wait_for(lambda: self._number >= number or self._closing, seconds)
        return self.messages

    def reset(self) -> None:
        """An empty channel, an active webhook, no faults."""
        self.faults.clear()
        self.faults.requests.clear()
        with self._news:
            self._messages.clear()
            self._number, self.state = 0, "active"
            self._news.notify_all()

    def _stopping(self) -> None:
        self.faults.clear()
        with self._news:
            self._closing = True
            self._news.notify_all()

    def _application(self) -> Flask:
        app = Flask(__name__, static_url_path="/static")
        app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
        app.add_url_rule("/", "page", self._page)
        # Browsers ask unbidden; a 404 would be an error in their console.
        app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
        app.add_url_rule("/files/<any('channel.js','channel.css'):name>", "file", self._file)
        app.add_url_rule("/services/<team>/<hook>/<secret>", "receive", self._receive, methods=["POST"])
        app.add_url_rule("/sandbox/messages", "messages", self._list, methods=["GET"])
        app.add_url_rule("/sandbox/messages", "clear", self._clear, methods=["DELETE"])
        app.add_url_rule("/sandbox/webhook", "webhook", self._set_state, methods=["PUT"])
        app.add_url_rule("/sandbox/reset", "reset", self._clear, methods=["POST"])
        return app

    def _receive(self, team: str, hook: str, secret: str) -> ResponseReturnValue:
        """An incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/)."""
        if f"/services/{team}/{hook}/{secret}" != self.webhook_path or self.state == "gone":
            return _word("no_service", 404)
        if self.state == "archived":
            return _word("channel_is_archived", 410)
        raw = request.form.get("payload") or request.get_data(as_text=True)
        try:
            message = check(json.loads(raw))
        except ValueError:
            return _word("invalid_payload", 400)
        except PayloadError as error:
            return _word(str(error), 400)
        with self._news:
            self._number += 1
            self._messages.append({"number": self._number, "at": clock.iso(clock.now()), **message})
            self._news.notify_all()
        return _word("ok", 200)

    def _page(self) -> ResponseReturnValue:
        page = render_template("channel.html", channel=self.channel, team=self._team, messages=[self._drawn(one) for one in self.messages])
        headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        return page, 200, headers

    def _file(self, name: str) -> Response:
        return send_from_directory(f"{self.app.root_path}/static", name, max_age=0)

    def _list(self) -> dict[str, Any]:
        """`?since=N&wait=S`: waits up to S (20 at most) seconds for a message newer than N."""
        since, wait = request.args.get("since", 0, int), min(request.args.get("wait", 0.0, float), 20.0)
        if wait:
            self.wait_for(since + 1, wait)
        found = [self._drawn(one) for one in self.messages if one["number"] > since]
        return {"messages": found, "latest": self._number}

    def _clear(self) -> dict[str, Any]:
        self.reset()
        return {"messages": [], "latest": 0}

    def _set_state(self) -> ResponseReturnValue:
        """`{"state": "active" | "archived" | "gone"}`."""
        state = (request.get_json(silent=True) or {}).get("state")
        if state not in ("active", "archived", "gone"):
            return _word("state is active, archived or gone", 400)
        self.state = state
        return {"state": state}

    @staticmethod
    def _drawn(message: dict[str, Any]) -> dict[str, Any]:
        return message | {"shown": shown(message)}


def _word(word: str, status: int) -> Response:
    return Response(word, status, mimetype="text/plain")


def create_slack(channel: str = "support", team: str = "Acme", hook: str = "T0SANDBOX/B0SANDBOX/closeloopsandboxhook0001") -> SlackDouble:
    """A Slack with one channel and one incoming webhook (`hook` is what follows /services/)."""
    if not re.fullmatch(r"\w+/\w+/\w+", hook):
        raise ValueError("hook is three words: T.../B.../...")
    return SlackDouble(channel, team, hook)
