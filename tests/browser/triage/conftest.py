"""The triage page on the real application."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.triage.stage import Installation, Stage, installed


@pytest.fixture
def installation(sqlite_url: str) -> Iterator[Installation]:
    """Two teams, no thread yet; it outlives the pages that ask it."""
    with installed(sqlite_url) as made:
        yield made


@pytest.fixture
def stage(installation: Installation, open_page: Callable[..., Page]) -> Iterator[Stage]:
    """The same, and people before it."""
    # News come every three seconds, and the machine may be busy.
    expect.set_options(timeout=10_000)
    yield Stage(installation, open_page)
    expect.set_options(timeout=5_000)
