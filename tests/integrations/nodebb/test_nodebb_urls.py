"""Which thread an address means."""

import pytest

from powerup.integrations.forums.nodebb.urls import thread_id_in, thread_url

SITE = "https://forum.example.org"


@pytest.mark.parametrize(
    ("url", "thread_id"),
    [
        ("/topic/26", "26"),
        ("/topic/26/my-step-fails", "26"),
        ("/topic/26/my-step-fails/", "26"),
        ("/topic/26/my-step-fails/3", "26"),
        ("/topic/26/%C3%BCber-gr%C3%B6%C3%9Fen?page=2#x", "26"),
        ("/api/topic/26", "26"),
        ("/topic/0b6a1de2-53fd-4a39-9a5f-2a8a5a1f3f10/remote", "0b6a1de2-53fd-4a39-9a5f-2a8a5a1f3f10"),
        ("/topic/", None),
        ("/topic/0", None),
        ("/topic/26abc", None),
        ("/topic/26/../27", None),
        ("/topic/26/a/3/4", None),
        ("/post/92", None),
        ("/category/5/support", None),
        ("/forum/topic/26", None),
    ],
)
def test_addresses_of_this_site(url: str, thread_id: str | None) -> None:
    assert thread_id_in(SITE, SITE + url) == thread_id


@pytest.mark.parametrize(
    ("url", "thread_id"),
    [
        ("http://forum.example.org/topic/26", "26"),
        ("https://www.forum.example.org/topic/26", "26"),
        ("https://forum.example.org:8443/topic/26", None),
        ("https://elsewhere.example.org/topic/26", None),
        ("https://forum.example.org@evil.example/topic/26", None),
        ("ftp://forum.example.org/topic/26", None),
        ("//[/topic/26", None),
        ("", None),
    ],
)
def test_whose_address_it_is(url: str, thread_id: str | None) -> None:
    assert thread_id_in(SITE, url) == thread_id


def test_a_site_below_a_path_owns_what_lies_there() -> None:
    assert thread_id_in(f"{SITE}/forum", f"{SITE}/forum/topic/26/x") == "26"
    assert thread_id_in(f"{SITE}/forum", f"{SITE}/topic/26/x") is None


@pytest.mark.parametrize(
    ("slug", "number", "url"),
    [
        ("26/my-step-fails", None, "/topic/26/my-step-fails"),
        ("26/my-step-fails", 3, "/topic/26/my-step-fails/3"),
        ("", 3, "/topic/26"),
        ("26/", None, "/topic/26"),
        ("27/another", None, "/topic/26"),
        ("26/a/b?c#d", None, "/topic/26"),
    ],
)
def test_addresses_that_are_given_out(slug: str, number: int | None, url: str) -> None:
    assert thread_url(SITE, "26", slug, number) == SITE + url
    assert thread_id_in(SITE, SITE + url) == "26"
