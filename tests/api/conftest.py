"""The installation that the tests of the API ask."""

from collections.abc import Iterator

import pytest

from tests.api.desk import Desk, desk
from tests.api.world import World, build


@pytest.fixture
def bare(database_url: str) -> Iterator[World]:
    """Nothing is connected yet; runs once on each kind of database."""
    with build(database_url) as world:
        yield world


@pytest.fixture
def world(bare: World) -> World:
    """Both boards and the forum are connected."""
    bare.connect()
    return bare


@pytest.fixture
def small(sqlite_url: str) -> Iterator[World]:
    """Connected, on SQLite only: for what the kind of database cannot matter to."""
    with build(sqlite_url) as world:
        world.connect()
        yield world


@pytest.fixture
def at_desk(world: World) -> Desk:
    """A team with areas beside it; runs once on each kind of database."""
    return desk(world)


@pytest.fixture
def small_desk(small: World) -> Desk:
    """The same on SQLite only."""
    return desk(small)
