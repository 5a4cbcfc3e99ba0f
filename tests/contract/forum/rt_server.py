"""A real Request Tracker 5 in a temporary folder: its own SQLite database and settings, an ordinary process, gone at the end.

It runs where Debian's packages are installed (no service of theirs need run, nothing of theirs is changed):
`apt-get install --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone dbconfig-no-thanks`.
"""

import atexit
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.helpers import wait_for

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
SETUP = shutil.which("rt-setup-database-5", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PEOPLE = Path(__file__).with_name("rt_people.pl")
MISSING = (
    "no Request Tracker 5 here: apt-get install --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone dbconfig-no-thanks"
)
_SETTINGS = """\
Set($rtname, 'rt.example.test');
Set($Organization, 'example.test');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.sqlite3');
Set($MailCommand, 'testfile');
Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($LogToSTDERR, 'error');
Set($Timezone, 'Europe/Vienna');
Set($BcryptCost, 4);
Set(%FullTextSearch, Enable => 1, Indexed => 0);
1;
"""
_PATIENCE = 60.0


def is_asked_for() -> bool:
    """Whether to: wherever it is installed, unless `REAL_RT=0`, because it takes minutes."""
    return os.environ.get("REAL_RT", "1") != "0"


def is_installed() -> bool:
    """Whether a real server can be started here."""
    return SERVER.exists() and SETUP is not None


@cache
def the_server() -> "RealRt":
    """The one of this process, started when it is first asked for, stopped at its end."""
    return RealRt()


class RealRt:
    """`url` is where it answers; `do` lets people act on it, below its REST interface."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="closeloop-rt-"))
        self._processes: list[subprocess.Popen[Any]] = []
        atexit.register(self.stop)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (self._folder / "conf").mkdir()
        settings = self._folder / "RT_SiteConfig.pm"
        settings.write_text(_SETTINGS.format(port=port, folder=self._folder), encoding="utf-8")
        self._environment = {**os.environ, "RT_SITE_CONFIG": str(settings), "RT_SITE_CONFIG_DIR": str(self._folder / "conf")}
        self.url = f"http://127.0.0.1:{port}"
        try:
            self._start(port)
        except BaseException:
            self.stop()
            raise

    def do(self, command: str, **given: Any) -> dict[str, Any]:
        """Somebody does something; see rt_people.pl."""
        self._in.write(json.dumps({"do": command, **given}) + "\n")
        self._in.flush()
        answer: dict[str, Any] = json.loads(self._out.readline() or '{"error": "the people are gone"}')
        if "error" in answer:
            raise AssertionError(f"{command}: {answer['error']}")
        return answer

    def stop(self) -> None:
        """End everything that was started, and leave nothing behind."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, port: int) -> None:
        setup = [str(SETUP), "--action", "init", "--dba", "", "--dba-password", "", "--skip-create"]
        subprocess.run(setup, env=self._environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_PATIENCE)
        # One worker: which ticket was merged into which is remembered by the process that merged it.
        served = [str(SERVER), "--server", "Starlet", "--host", "127.0.0.1", "--port", str(port), "--max-workers", "1"]
        with (self._folder / "log").open("wb") as log:
            server = self._spawn(served, stdout=log, stderr=log)
            # They also put out the light when we are gone without a word.
            command = ["perl", str(PEOPLE), str(server.pid), str(self._folder)]
            people = self._spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        assert people.stdin and people.stdout
        self._in: IO[str] = people.stdin
        self._out: IO[str] = people.stdout
        if self._out.readline().strip() != "ready":
            raise AssertionError(f"the people of Request Tracker do not come: {(self._folder / 'log').read_text()[-2_000:]}")
        self._wait(port)

    def _spawn(self, command: list[str], **given: Any) -> "subprocess.Popen[Any]":
        process = subprocess.Popen(command, env=self._environment, cwd=self._folder, start_new_session=True, **given)
        self._processes.append(process)
        return process

    def _wait(self, port: int) -> None:
        def answers() -> bool:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", "/REST/2.0/rt")
                # 401: it is there.
                connection.getresponse()
                return True
            except (OSError, http.client.HTTPException):
                return False
            finally:
                connection.close()

        try:
            wait_for(answers, _PATIENCE, "Request Tracker")
        except AssertionError as error:
            raise AssertionError(f"{error} {(self._folder / 'log').read_text()[-2_000:]}") from None
