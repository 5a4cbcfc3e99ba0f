"""Trello's rate limits: counted in windows, per API key, per token, and more strictly for /members and /search."""

import threading
import time
from dataclasses import dataclass

from powerup.sandbox.trello.options import RateLimits


@dataclass
class _Window:
    ends_at: float
    used: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Verdict:
    """Whether a request may pass, and the headers that tell how much is left."""

    error: str | None
    headers: dict[str, str]


class Meter:
    """Counts requests; thread-safe."""

    def __init__(self, limits: RateLimits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], _Window] = {}

    def reset(self) -> None:
        """Begin new windows."""
        with self._lock:
            self._windows.clear()

    def take(self, key: str, token: str, path: str) -> Verdict:
        """Count one request for `path` (below /1) and say whether it passes."""
        limits, headers, error = self.limits, {}, None
        with self._lock:
            for kind, name, most in (("key", key, limits.key), ("token", token, limits.token)):
                if not name or not most:
                    continue
                window = self._window(kind, name, limits.seconds)
                window.used += 1
                headers[f"x-rate-limit-api-{kind}-interval-ms"] = str(int(limits.seconds * 1000))
                headers[f"x-rate-limit-api-{kind}-max"] = str(most)
                headers[f"x-rate-limit-api-{kind}-remaining"] = str(max(0, most - window.used))
                if window.used > most:
                    error = error or f"API_{kind.upper()}_LIMIT_EXCEEDED"
            error = error or self._special(token or key, path)
            if limits.key and key:
                window = self._window("key", key, limits.seconds)
                if window.refused > limits.lockout_after:
                    error = "API_KEY_LIMIT_EXCEEDED"
                window.refused += error is not None
        return Verdict(error, headers)

    def _special(self, who: str, path: str) -> str | None:
        parts = path.strip("/").split("/")
        if parts[0] == "members" and len(parts) == 2 and self.limits.members:
            window = self._window("members", who, self.limits.members_seconds)
            window.used += 1
            return "MEMBER_LIMIT_EXCEEDED" if window.used > self.limits.members else None
        if parts[0] == "search" and self.limits.search:
            window = self._window("search", who, self.limits.seconds)
            window.used += 1
            return "API_TOKEN_LIMIT_EXCEEDED" if window.used > self.limits.search else None
        return None

    def _window(self, kind: str, name: str, seconds: float) -> _Window:
        now = time.monotonic()
        window = self._windows.get((kind, name))
        if window is None or window.ends_at <= now:
            window = self._windows[kind, name] = _Window(now + seconds)
        return window
