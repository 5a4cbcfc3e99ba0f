"""Shared by the contract tests."""

import hashlib
import hmac
from collections.abc import Callable, Iterator

import pytest

from powerup.integrations.forums.base import Forum
from tests.contract.forum.case import ForumCase
from tests.contract.forum.cases import CASES, kind_of


@pytest.fixture
def sign() -> Callable[[bytes], str]:
    """Signs a body as Discourse does, with the secret "secret"."""
    return lambda body: "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()


@pytest.fixture(params=CASES, ids=kind_of)
def case(request: pytest.FixtureRequest) -> Iterator[ForumCase]:
    """A running forum with its people, of every kind (or of those that `for_kinds_that` names)."""
    with request.param() as made:
        yield made


@pytest.fixture
def forum(case: ForumCase) -> Iterator[Forum]:
    """The adapter, acting as Ada."""
    with case.open() as opened:
        yield opened
