"""An installation that commands find in their environment, as a person's shell would give it."""

import signal
from collections.abc import Callable, Iterator

import pytest

from powerup.cli import main
from tests.faults.workers import environment
from tests.scene import Scene, connected

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def scene(sqlite_url: str) -> Iterator[Scene]:
    """A connected installation."""
    with connected(sqlite_url, poll_seconds=3600) as made:
        yield made


@pytest.fixture
def run(scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process; its status and what it printed."""
    for name, value in environment(scene.services.settings).items():
        monkeypatch.setenv(name, value)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    yield call
    for number, handler in before.items():
        signal.signal(number, handler)
