"""Told to stop: SIGTERM (a service manager) and SIGINT (Ctrl-C)."""

import signal
import threading

_SLICE = 0.1
"""Seconds between two looks. A handler must not set the very event that the main thread waits on: caught inside the wait's own
lock, both would hang for ever."""


class StopSignals:
    """Once made, the two signals are taken as a wish to end; made in the main thread only."""

    def __init__(self) -> None:
        self.asked = False
        self._never = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def wait(self, seconds: float) -> bool:
        """Wait, at most so long; returns whether to stop."""
        for _ in range(max(1, round(seconds / _SLICE))):
            if self.asked:
                break
            self._never.wait(_SLICE)
        return self.asked

    def _ask(self, *_: object) -> None:
        self.asked = True
