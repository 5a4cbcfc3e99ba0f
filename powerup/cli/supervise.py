"""Keep a web server and a worker running side by side; when the one stops for good, so does the other."""

import signal
import subprocess
from collections.abc import Mapping, Sequence

from powerup.log import logger
from powerup.stopping import StopSignals

STOP_SECONDS = 25.0
"""How long a process may take to finish what it has in hand before it is killed."""
RESTART_SECONDS = 1.0
log = logger("supervisor")


class Supervisor:
    """Starts the commands, restarts one that dies, passes SIGTERM and SIGINT on."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self) -> int:
        """Until a signal comes; returns 0, or the status of a web server that could not start."""
        stop = StopSignals()
        for name in self._commands:
            self._start(name)
        status = 0
        while status == 0 and not stop.wait(RESTART_SECONDS):
            for name, process in list(self._processes.items()):
                if process.poll() is None:
                    continue
                if name == "web" and process.returncode not in (0, -signal.SIGKILL):
                    # It could not start (a port in use, say): restarting would only repeat that.
                    status = process.returncode or 1
                    break
                log.warning("a process ended and is started again", process=name, status=process.returncode)
                self._start(name)
        self._stop()
        return status

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we tell the others in an orderly way.
        self._processes[name] = subprocess.Popen(list(self._commands[name]), start_new_session=True)  # noqa: S603 - our own command

    def _stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
