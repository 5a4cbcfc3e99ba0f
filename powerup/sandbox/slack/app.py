"""Buttons that come back: a click is told to the app, which answers through a response_url.

The request is a form with `payload=<JSON>`, signed with the signing secret, and must be acknowledged with 200 within three seconds
(https://docs.slack.dev/interactivity/handling-user-interaction, https://docs.slack.dev/authentication/verifying-requests-from-slack,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).
"""

import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from powerup import clock
from powerup.sandbox.slack.blocks import check, element_at, places
from powerup.sandbox.slack.options import SlackOptions, SlackUser
from powerup.sandbox.slack.store import Message, Store
from powerup.sandbox.slack.web_api import APP_ID, as_slack

Json = dict[str, Any]


@dataclass(slots=True)
class _Answerable:
    """What a response_url may do, how often and until when."""

    message: int
    channel: str
    user: str
    until: float
    left: int


class Interactivity:
    """Delivers clicks and takes the answers to them."""

    def __init__(self, options: SlackOptions, store: Store, base_url: Callable[[], str]) -> None:
        self._options = options
        self._store = store
        self._base_url = base_url
        self._lock = threading.Lock()
        self._answerable: dict[str, _Answerable] = {}

    def click_action(self, number: int, action_id: str, user_id: str) -> str:
        """Click the button with this action_id; KeyError when there is none."""
        message = self._store.numbered(number)
        at = next((at for at, element in places(message["blocks"]) if element.get("action_id") == action_id), None) if message else None
        if at is None:
            raise KeyError(action_id)
        return self.click(number, at, user_id)

    def click(self, number: int, at: str, user_id: str) -> str:
        """Tell the app; what went wrong, or "". It is shown below the message, as Slack does."""
        message, user = self._store.numbered(number), self._user(user_id)
        element = element_at(message["blocks"], at) if message else None
        if message is None or element is None or user is None:
            return "This button is not there any more."
        if element.get("url") and not self._options.request_url:
            return ""
        trouble = self._deliver(self._payload(message, at, element, user))
        if trouble or message.get("trouble"):
            self._store.change(number, trouble=trouble)
        return trouble

    def respond(self, path: str, body: object) -> tuple[Json | str, int]:
        """Take an answer at a response_url; raises PayloadError for what is no message."""
        with self._lock:
            place = self._answerable.get(path)
            if place is None or clock.now().timestamp() > place.until:
                return {"ok": False, "error": "expired_url"}, 404
            if place.left <= 0:
                return {"ok": False, "error": "used_url"}, 404
            place.left -= 1
        wishes: Json = body if isinstance(body, dict) else {}
        if wishes.get("delete_original"):
            self._store.remove(place.message)
            return "ok", 200
        content = check(body)
        if wishes.get("replace_original"):
            self._store.change(place.message, **content, trouble="")
            return "ok", 200
        channel = self._store.channel(place.channel)
        if channel:
            only = {} if wishes.get("response_type") == "in_channel" else {"only_to": place.user}
            self._store.add(channel, content, by_app=True, **only)
        return "ok", 200

    def forget(self) -> None:
        """No answer is taken any more."""
        with self._lock:
            self._answerable.clear()

    def _user(self, user_id: str) -> SlackUser | None:
        return next((user for user in self._options.users if user.id == user_id), None)

    def _payload(self, message: Message, at: str, element: Json, user: SlackUser) -> Json:
        block, _, place = at.partition(".")
        channel, now = self._store.channel(message["channel"]), f"{time.time():.6f}"
        team = {"id": self._options.team_id, "domain": self._options.team.lower().replace(" ", "-")}
        action: Json = {"action_id": element.get("action_id", f"a{block}{place}"), "block_id": f"b{block}", "type": element["type"]}
        action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        return {
            "type": "block_actions",
            "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": self._options.team_id},
            "api_app_id": APP_ID,
            "container": {
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": message["channel"],
                "is_ephemeral": bool(message.get("only_to")),
            },
            "trigger_id": f"{now.replace('.', '')}.{secrets.token_hex(8)}",
            "team": team,
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message["channel"], "name": channel.name if channel else ""},
            "message": as_slack(message, self._options.team_id),
            "state": {"values": {}},
            "response_url": self._response_url(message, user),
            "actions": [action | {"action_ts": now}],
        }

    def _response_url(self, message: Message, user: SlackUser) -> str:
        path = f"/actions/{self._options.team_id}/{message['number']}/{secrets.token_hex(12)}"
        until = clock.now().timestamp() + self._options.response_url_seconds
        with self._lock:
            self._answerable[path] = _Answerable(message["number"], message["channel"], user.id, until, self._options.response_url_uses)
        return self._base_url() + path

    def _deliver(self, payload: Json) -> str:
        if not self._options.request_url:
            return "No request URL is set for this app, so nobody heard of the click."
        target = urlsplit(self._options.request_url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=self._options.answer_seconds)
        body = urlencode({"payload": json.dumps(payload)}).encode()
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            connection.request("POST", path, body, self._headers(body))
            status = connection.getresponse().status
        except TimeoutError:
            return f"Closeloop did not answer within {self._options.answer_seconds:g} seconds."
        except (OSError, http.client.HTTPException):
            return "Closeloop did not answer: there is no connection."
        finally:
            connection.close()
        return "" if status == 200 else f"Closeloop answered with an error (status {status})."

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        base = b"v0:" + timestamp.encode() + b":" + body
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": "v0=" + hmac.new(self._options.signing_secret.encode(), base, hashlib.sha256).hexdigest(),
        }
