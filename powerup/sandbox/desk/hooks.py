"""Carries a desk's webhooks to their receivers, one after the other, from a thread of its own."""

import http.client
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from powerup import clock
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import DeskStore, Event

TRIES = 3
"""A receiver that does not answer is tried again at once so often; desks differ, and pollers heal the rest."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where webhooks go, and what they are signed with."""

    url: str
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Message:
    """One webhook, ready to be sent."""

    headers: Mapping[str, str]
    body: bytes


Maker = Callable[[Event, Thread, Post | None, str], Message | None]
"""Event, thread, post and secret -> what this kind of desk sends, or None: it says nothing of that."""


class HookSender:
    """`start` and `stop` it; what happens between is sent in order."""

    def __init__(self, store: DeskStore, make: Maker) -> None:
        self.receivers: list[Receiver] = []
        self.sent: deque[dict[str, object]] = deque(maxlen=200)
        self._make = make
        self._ready = threading.Condition()
        self._jobs: deque[tuple[Receiver, Message]] = deque()
        self._busy = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        store.listeners.append(self._notice)

    def register(self, url: str, secret: str = "") -> None:
        """Send there from now on; the same address again replaces the older secret."""
        with self._ready:
            self.receivers = [one for one in self.receivers if one.url != url] + [Receiver(url, secret)]

    def start(self) -> None:
        """Begin to send."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="sandbox-desk-hooks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop sending; what is left is forgotten with the desk."""
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        if self._thread:
            self._thread.join(timeout=10)
            self._thread = None

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until all is sent; False when that took too long."""
        with self._ready:
            return self._ready.wait_for(lambda: not self._busy and not self._jobs, timeout)

    def _notice(self, event: Event, thread: Thread, post: Post | None) -> None:
        with self._ready:
            for receiver in self.receivers:
                message = self._make(event, thread, post, receiver.secret)
                if message is not None:
                    self._jobs.append((receiver, message))
                    self._ready.notify_all()

    def _run(self) -> None:
        while True:
            with self._ready:
                self._busy = False
                self._ready.notify_all()
                self._ready.wait_for(lambda: self._jobs or self._stopping)
                if self._stopping:
                    return
                receiver, message = self._jobs.popleft()
                self._busy = True
            for _ in range(TRIES):
                status = _post(receiver.url, message)
                self.sent.append({"url": receiver.url, "status": status, "at": clock.iso(clock.now())})
                if status:
                    break


def _post(url: str, message: Message) -> int:
    """The receiver's status; 0 when it could not be reached."""
    target = urlsplit(url)
    secure = target.scheme == "https"
    connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(target.netloc, timeout=10)
    try:
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        connection.request("POST", path, message.body, {"Content-Type": "application/json", **message.headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
