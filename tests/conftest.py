"""What every test may ask for; the fixtures are in `tests/fixtures/`."""

import os

import pytest
from hypothesis import settings

from tests.fixtures.routes import compile_routes_lazily

compile_routes_lazily()

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.database", "tests.fixtures.browser"]

# The same examples each time where nobody watches; new ones on a developer's machine.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

LONGEST_FIRST = ("tests/faults/", "tests/browser/story/", "tests/browser/desk/", "tests/browser/triage/", "tests/sandbox/test_demo.py")
"""Begun last, these would keep one process busy after the others have ended; side by side in one, they start few installations."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, in random order among themselves, and so the others."""

    def rank(item: pytest.Item) -> int:
        return next((number for number, place in enumerate(LONGEST_FIRST) if item.nodeid.startswith(place)), len(LONGEST_FIRST))

    items.sort(key=rank)
