"""So many a while and no more, within one process: for what strangers may ask us to ask others."""

import threading
from collections import OrderedDict, deque
from time import monotonic


class Throttle:
    """At most `most` within `seconds`; safe to share between threads."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._lock = threading.Lock()
        self._taken: deque[float] = deque()

    def take(self) -> float:
        """Seconds to wait before asking again; 0 when it may be done now, which is then counted."""
        now = monotonic()
        with self._lock:
            while self._taken and self._taken[0] <= now - self._seconds:
                self._taken.popleft()
            if len(self._taken) >= self._most:
                return self._taken[0] + self._seconds - now
            self._taken.append(now)
            return 0.0


class Throttles:
    """One throttle for each of many, so that none uses up what is there for the others; safe to share between threads."""

    def __init__(self, most: int, seconds: float, *, remembered: int = 1_000) -> None:
        self._most, self._seconds, self._remembered = most, seconds, remembered
        self._lock = threading.Lock()
        self._of: OrderedDict[int, Throttle] = OrderedDict()

    def take(self, key: int) -> float:
        """As of one throttle, for this key. Of more keys than are remembered, the one that asked least lately is forgotten."""
        with self._lock:
            throttle = self._of.setdefault(key, Throttle(self._most, self._seconds))
            self._of.move_to_end(key)
            if len(self._of) > self._remembered:
                self._of.popitem(last=False)
        return throttle.take()
