"""What the first release had not read yet when it was replaced comes by back-fill."""

from typing import Any

from sqlalchemy import select, text

from powerup.db import migrate
from powerup.db.engine import Database
from powerup.forums.models import Backfill, Forum
from tests import factories

BACK = {"page": 3, "ceiling": "2026-01-01T00:00:00+00:00", "edge": ["7"], "left": 900}


def cursor(back: Any) -> dict[str, Any]:
    return {"v": 1, "lists": {"latest": {"since": "2026-11-01T00:00:00Z", "seen": {}, "back": back}}, "posts": None}


def test_a_forum_whose_older_threads_were_still_being_read_goes_on_with_them(database: Database) -> None:
    with database.write() as session:
        made = factories.rows(session)
        half, whole = made.forum, factories.rows(session, 2).forum
        half.cursor, whole.cursor = cursor(BACK), cursor(None)
    migrate.downgrade(database, "0003")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM forums")) == 2
    migrate.upgrade(database)
    with database.read() as session:
        [asked] = session.scalars(select(Backfill)).all()
        kept = session.get_one(Forum, half.id)
    assert (asked.forum_id, asked.workspace_id, asked.state, asked.cursor) == (half.id, half.workspace_id, "running", None)
    assert asked.next_at is not None and asked.since < asked.started_at
    assert kept.cursor == cursor(BACK) and (kept.todo, kept.pace, kept.options) == (None, 0, {})
