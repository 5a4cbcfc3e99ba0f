"""One installation a test process; every test brings cards and threads of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from powerup.sandbox.demo import Demo, DemoOptions, Running
from tests.browser.story.stage import Stage


@pytest.fixture(scope="session")
def installation() -> Iterator[Running]:
    """The demo, as `closeloop demo` starts it, on free ports."""
    with Demo(DemoOptions(first_port=0, quiet=True)).started() as running:
        yield running


@pytest.fixture
def stage(installation: Running, open_page: Callable[..., Page]) -> Iterator[Stage]:
    """The installation without faults; pages that were opened close with the test."""
    # A reply takes its way through a queue, a worker and a webhook.
    expect.set_options(timeout=20_000)
    yield Stage(installation, open_page)
    installation.forum.faults.clear()
    installation.trello.faults.clear()
    expect.set_options(timeout=5_000)
