"""A repository with its people, and the adapter acting as Ada: on its issues, its discussions, or both."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from powerup.integrations.forums.github import GitHubForum
from tests.contract.forum.github import GithubCase

SAMPLES = Path(__file__).parent / "samples"
Open = Callable[..., GitHubForum]


@pytest.fixture
def case() -> Iterator[GithubCase]:
    with GithubCase() as made:
        yield made


@pytest.fixture
def opened(case: GithubCase) -> Iterator[Open]:
    """The adapter with further credentials, such as `threads="both"`."""
    with ExitStack() as stack:

        def one(**more: str) -> GitHubForum:
            return stack.enter_context(GitHubForum(case.config({**case.credentials(), **more}), case.policy()))

        yield one


@pytest.fixture
def forum(opened: Open) -> GitHubForum:
    return opened()


@pytest.fixture
def talk(opened: Open) -> GitHubForum:
    """The adapter on discussions alone."""
    return opened(threads="discussions")


@pytest.fixture
def samples() -> Any:
    """Webhooks as GitHub documents them."""
    return json.loads((SAMPLES / "webhooks.json").read_text())


@pytest.fixture
def real_schema() -> Any:
    """Field names of GitHub's own GraphQL schema, by type."""
    return json.loads((SAMPLES / "schema.json").read_text())["types"]
