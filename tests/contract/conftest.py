"""Shared by the contract tests."""

import hashlib
import hmac
from collections.abc import Callable

import pytest


@pytest.fixture
def sign() -> Callable[[bytes], str]:
    """Signs a body as Discourse does, with the secret "secret"."""
    return lambda body: "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
