"""Which addresses mean a Tender discussion, and what an admin may enter as the site's address."""

import pytest

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.tender import Tender
from powerup.integrations.forums.tender.urls import last_segment, site_name, thread_url
from powerup.integrations.http import HttpPolicy

FORUM = Tender(ForumConfig("https://help.example.com", {"api_token": "t", "site": "Acme"}), HttpPolicy(1, 1, ()))


@pytest.mark.parametrize(
    ("url", "thread_id"),
    [
        ("https://help.example.com/discussions/problems/52064", "52064"),
        ("http://help.example.com/discussions/problems/52064-search-for-crash", "52064"),
        ("https://help.example.com/discussions/problems/52064-search?unresolve=true#comment_3", "52064"),
        ("https://help.example.com/discussions/problems/52064/", "52064"),
        ("https://help.example.com/discussions/52064", "52064"),
        ("https://acme.tenderapp.com/discussions/suggestions/12-title", "12"),
        ("https://api.tenderapp.com/acme/discussions/15805962", "id:15805962"),
        ("https://api.tenderapp.com:443/acme/discussions/15805962/comments{?page}", "id:15805962"),
        ("https://api.tenderapp.com/other/discussions/15805962", None),
        ("https://other.tenderapp.com/discussions/problems/12", None),
        ("https://elsewhere.example.com/discussions/problems/12", None),
        ("https://help.example.com/discussions/problems", None),
        ("https://help.example.com/discussions/2024-plans", None),
        ("https://help.example.com/discussions/problems/12/edit", None),
        ("https://help.example.com/discussions/../12", None),
        ("https://help.example.com/discussions//12", None),
        ("https://help.example.com/discussions/problems/012", None),
        ("https://help.example.com:8080/discussions/problems/12", None),
        ("https://me@help.example.com/discussions/problems/12", None),
        ("https://help.example.com/kb/problems/12", None),
        ("ftp://help.example.com/discussions/problems/12", None),
        ("https://[help/discussions/problems/12", None),
        ("", None),
    ],
)
def test_an_address_means_a_discussion_of_this_site_alone(url: str, thread_id: str | None) -> None:
    assert FORUM.thread_id_of(url) == thread_id


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://help.example.com", "https://help.example.com"),
        (" https://help.example.com/discussions/problems?x=1#y ", "https://help.example.com"),
        ("https://acme.tenderapp.com/home/", "https://acme.tenderapp.com"),
        ("https://api.tenderapp.com/acme", "https://acme.tenderapp.com"),
        ("https://api.tenderapp.com:443/Acme/discussions", "https://acme.tenderapp.com"),
        ("acme", "https://acme.tenderapp.com"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("help.example.com", "help.example.com"),
        ("https://[x", "https://[x"),
    ],
)
def test_an_admin_may_enter_any_of_a_sites_addresses(given: str, stored: str) -> None:
    assert Tender.address(given) == stored


def test_the_sites_name_stands_in_its_first_address() -> None:
    assert site_name("https://acme.tenderapp.com") == "acme"
    assert site_name("https://help.example.com") == site_name("https://api.tenderapp.com") == site_name("https://a.b.tenderapp.com") == ""


def test_a_threads_address_leaves_its_title_out_and_its_host_is_the_admins() -> None:
    here = "https://help.example.com"
    assert thread_url(here, "http://support.acme.test/discussions/problems/12-my-invoice", "12") == f"{here}/discussions/problems/12"
    for odd in ("", "javascript:alert(1)", "https://[x", "https://x.test/discussions/problems/13"):
        assert thread_url(here, odd, "12") == f"{here}/discussions/12"


def test_an_id_is_the_last_part_of_an_address() -> None:
    assert last_segment("https://api.tenderapp.com:443/acme/discussions/15805962") == "15805962"
    assert last_segment("https://api.tenderapp.com/acme/users/12{-opt|?|page,user_email}") == "12"
    assert last_segment("https://api.tenderapp.com/acme/users/me") is None
    assert last_segment("") is None
