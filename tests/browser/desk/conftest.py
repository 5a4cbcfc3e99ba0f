"""The real application, and somebody signed in before its pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.triage.stage import Installation, Stage, installed


@pytest.fixture
def installation(sqlite_url: str) -> Iterator[Installation]:
    """Two teams, no thread yet; it outlives the pages that ask it."""
    with installed(sqlite_url) as made:
        yield made


@pytest.fixture
def stage(installation: Installation, open_page: Callable[..., Page]) -> Stage:
    """The same, and people before it."""
    return Stage(installation, open_page)
