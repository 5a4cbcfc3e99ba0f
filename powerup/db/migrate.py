"""Bring a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect, text

from powerup.db.engine import Database

HERE = Path(__file__).parent / "migrations"
_LOCK = 7_201_553
"""Any fixed number: two processes that start at once must not migrate at once (PostgreSQL advisory lock)."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing, once, even when several processes start together."""
    with database.writing_engine.connect() as connection:
        _lock(connection)
        command.upgrade(config(connection), revision)
        connection.commit()


def downgrade(database: Database, revision: str) -> None:
    """Go back to a revision (`-1`: one step)."""
    with database.writing_engine.connect() as connection:
        _lock(connection)
        command.downgrade(config(connection), revision)
        connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == head())


def head() -> str:
    """The newest revision's id; there is exactly one."""
    return max(path.name.split("_")[0] for path in (HERE / "versions").glob("*.py"))


def config(connection: Connection, metadata: MetaData | None = None) -> Config:
    """Alembic's configuration for a connection; `metadata` only where models and database are compared."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    made.attributes["metadata"] = metadata
    return made


def _lock(connection: Connection) -> None:
    # SQLite needs nothing: the writing engine's BEGIN IMMEDIATE already keeps others out.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
