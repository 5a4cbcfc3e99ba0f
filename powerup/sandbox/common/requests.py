"""What was asked of a double: counters and the latest requests, for `GET /sandbox/requests`."""

import re
import threading
from collections import Counter, deque
from typing import Any

from powerup import clock

_SECRET = re.compile(r"ATTA[0-9a-f]{8,}|(?<=/services/)[^?]+")
_KEPT = 500
_DISTINCT = 5_000


class RequestLog:
    """Counts requests by method, path and status; thread-safe. Tokens inside a path are written `…`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._latest: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._total = 0

    def add(self, method: str, path: str, status: int) -> None:
        """Record one request; status 0 means that it got no answer."""
        path = _SECRET.sub("…", path)
        with self._lock:
            self._total += 1
            self._latest.append({"method": method, "path": path, "status": status, "at": clock.iso(clock.now())})
            key = (method, path, status)
            # A load test asks for a million different cards; the counters must not grow with it.
            self._counts[key if key in self._counts or len(self._counts) < _DISTINCT else (method, "(others)", status)] += 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()
            self._latest.clear()
            self._total = 0

    def report(self) -> dict[str, Any]:
        """`{"total", "requests": [{"method","path","status","count"}], "latest": [{"method","path","status","at"}]}`."""
        with self._lock:
            rows = [{"method": key[0], "path": key[1], "status": key[2], "count": n} for key, n in self._counts.most_common()]
            return {"total": self._total, "requests": rows, "latest": list(self._latest)}

    def count(self, method: str = "", path: str = "", status: int | None = None) -> int:
        """How many requests had this method, a path containing `path`, and this status (each optional)."""
        with self._lock:
            return sum(
                n
                for (a_method, a_path, a_status), n in self._counts.items()
                if method in ("", a_method) and path in a_path and status in (None, a_status)
            )
