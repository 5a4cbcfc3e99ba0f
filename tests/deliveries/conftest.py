"""A connected installation with nothing to do."""

from collections.abc import Iterator

import pytest

from tests.scene import Scene, connected


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """Runs once on each kind of database."""
    with connected(database_url) as made:
        yield made


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Scene]:
    """On SQLite only: for what the kind of database cannot matter to."""
    with connected(sqlite_url) as made:
        yield made
