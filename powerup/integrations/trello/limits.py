"""What is left of Trello's allowance, as its answers say."""

import threading
import time
from collections.abc import Callable, Mapping

RESERVE = 5
"""Calls that are kept for people who wait for a page: with fewer left, writes (which the outbox repeats) hold back."""


class RateBudget:
    """Remembers `x-rate-limit-*` of the last answers; share one among the clients of one token. Safe for threads.

    300 calls in 10 s per API key, 100 per token; each answer says how many are left
    (developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits). When a window began is not said, so that a full one is waited
    out; any answer that shows a new window ends the wait.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._low: dict[str, tuple[int, float]] = {}

    def note(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer says; headers that are missing or odd say nothing."""
        for whose in ("key", "token"):
            remaining, interval = (headers.get(f"x-rate-limit-api-{whose}-{name}", "") for name in ("remaining", "interval-ms"))
            if not (remaining.isascii() and remaining.isdigit()):
                continue
            seconds = min(int(interval) / 1000, 60.0) if interval.isascii() and interval.isdigit() else 10.0
            with self._lock:
                if int(remaining) <= RESERVE:
                    self._low[whose] = (int(remaining), self._now() + seconds)
                else:
                    self._low.pop(whose, None)

    def wait(self, *, write: bool) -> float:
        """Seconds to hold a call back; 0 when it may go."""
        with self._lock:
            until = [end for left, end in self._low.values() if write or left == 0]
        return max(max(until, default=0.0) - self._now(), 0.0)
