"""A Tender site with its people, and the adapter acting as Ada."""

from collections.abc import Iterator

import pytest

from powerup.integrations.forums.tender import Tender
from tests.contract.forum.tender import TenderCase


@pytest.fixture
def case() -> Iterator[TenderCase]:
    with TenderCase() as made:
        yield made


@pytest.fixture
def forum(case: TenderCase) -> Iterator[Tender]:
    with Tender(case.config(case.credentials()), case.policy()) as opened:
        yield opened
