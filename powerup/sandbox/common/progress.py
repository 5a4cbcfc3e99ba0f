"""One line that says what is going on."""

import sys
from time import monotonic


class Progress:
    """Prints steps: over one another on a terminal, below one another elsewhere."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._begun = monotonic()

    def step(self, words: str) -> None:
        """The next step has begun."""
        if not self._enabled:
            return
        seconds = f"{monotonic() - self._begun:4.1f} s"
        if sys.stdout.isatty():
            print(f"\r\x1b[K{seconds}  {words} …", end="", flush=True)
        else:
            print(f"{seconds}  {words} …", flush=True)

    def done(self) -> None:
        """Everything stands."""
        if self._enabled:
            seconds = f"{monotonic() - self._begun:4.1f} s"
            print(f"\r\x1b[K{seconds}  Ready." if sys.stdout.isatty() else f"{seconds}  Ready.", flush=True)
