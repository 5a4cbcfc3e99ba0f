"""Which addresses are a repository, where its APIs are, and which thread an address means."""

import pytest

from powerup.errors import InvalidError
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.github import GitHubForum
from powerup.integrations.forums.github.ids import which
from powerup.integrations.github import repository_at
from powerup.integrations.http import HttpPolicy

REPOSITORY = "https://github.com/Northwind/support.tool"


@pytest.mark.parametrize(
    ("url", "rest", "graphql"),
    [
        ("https://github.com/o/r", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://www.github.com/o/r", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://acme.ghe.com/o/r", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        ("https://git.example.org/o/r", "https://git.example.org/api/v3", "https://git.example.org/api/graphql"),
        ("http://127.0.0.1:8080/o/r", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/graphql"),
    ],
)
def test_the_apis_follow_from_the_page(url: str, rest: str, graphql: str) -> None:
    found = repository_at(url)
    assert found is not None
    assert (found.rest, found.graphql, found.full_name) == (rest, graphql, "o/r")


@pytest.mark.parametrize(
    "given", [REPOSITORY, f" {REPOSITORY}/ ", f"{REPOSITORY}.git", f"{REPOSITORY}/issues?q=is%3Aopen", f"{REPOSITORY}/discussions/4#top"]
)
def test_any_page_of_a_repository_is_its_address(given: str) -> None:
    assert GitHubForum.address(given) == REPOSITORY


@pytest.mark.parametrize(
    "given",
    ["", "https://github.com", "https://github.com/northwind", "northwind/support", "ftp://github.com/o/r", "https://x@github.com/o/r",
     "https://github.com/o/..", "https://github.com/o r/x", "https://[::1/o/r"],
)  # fmt: skip
def test_what_is_no_repository_is_refused_in_words(given: str) -> None:
    with pytest.raises(InvalidError) as caught:
        GitHubForum.address(given)
    assert "https://github.com/owner/name" in caught.value.detail


@pytest.mark.parametrize(
    ("url", "thread_id"),
    [
        (f"{REPOSITORY}/issues/12", "issue-12"),
        ("http://www.github.com/northwind/SUPPORT.tool/issues/12/#issuecomment-3", "issue-12"),
        (f"{REPOSITORY}/discussions/34?sort=new#discussioncomment-5", "discussion-34"),
        (f"{REPOSITORY}/pull/12", None),
        (f"{REPOSITORY}/issues", None),
        (f"{REPOSITORY}/issues/new", None),
        (f"{REPOSITORY}/issues/012", None),
        (f"{REPOSITORY}/issues/12/events", None),
        ("https://github.com/northwind/other/issues/12", None),
        ("https://github.com:8443/Northwind/support.tool/issues/12", None),
        ("https://github.com.example.org/Northwind/support.tool/issues/12", None),
        ("not an address", None),
    ],
)
def test_the_thread_in_an_address(url: str, thread_id: str | None) -> None:
    with GitHubForum(ForumConfig(REPOSITORY), HttpPolicy(1.0, 1.0, ())) as forum:
        assert forum.thread_id_of(url) == thread_id


@pytest.mark.parametrize("thread_id", ["12", "issue-0", "issue-12/..", "pull-12", "issue-１２", "discussion-", "issue-99999999999"])
def test_an_id_that_is_none_is_gone_before_anything_is_asked(thread_id: str) -> None:
    with pytest.raises(GoneError) as caught:
        which(thread_id)
    assert not caught.value.sent
