"""Which page of a list comes next, by the Link header."""

import time

import pytest

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.github import GitHub, repository_at
from powerup.integrations.http import Answer, HttpPolicy

ROOT = "https://api.github.com/repositories/1/issues"


def following(link: str, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """`next_url` of a page that came with this header."""
    repository = repository_at("https://github.com/o/r")
    assert repository is not None
    with GitHub(repository, "", HttpPolicy(1, 1, ())) as client:
        page = Answer(200, {"link": link}, b"[]", ROOT, "GitHub")
        monkeypatch.setattr(client, "answer", lambda *_, **__: page)
        return client.listed("/issues").next_url


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (f'<{ROOT}?page=2>; rel="next", <{ROOT}?page=5>; rel="last"', f"{ROOT}?page=2"),
        (f'<{ROOT}?labels=a,b&page=1>; rel="prev",<{ROOT}?labels=a,b&page=3>;rel="next"', f"{ROOT}?labels=a,b&page=3"),
        (f'<{ROOT}?page=1>; rel="first"', None),
        ("", None),
        ('rel="next"', None),
    ],
)
def test_the_next_page_is_the_one_that_is_called_so(link: str, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert following(link, monkeypatch) == url


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "https://api.github.com.evil.example/x", "https://api.github.com@evil.example/"]
)
def test_our_token_follows_nobody_to_another_host(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(VendorBrokenError):
        following(f'<{address}>; rel="next"', monkeypatch)


@pytest.mark.parametrize("piece", ["<a>;", "<a>; rel", ", <", "<a>;   ", ",    ", "<"])
def test_a_header_of_any_shape_is_read_at_once(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # It took half a minute, in which nothing else of the process moved.
    began = time.process_time()
    following(piece * (64_000 // len(piece)), monkeypatch)
    assert time.process_time() - began < 2
