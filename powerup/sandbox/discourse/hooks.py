"""Webhooks as Discourse sends them: signed, repeated until taken, in no promised order, from a thread of their own.

Headers and retry rules: Discourse's `app/jobs/regular/emit_web_hook_event.rb`.
"""

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from urllib.parse import urlsplit

from powerup import clock
from powerup.sandbox.discourse.hook_bodies import body_of
from powerup.sandbox.discourse.models import Post, Topic
from powerup.sandbox.discourse.store import ForumStore

WAITS = (60.0, 300.0, 1500.0, 7500.0)
"""Seconds before each repetition: 1, 5, 25 and 125 minutes."""
_GONE = (404, 410)


@dataclass(slots=True)
class Hook:
    """A registered receiver. `kinds` empty: everything."""

    id: int
    payload_url: str
    secret: str = ""
    kinds: tuple[str, ...] = ()
    active: bool = True
    gone_in_a_row: int = 0


@dataclass(order=True, slots=True)
class Job:
    """One event for one receiver; sorted by when it is due."""

    due: float
    order: int
    hook: Hook = field(compare=False)
    event_id: int = field(compare=False)
    kind: str = field(compare=False)
    event: str = field(compare=False)
    body: bytes = field(compare=False)
    attempt: int = field(default=0, compare=False)


def signature(secret: str, body: bytes) -> str:
    """The value of X-Discourse-Event-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def message_of(
    store: ForumStore, kind: str, event: str, topic: Topic, post: Post | None, *, event_id: int, secret: str
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one webhook, for who wants to send it himself."""
    body = json.dumps({kind: body_of(store, kind, event, topic, post)}, ensure_ascii=False).encode()
    return headers_of(store, kind, event, body, event_id=event_id, secret=secret), body


def headers_of(store: ForumStore, kind: str, event: str, body: bytes, *, event_id: int, secret: str) -> dict[str, str]:
    """What stands above a webhook's body."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Discourse/3.6.0.beta1",
        "X-Discourse-Instance": store.base_url,
        "X-Discourse-Event-Id": str(event_id),
        "X-Discourse-Event-Type": kind,
        "X-Discourse-Event": event,
    }
    return headers | ({"X-Discourse-Event-Signature": signature(secret, body)} if secret else {})


class HookSender:
    """Carries events to the receivers. `start` and `stop` it; changes between are never lost."""

    def __init__(self, store: ForumStore, *, waits: Sequence[float] = WAITS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.waits = tuple(waits)
        self.hooks: dict[int, Hook] = {}
        self.sent: deque[dict[str, object]] = deque(maxlen=200)
        self._store = store
        self._monotonic = monotonic
        self._ready = threading.Condition()
        self._jobs: list[Job] = []
        self._numbers = count(1)
        self._events = count(1)
        self._busy = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        store.listeners.append(self._notice)

    def register(self, payload_url: str, secret: str = "", kinds: Sequence[str] = ()) -> Hook:
        """Send events to `payload_url` from now on; the same address again replaces the older entry."""
        with self._ready:
            for known in [hook for hook in self.hooks.values() if hook.payload_url == payload_url]:
                known.active = False
                del self.hooks[known.id]
            hook = Hook(next(self._numbers), payload_url, secret, tuple(kinds))
            self.hooks[hook.id] = hook
            return hook

    def remove(self, hook_id: int) -> None:
        """Send nothing more there."""
        with self._ready:
            hook = self.hooks.pop(hook_id, None)
            if hook:
                hook.active = False

    def ping(self, hook_id: int) -> None:
        """Send the ping that the admin page's button sends."""
        with self._ready:
            hook = self.hooks[hook_id]
            self._push(hook, next(self._events), "ping", "ping", b'{"ping":"OK"}')

    def start(self) -> None:
        """Begin to send."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="sandbox-forum-hooks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop sending; what is left is forgotten with the forum."""
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        if self._thread:
            self._thread.join(timeout=10)
            self._thread = None

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until nothing is due now (repetitions may wait); False when that took too long."""
        with self._ready:
            return self._ready.wait_for(lambda: not self._busy and not (self._jobs and self._jobs[0].due <= self._monotonic()), timeout)

    def _notice(self, kind: str, event: str, topic: Topic, post: Post | None) -> None:
        with self._ready:
            receivers = [hook for hook in self.hooks.values() if hook.active and (not hook.kinds or kind in hook.kinds)]
            if not receivers:
                return
            body = json.dumps({kind: body_of(self._store, kind, event, topic, post)}, ensure_ascii=False).encode()
            for hook in receivers:
                self._push(hook, next(self._events), kind, event, body)

    def _push(self, hook: Hook, event_id: int, kind: str, event: str, body: bytes) -> None:
        heappush(self._jobs, Job(self._monotonic(), event_id, hook, event_id, kind, event, body))
        self._ready.notify_all()

    def _run(self) -> None:
        while True:
            job = self._next()
            if job is None:
                return
            status = self._send(job)
            with self._ready:
                self._settle_job(job, status)
                self._busy = False
                self._ready.notify_all()

    def _next(self) -> Job | None:
        with self._ready:
            while not self._stopping:
                wait = self._jobs[0].due - self._monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    self._busy = True
                    return heappop(self._jobs)
                self._ready.wait(wait)
            return None

    def _send(self, job: Job) -> int:
        """The receiver's status; 0 when it could not be reached."""
        target = urlsplit(job.hook.payload_url)
        secure = target.scheme == "https"
        connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(target.netloc, timeout=10)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            headers = headers_of(self._store, job.kind, job.event, job.body, event_id=job.event_id, secret=job.hook.secret)
            connection.request("POST", path, job.body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _settle_job(self, job: Job, status: int) -> None:
        hook = job.hook
        self.sent.append({"event_id": job.event_id, "event": job.event, "hook": hook.id, "status": status, "at": clock.iso(clock.now())})
        if 200 <= status < 300:
            hook.gone_in_a_row = 0
            return
        if status in _GONE:
            hook.gone_in_a_row += 1
            # Discourse gives a receiver up that keeps saying that it is not there.
            hook.active = hook.active and hook.gone_in_a_row < 5
            return
        if hook.active and job.attempt < len(self.waits):
            job.due = self._monotonic() + self.waits[job.attempt]
            job.attempt += 1
            heappush(self._jobs, job)
