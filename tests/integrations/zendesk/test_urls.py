"""What is entered as the address, and which ticket an address means."""

import pytest

from powerup.errors import InvalidError
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.forums.zendesk.urls import thread_id_in

SITE = "https://acme.zendesk.com"


@pytest.mark.parametrize(
    "given", ["acme", "acme.zendesk.com", "https://acme.zendesk.com/", " https://ACME.zendesk.com/agent/tickets/5?x=1#y ", "ACME"]
)
def test_the_address_may_be_entered_in_many_ways(given: str) -> None:
    assert Zendesk.address(given) == SITE


@pytest.mark.parametrize("given", ["", "a b", "https://", "ftp://acme.zendesk.com", "https://me@acme.zendesk.com", "http://[", "acme!"])
def test_what_can_be_no_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidError):
        Zendesk.address(given)


@pytest.mark.parametrize(
    "path",
    [
        "/agent/tickets/123",
        "/agent/tickets/123/",
        "/agent/tickets/123/events",
        "/agent/#/tickets/123",
        "/agent/filters/360/tickets/123",
        "/hc/requests/123",
        "/hc/en-us/requests/123",
        "/hc/de/requests/123?page=2",
        "/requests/123",
        "/tickets/123",
        "/api/v2/tickets/123.json",
    ],
)
def test_an_address_that_people_copy_names_its_ticket(path: str) -> None:
    assert thread_id_in(SITE, SITE + path) == "123"


@pytest.mark.parametrize(
    "url",
    [
        "https://other.zendesk.com/agent/tickets/123",
        "https://acme.zendesk.com:8443/agent/tickets/123",
        "https://acme.zendesk.com.evil.example/agent/tickets/123",
        "https://me@acme.zendesk.com/agent/tickets/123",
        "https://acme.zendesk.com/agent/users/123",
        "https://acme.zendesk.com/agent/tickets/0",
        "https://acme.zendesk.com/hc/en-us/articles/123",
        "https://acme.zendesk.com/agent/tickets/123abc",
        "javascript:/agent/tickets/123",
    ],
)
def test_other_addresses_name_none(url: str) -> None:
    assert thread_id_in(SITE, url) is None
