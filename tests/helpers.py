"""Waiting for a state, free ports, and our own command as a real process."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

COMMAND = (sys.executable, "-c", "import sys; from powerup.cli import main; sys.exit(main())")
"""`closeloop`, by this interpreter, whether or not the script is installed."""

STOP_SECONDS = 15.0
"""How long a process may take to end cleanly before it is killed."""


def wait_for(predicate: Callable[[], T | None], timeout: float = 10.0, what: str = "the expected state") -> T:
    """What the predicate says once it is true; AssertionError naming `what` when the time is over. The only wait in the tests."""
    deadline = time.monotonic() + timeout
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {timeout:g} s for {what}; last answer: {answer!r}")
        time.sleep(0.02)


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A `closeloop` process and what it has printed."""

    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def log(self) -> str:
        """Everything printed up to now, both streams."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_for_line(self, text: str, timeout: float = 30.0) -> str:
        """The first line that contains the text; fails at once when the process ends without it."""

        def found() -> str | None:
            ended = self.process.poll() is not None
            line = next((line for line in self.log.splitlines() if text in line), None)
            assert line is not None or not ended, f"ended with {self.process.returncode} before it printed {text!r}:\n{self.log}"
            return line

        return wait_for(found, timeout, f"{text!r} in the output")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process alone (SIGINT is what Ctrl-C sends)."""
        self.process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and everything it started; its exit code."""
        if self.process.poll() is None:
            self.send(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def run_closeloop(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """`closeloop <arguments>` in a process group of its own; only the settings in `env`; gone when the block ends.

    When the block raises, what the process printed is printed too, so that pytest shows it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOSELOOP_")}
    with tempfile.TemporaryDirectory(prefix="closeloop-run-") as directory:
        path = Path(directory) / "output.log"
        with path.open("wb") as output:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                env={**kept, "PYTHONUNBUFFERED": "1", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = Running(process, path)
        try:
            yield running
        except BaseException:
            print(f"--- closeloop {' '.join(arguments)} printed:\n{running.log}")
            raise
        finally:
            running.stop()
