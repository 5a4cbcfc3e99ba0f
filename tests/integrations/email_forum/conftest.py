"""A mailbox for each test."""

from collections.abc import Iterator

import pytest

from tests.integrations.email_forum.box import Box, running


@pytest.fixture
def box() -> Iterator[Box]:
    """A running mailbox."""
    with running() as made:
        yield made
