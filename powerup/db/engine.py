"""Engines and sessions. A reading session never blocks a writer; a writing session on SQLite takes its lock at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

BUSY_MS = 15_000
"""How long SQLite waits for another writer before it says "locked"."""

_WRITE = "closeloop_write"


class Database:
    """One installation's database.

    `write()` commits when the block ends and rolls back when it raises; `read()` never commits. Both give a plain
    SQLAlchemy session whose objects stay readable after the block.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = driver_url(url)
        self.engine = _make_engine(self.url, pool_size)
        self.writing_engine = self.engine.execution_options(**{_WRITE: True})

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: all of it or nothing."""
        with Session(self.writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; whatever it changes is thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        """Close every connection (before a fork, at the end)."""
        self.engine.dispose()


def driver_url(url: str) -> str:
    """`postgres://` and `postgresql://` mean psycopg 3; SQLite URLs stay as they are."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _make_engine(url: str, pool_size: int) -> Engine:
    # A failed statement's parameters are customers' words and sealed secrets: they must not reach the log with its traceback.
    common: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "hide_parameters": True}
    if not url.startswith("sqlite"):
        utc = {"options": "-c timezone=utc"}
        return create_engine(url, connect_args=utc, pool_pre_ping=True, **common)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000}, **common)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE; `_begin_sqlite` says it instead
    # (SQLAlchemy documentation, "SQLite: Serializable isolation / Savepoints / Transactional DDL").
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
