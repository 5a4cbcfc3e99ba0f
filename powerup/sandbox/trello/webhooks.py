"""Telling webhooks what happened: signed, in the background, with Trello's retries.

As https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/ says: HEAD must answer 200 when a webhook is made;
a delivery is tried again after 30, 60 and 120 seconds and then lost; 410 deletes the webhook.
"""

import base64
import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from powerup import clock
from powerup.sandbox.trello.options import TrelloOptions
from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.models import Action, Webhook

_THREADS = 2


def call(method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None, timeout: float = 10.0) -> int:
    """Send one request and return the status; 0 when there was no answer. Follows no redirect."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=timeout)
        try:
            connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body or None, headers or {})
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return 0


def signature(secret: str, body: bytes, callback_url: str) -> str:
    """X-Trello-Webhook: base64 of HMAC-SHA1 over body and callback URL, keyed by the application's secret."""
    return base64.b64encode(hmac.new(secret.encode(), body + callback_url.encode(), hashlib.sha1).digest()).decode()


@dataclass(order=True)
class _Delivery:
    due_at: float
    number: int
    webhook_id: str = field(compare=False)
    action: Action = field(compare=False)
    body: bytes = field(compare=False)
    tries: int = field(compare=False, default=0)


class Dispatcher:
    """Sends actions to the webhooks that watch one of their models."""

    def __init__(self, store: Store, options: TrelloOptions, describe: Callable[[Action, Webhook], dict[str, Any]]) -> None:
        self._store = store
        self._options = options
        self._describe = describe
        self._waiting: list[_Delivery] = []
        self._numbers = itertools.count()
        self._news = threading.Condition()
        self._running = 0
        self._closing = False
        self._threads: list[threading.Thread] = []
        self.log: deque[dict[str, Any]] = deque(maxlen=500)
        """The latest tries: webhook, action, status (0: no answer), number of the try."""

    def tell(self, action: Action) -> None:
        """Send this action to whoever watches; called under the store's lock."""
        watched = {action.member_id, action.board_id} | _models(action.data)
        for webhook in list(self._store.shelves.webhooks.values()):
            if webhook.active and webhook.model_id in watched and self._may_see(webhook, action):
                body = json.dumps(self._describe(action, webhook), separators=(",", ":")).encode()
                self._put(_Delivery(time.monotonic(), next(self._numbers), webhook.id, action, body))

    def wait_until_idle(self, seconds: float = 5.0) -> bool:
        """Whether everything was delivered, or lost, within this time."""
        with self._news:
            return self._news.wait_for(lambda: not self._waiting and not self._running, seconds)

    def drop_all(self) -> None:
        """Forget what waits."""
        with self._news:
            self._waiting.clear()
            self._news.notify_all()

    def close(self) -> None:
        """Stop the threads; what waits is lost."""
        with self._news:
            self._closing = True
            self._waiting.clear()
            self._news.notify_all()
        for thread in self._threads:
            thread.join(timeout=self._options.webhook_timeout + 1)

    def _may_see(self, webhook: Webhook, action: Action) -> bool:
        token = self._store.token(webhook.token)
        board = self._store.shelves.boards.get(action.board_id or "")
        return token is not None and (board is None or self._store.sees(token.member_id, board))

    def _put(self, delivery: _Delivery) -> None:
        with self._news:
            if self._closing:
                return
            heapq.heappush(self._waiting, delivery)
            if not self._threads:
                self._threads = [threading.Thread(target=self._run, name=f"trello-webhooks:{n}", daemon=True) for n in range(_THREADS)]
                for thread in self._threads:
                    thread.start()
            self._news.notify_all()

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            try:
                self._send(delivery)
            finally:
                with self._news:
                    self._running -= 1
                    self._news.notify_all()

    def _next(self) -> _Delivery | None:
        with self._news:
            while not self._closing:
                left = self._waiting[0].due_at - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._running += 1
                    return heapq.heappop(self._waiting)
                self._news.wait(left)
            return None

    def _send(self, delivery: _Delivery) -> None:
        webhook = self._store.shelves.webhooks.get(delivery.webhook_id)
        if webhook is None:
            return
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Closeloop sandbox (as Trello)",
            "X-Trello-Webhook": signature(self._options.power_up.secret, delivery.body, webhook.callback_url),
        }
        if delivery.action.client:
            headers["X-Trello-Client-Identifier"] = delivery.action.client
        status = call("POST", webhook.callback_url, delivery.body, headers, self._options.webhook_timeout)
        delivery.tries += 1
        action = delivery.action
        self.log.append({"webhook": webhook.id, "action": action.id, "type": action.type, "status": status, "try": delivery.tries})
        self._settle(webhook, delivery, status)

    def _settle(self, webhook: Webhook, delivery: _Delivery, status: int) -> None:
        with self._store.lock:
            if 200 <= status < 300:
                webhook.failures, webhook.failing_since = 0, None
                return
            webhook.failures += 1
            webhook.failing_since = webhook.failing_since or clock.now()
            if status == 410:
                self._store.shelves.webhooks.pop(webhook.id, None)
                return
        pauses = self._options.webhook_retry_seconds
        if delivery.tries <= len(pauses):
            delivery.due_at = time.monotonic() + pauses[delivery.tries - 1]
            self._put(delivery)


def _models(data: dict[str, Any]) -> set[str | None]:
    """Ids of the cards and lists that an action is about."""
    names = ("card", "list", "listBefore", "listAfter")
    return {data[name].get("id") for name in names if isinstance(data.get(name), dict)} | {data.get("idMember")}
