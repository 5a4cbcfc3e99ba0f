"""The same installation that the tests of the API ask."""

from tests.api.conftest import bare, small, world

__all__ = ["bare", "small", "world"]
