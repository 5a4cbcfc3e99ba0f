"""A connected installation that is well."""

from collections.abc import Iterator

import pytest

from powerup import clock
from powerup.forums.models import Forum
from powerup.sync.engine import Syncer
from tests.scene import Scene, connected


@pytest.fixture
def scene(sqlite_url: str) -> Iterator[Scene]:
    """Read a moment ago, and told of news by a webhook."""
    with connected(sqlite_url) as made:
        made.thread()
        Syncer(made.services, "test").run_one()
        with made.services.database.write() as session:
            session.get_one(Forum, made.forum_row.id).last_hook_at = clock.now()
        yield made
