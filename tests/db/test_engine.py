"""What a session promises."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from powerup.db.engine import Database, driver_url
from powerup.workspaces.models import BoardMember, Workspace


def workspace(name: str = "Ours", at: datetime | None = None) -> Workspace:
    """A row to write."""
    return Workspace(trello_id=name, name=name, created_at=at or datetime.now(UTC))


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(workspace())
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.scalars(select(Workspace)).all() == []


def test_a_read_keeps_nothing(database: Database) -> None:
    with database.read() as session:
        session.add(workspace())
        session.flush()
    with database.read() as session:
        assert session.scalars(select(Workspace)).all() == []


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    berlin = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with database.write() as session:
        session.add(workspace(at=berlin))
    with database.read() as session:
        kept = session.scalars(select(Workspace)).one().created_at
    assert (kept, kept.utcoffset()) == (berlin, timedelta(0))


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="aware"), database.write() as session:
        session.add(workspace(at=datetime(2026, 11, 23)))


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(BoardMember(board_id=99, trello_member_id="x", role="admin"))


def test_writers_wait_for_one_another_and_lose_nothing(database: Database) -> None:
    with database.write() as session:
        session.add(workspace("0"))

    def count_up() -> None:
        for _ in range(10):
            with database.write() as session:
                row = session.scalars(select(Workspace).with_for_update()).one()
                row.name = str(int(row.name if row.name.isdigit() else 0) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(Workspace)).one().name == "40"


def test_sqlite_keeps_what_it_acknowledged(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        pragmas = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    database.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_any_way_to_write_postgresql_means_the_one_driver(url: str) -> None:
    assert driver_url(url) == "postgresql+psycopg://u:p@h/d"
