"""Run a long command behind one line that says what it does and for how long; show its output only when it fails.

Usage: python scripts/progress.py "Installing" -- pip install ...
"""

import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TextIO

TELLING = re.compile(
    r"^\s*(?:Collecting|Downloading|Using cached|Building wheel for|Obtaining|Unpacking|Setting up|Preparing to unpack|Get:\d+)\s+"
    r"(?P<what>\S+)"
)
"""Lines of pip and apt that name what is being worked on."""

KEPT_LINES = 60
"""How much of the output is shown after a failure."""

PLAIN_PAUSE = 10.0
"""Seconds between two lines where the output is a file and a line cannot be rewritten."""


class Progress:
    """What the line says; the command's reader writes it, the ticker shows it."""

    def __init__(self, title: str, out: TextIO) -> None:
        self.title = title
        self.what = ""
        self.started = time.monotonic()
        self.finished = threading.Event()
        self._out = out
        self._live = out.isatty()

    def tick(self) -> None:
        """Show the line again and again until the command has finished."""
        if not self._live:
            print(f"{self.title} …", file=self._out, flush=True)
        while not self.finished.wait(0.2 if self._live else PLAIN_PAUSE):
            self._show()

    def close(self, word: str) -> None:
        """Leave one last line behind."""
        end = "\n"
        start = "\r\033[K" if self._live else ""
        self._out.write(f"{start}{self.title}: {word} in {self._seconds()} s{end}")
        self._out.flush()

    def _show(self) -> None:
        line = f"{self.title} … {self._seconds()} s  {self.what}"[:78]
        self._out.write(f"\r\033[K{line}" if self._live else f"{line}\n")
        self._out.flush()

    def _seconds(self) -> int:
        return round(time.monotonic() - self.started)


def telling(line: str) -> str | None:
    """What a line of output says is being worked on, shortened to a package's name; None for every other line."""
    found = TELLING.match(line)
    if found is None:
        return None
    return re.split(r"[<>=!~;\[]", found["what"].rsplit("/", 1)[-1])[0]


def run(title: str, command: Sequence[str], out: TextIO) -> int:
    """Run the command; its exit code. On failure its last lines are shown."""
    progress = Progress(title, out)
    ticker = threading.Thread(target=progress.tick, daemon=True)
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        ticker.start()
        _read(process.stdout or (), progress, kept)
        code = process.wait()
    progress.finished.set()
    ticker.join()
    progress.close("done" if code == 0 else "FAILED")
    if code != 0:
        out.writelines(kept)
        print(f"\nThis failed (exit {code}): {' '.join(command)}", file=out, flush=True)
    return code


def _read(lines: Iterable[str], progress: Progress, kept: deque[str]) -> None:
    for line in lines:
        kept.append(line)
        progress.what = telling(line) or progress.what


def main(arguments: Sequence[str]) -> int:
    """The command line: a title, `--`, the command."""
    if len(arguments) < 3 or arguments[1] != "--":
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return run(arguments[0], arguments[2:], sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except FileNotFoundError as error:
        print(f"{error.filename} is not installed.", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
