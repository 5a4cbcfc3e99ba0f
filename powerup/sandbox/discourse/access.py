"""What stands before every API call: limits, then who asks. Routes begin with `store, viewer = here()`."""

import threading
import time
from collections import deque
from collections.abc import Callable

from flask import Flask, Response, g, jsonify, request

from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import Viewer, viewer_of


def here() -> tuple[ForumStore, Viewer]:
    """This request's store and viewer."""
    return g.store, g.viewer


class Limiter:
    """429 as Discourse sends it: on request (`rate_limit_next`), or by its limit for admin API keys."""

    def __init__(self, store: ForumStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._calls: deque[float] = deque()

    def refusal(self, *, keyed: bool) -> Response | None:
        """The 429 for this call, or None to go on."""
        options = self._store.options
        with self._lock:
            if options.rate_limit_next:
                self._store.options = options.model_copy(update={"rate_limit_next": options.rate_limit_next - 1})
                return _too_many(options.rate_limit_wait, as_text=options.rate_limit_text, code="")
            if options.admin_api_per_minute and keyed:
                return self._count(options.admin_api_per_minute)
        return None

    def _count(self, most: int) -> Response | None:
        now = self._monotonic()
        while self._calls and now - self._calls[0] >= 60:
            self._calls.popleft()
        if len(self._calls) >= most:
            return _too_many(int(60 - (now - self._calls[0])) + 1, as_text=False, code="admin_api_key_rate_limit")
        self._calls.append(now)
        return None


def _too_many(seconds: int, *, as_text: bool, code: str) -> Response:
    if as_text:
        answer = Response("Slow down, you're making too many requests.\n", 429, mimetype="text/plain")
        answer.headers["Discourse-Rate-Limit-Error-Code"] = "ip_10_secs_limit"
    else:
        words = f"You've performed this action too many times, please try again later. Wait {seconds} seconds."
        extras = {"wait_seconds": seconds, "time_left": f"{seconds} seconds"}
        answer = jsonify({"errors": [words], "error_type": "rate_limit", "extras": extras})
        answer.status_code = 429
        if code:
            answer.headers["Discourse-Rate-Limit-Error-Code"] = code
    answer.headers["Retry-After"] = str(seconds)
    return answer


def install(app: Flask, store: ForumStore) -> None:
    """Set `g.store` for every request and `g.viewer` for API calls, which hold the store's lock while they run."""
    limiter = Limiter(store)

    @app.before_request
    def enter() -> Response | None:
        g.store = store
        if not request.path.endswith(".json") or request.path.startswith("/sandbox/"):
            return None
        refusal = limiter.refusal(keyed="Api-Key" in request.headers)
        if refusal is None:
            store.lock.acquire()
            g.locked = True
            g.viewer = viewer_of(store, request)
        return refusal

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if g.pop("locked", False):
            store.lock.release()
