"""Answering a click: through Slack's own addresses only, and while they last."""

import json
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from powerup.errors import Code
from powerup.integrations.errors import (
    AddressRefusedError,
    GoneError,
    IntegrationError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.slack.blocks import Message, section
from powerup.integrations.slack.client import SlackWebhook

HOSTS = ("127.0.0.1", "localhost")
POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=HOSTS, retry_pause=0.01)
PATH = "/actions/T0/7/secret"
TAKEN = Message("taken", (section("taken"),))


@pytest.fixture(name="slack")
def a_client() -> Iterator[SlackWebhook]:
    with HttpClient(POLICY, vendor="Slack", hide_paths=True) as http:
        yield SlackWebhook(http, HOSTS)


@pytest.mark.parametrize(
    ("replace", "ephemeral", "sent"),
    [
        (True, False, {"replace_original": True}),
        (False, True, {"replace_original": False, "response_type": "ephemeral"}),
        (False, False, {"replace_original": False, "response_type": "in_channel"}),
    ],
)
def test_an_answer_says_where_it_belongs(
    slack: SlackWebhook, httpserver: HTTPServer, replace: bool, ephemeral: bool, sent: dict[str, object]
) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_data("ok")
    slack.respond(httpserver.url_for(PATH), TAKEN, replace=replace, ephemeral=ephemeral)
    request, _ = httpserver.log[0]
    assert json.loads(request.get_data()) == {**TAKEN.payload(), **sent}
    assert "Authorization" not in request.headers


def test_what_one_person_sees_cannot_replace_what_all_see(slack: SlackWebhook, httpserver: HTTPServer) -> None:
    with pytest.raises(ValueError, match="everybody"):
        slack.respond(httpserver.url_for(PATH), TAKEN, replace=True, ephemeral=True)
    assert httpserver.log == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain", "application/json"])
@pytest.mark.parametrize("body", ["ok", '{"ok": true}', ""])
def test_slack_has_several_ways_to_say_yes(slack: SlackWebhook, httpserver: HTTPServer, body: str, kind: str) -> None:
    httpserver.expect_request(PATH).respond_with_data(body, content_type=kind)
    slack.respond(httpserver.url_for(PATH), TAKEN, replace=True, ephemeral=False)


@pytest.mark.parametrize(
    ("status", "body", "error", "permanent"),
    [
        (404, '{"ok":false,"error":"expired_url"}', GoneError, True),
        (404, '{"ok":false,"error":"used_url"}', GoneError, True),
        (410, "expired_url", GoneError, True),
        (200, '{"ok": false, "error": "used_url"}', GoneError, True),
        (200, '{"ok": false, "error": "invalid_blocks"}', RejectedError, True),
        (200, "<html>Sign in</html>", RejectedError, True),
        (400, "invalid_payload", RejectedError, True),
        (403, "invalid_token", RejectedError, True),
        (500, "server_error", VendorBrokenError, False),
        (429, "rate_limited", RateLimitedError, False),
    ],
)
def test_slacks_refusals_say_whether_trying_again_helps(
    slack: SlackWebhook, httpserver: HTTPServer, status: int, body: str, error: type[IntegrationError], permanent: bool
) -> None:
    httpserver.expect_request(PATH).respond_with_data(body, status=status)
    with pytest.raises(error) as caught:
        slack.respond(httpserver.url_for(PATH), TAKEN, replace=True, ephemeral=False)
    assert type(caught.value) is error
    assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (permanent, False, Code.unavailable)
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/actions/T/1/x",
        "https://hooks.slack.com/commands/T/1/x",
        "https://hooks.slack-gov.com/actions/T/1/x",
        "http://127.0.0.1:8902/actions/T/1/x",
    ],
)
def test_slacks_own_addresses_and_listed_hosts_are_answered(slack: SlackWebhook, url: str) -> None:
    slack.check_response_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.slack.com/actions/T/1/x",
        "https://hooks.slack.com:8443/actions/T/1/x",
        "https://hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com/",
        "https://hooks.slack.com.evil.org/actions/T/1/x",
        "https://hooks.slack.com@evil.org/actions/T/1/x",
        "https://evil.org/actions/T/1/x",
        "https://slack.com/actions/T/1/x",
        "https://[::1/actions/x",
        "http://169.254.169.254/actions/x",
        "http://127.0.0.1:8902/services/T/B/x",
        "file:///actions/x",
    ],
)
def test_nobody_elses_address_is_answered(slack: SlackWebhook, url: str) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        slack.respond(url, TAKEN, replace=True, ephemeral=False)
    assert (caught.value.permanent, caught.value.sent, caught.value.code) == (True, False, Code.invalid)
