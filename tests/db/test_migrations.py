"""Migrations and models describe the same database."""

from alembic import command
from alembic.script import ScriptDirectory

from powerup.crypto import new_key
from powerup.db import migrate
from powerup.db.engine import Database
from powerup.schema import Base
from tests.helpers import run_closeloop


def test_there_is_one_newest_revision(database: Database) -> None:
    with database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrate.config(connection))
        assert scripts.get_heads() == [migrate.head()]


def test_models_and_migrated_database_are_the_same(database: Database) -> None:
    with database.engine.connect() as connection:
        command.check(migrate.config(connection, Base.metadata))


def test_every_step_can_be_taken_back_and_again(database: Database) -> None:
    assert migrate.is_current(database)
    migrate.downgrade(database, "base")
    assert not migrate.is_current(database)
    migrate.upgrade(database)
    migrate.downgrade(database, "-1")
    migrate.upgrade(database)
    assert migrate.is_current(database)


def test_two_processes_that_start_together_migrate_once(database: Database) -> None:
    migrate.downgrade(database, "base")
    settings = {
        "CLOSELOOP_DATABASE_URL": database.url,
        "CLOSELOOP_SECRET_KEY": "x" * 32,
        "CLOSELOOP_ENCRYPTION_KEY": new_key(),
    }
    with run_closeloop(["migrate"], settings) as first, run_closeloop(["migrate"], settings) as second:
        for each in (first, second):
            each.wait_for_line("newest schema", timeout=60)
    assert migrate.is_current(database)
