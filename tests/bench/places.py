"""Where it is measured: each kind of database, and the product in front of it."""

import fcntl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from powerup.crypto import Signer, new_key, random_token
from powerup.db import migrate
from powerup.db.engine import Database
from tests.bench.data import Size, board_trello_id, fill
from tests.bench.wire import Wire
from tests.cast import ADA
from tests.fixtures import postgres
from tests.helpers import free_port, run_closeloop, wait_for

PROCESSES, THREADS = 2, 4


@dataclass(frozen=True)
class Product:
    """`closeloop serve`, running."""

    port: int
    signer: Signer

    def token(self, board: int) -> str:
        """A bearer token of Ada on a board, signed as POST /session signs it."""
        return self.signer.sign("session", {"m": ADA.trello_id, "b": board_trello_id(board)})


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """The address of a database of this kind that is gone with the block."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="closeloop-bench-") as folder:
            yield f"sqlite:///{folder}/closeloop.db"
        return
    with _postgres() as socket:
        with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield postgres.url(socket, "bench")


@contextmanager
def _postgres() -> Iterator[Path]:
    """The tests' PostgreSQL by its own keeper, which ends it with us however we end; gives the directory of its socket."""
    directory = Path(tempfile.mkdtemp(prefix="closeloop-bench-"))
    with (directory / "alive").open("w") as alive, (directory / "keeper.log").open("wb") as log:
        fcntl.flock(alive, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "tests.fixtures.postgres_keeper", str(directory)]
        keeper = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

        def ready() -> bool:
            assert keeper.poll() is None, f"PostgreSQL did not start:\n{(directory / 'keeper.log').read_text(errors='replace')}"
            return (directory / "ready").exists()

        wait_for(ready, 90, "PostgreSQL to start")
        yield Path((directory / "ready").read_text())
    keeper.wait(30)


def prepare(url: str, size: Size) -> None:
    """Newest schema and all the data."""
    database = Database(url)
    try:
        migrate.upgrade(database)
        fill(database, size)
    finally:
        database.dispose()


@contextmanager
def product(url: str) -> Iterator[Product]:
    """The real web server on this database, as an admin starts it."""
    port, secret = free_port(), random_token()
    env = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": url,
        "SECRET_KEY": secret,
        "ENCRYPTION_KEY": new_key(),
        "SESSION_SECONDS": "3600",
        "LOG_LEVEL": "WARNING",
    }
    command = ["serve", "--bind", f"127.0.0.1:{port}", "--processes", str(PROCESSES), "--threads", str(THREADS)]
    with run_closeloop(command, {f"CLOSELOOP_{name}": value for name, value in env.items()}) as running:

        def ready() -> bool:
            assert running.process.poll() is None, f"`closeloop serve` ended:\n{running.log}"
            try:
                with Wire(port) as wire:
                    return wire.get("/readyz")[0] == 200
            except ConnectionError:
                return False

        wait_for(ready, 60, "`closeloop serve` to be ready")
        yield Product(port, Signer([secret]))
