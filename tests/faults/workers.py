"""Worker processes for tests that kill them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from powerup.settings import ROOT, Settings
from tests.helpers import wait_for

_WORDS = ("secret_key", "encryption_key", "private_hosts")
_PLAIN = (
    "base_url", "database_url", "trello_plugin_id", "trello_api_key", "trello_api_url", "trello_origin", "slack_api_url",
    "connect_timeout", "read_timeout", "lease_seconds", "retry_base_seconds", "max_attempts", "poll_seconds", "log_level",
)  # fmt: skip


@dataclass
class Nursery:
    """Where workers come from."""

    process: subprocess.Popen[str]
    log_path: Path

    def start(self, name: str) -> int:
        """A new worker's process id."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(name, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, f"the nursery ended:\n{self.log}"
        return int(answer)

    @property
    def log(self) -> str:
        """What all workers have written."""
        return self.log_path.read_text(errors="replace")


@contextmanager
def nursery(settings: Settings, log_path: Path) -> Iterator[Nursery]:
    """Open while the block lasts; every worker is gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOSELOOP_")}
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env=kept | environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with process:
        try:
            yield Nursery(process, log_path)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process reads them."""
    values = {name: str(getattr(settings, name)) for name in _PLAIN} | {name: ",".join(getattr(settings, name)) for name in _WORDS}
    values["trello_api_secret"] = settings.trello_api_secret.get_secret_value()
    return {f"CLOSELOOP_{name.upper()}": value for name, value in values.items()}


def kill(process_id: int) -> None:
    """End it as a power cut would, and see it gone."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)
    wait_for(lambda: not is_alive(process_id), what="the end of a killed process")


def is_alive(process_id: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
