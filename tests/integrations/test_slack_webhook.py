"""Posting into Slack: its refusals in plain words, its pace, and nobody else's addresses."""

import json
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from powerup.errors import Code
from powerup.integrations.errors import (
    AddressRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    UnreachableError,
    VendorBrokenError,
)
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.slack.blocks import Message, header, section
from powerup.integrations.slack.client import SlackWebhook

HOSTS = ("127.0.0.1", "localhost")
POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=HOSTS, retry_pause=0.01)
PATH = "/services/T0/B0/secret"


@pytest.fixture(name="slack")
def a_client() -> Iterator[SlackWebhook]:
    with HttpClient(POLICY, vendor="Slack", hide_paths=True) as http:
        yield SlackWebhook(http, HOSTS)


def test_a_message_goes_out_as_json(slack: SlackWebhook, httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_data("ok")
    slack.post(httpserver.url_for(PATH), Message("New: <b> & co", (header("New"), section("text"))))
    request, _ = httpserver.log[0]
    body = json.loads(request.get_data())
    assert request.content_type == "application/json"
    assert body["text"] == "New: &lt;b&gt; &amp; co"
    assert [block["type"] for block in body["blocks"]] == ["header", "section"]


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8", "text/plain"])
def test_slacks_ok_counts_whatever_it_is_called(slack: SlackWebhook, httpserver: HTTPServer, kind: str) -> None:
    httpserver.expect_request(PATH).respond_with_data("ok", content_type=kind)
    slack.post(httpserver.url_for(PATH), Message("hello"))


@pytest.mark.parametrize(
    ("status", "body", "error", "permanent", "reconnect", "words"),
    [
        (400, "invalid_payload", RejectedError, True, False, "cannot read the message"),
        (400, "invalid_blocks", RejectedError, True, False, "layout"),
        (400, "something_new", RejectedError, True, False, "refused the message"),
        (403, "action_prohibited", NotPermittedError, True, True, "forbidden this webhook"),
        (403, "invalid_token", NotPermittedError, True, True, "does not know this webhook"),
        (404, "no_service", GoneError, True, True, "switched off or removed"),
        (404, "channel_not_found", GoneError, True, True, "channel"),
        (404, "no_team", GoneError, True, True, "workspace"),
        (404, "<html>not here</html>", GoneError, True, True, "is gone"),
        (410, "channel_is_archived", GoneError, True, True, "archived"),
        (500, "rollup_error", VendorBrokenError, False, False, "Slack"),
        (200, "<html>Sign in to the hotel's wifi</html>", VendorBrokenError, False, False, "“ok”"),
        (302, "", RejectedError, True, False, "elsewhere"),
    ],
)
def test_slacks_words_become_plain_ones(
    slack: SlackWebhook,
    httpserver: HTTPServer,
    status: int,
    body: str,
    error: type[IntegrationError],
    permanent: bool,
    reconnect: bool,
    words: str,
) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        body, status=status, headers={"Location": "https://evil.org/x"} if status == 302 else None
    )
    with pytest.raises(error, match=words) as caught:
        slack.post(httpserver.url_for(PATH), Message("hello"))
    assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (permanent, reconnect, Code.unavailable)
    assert "secret" not in caught.value.detail
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("sent", "wait"), [({"Retry-After": "7"}, 7.0), ({"Retry-After": "0"}, 1.0), ({}, 1.0), ({"Retry-After": "soon"}, 1.0)]
)
def test_slacks_pace_is_kept(slack: SlackWebhook, httpserver: HTTPServer, sent: dict[str, str], wait: float) -> None:
    httpserver.expect_request(PATH).respond_with_data("rate_limited", status=429, headers=sent)
    with pytest.raises(RateLimitedError) as caught:
        slack.post(httpserver.url_for(PATH), Message("hello"))
    assert (caught.value.retry_after, caught.value.permanent) == (wait, False)


def test_a_message_is_sent_once_even_when_slack_stumbles(slack: SlackWebhook, httpserver: HTTPServer) -> None:
    seen: list[bytes] = []

    def stumble(request: Request) -> Response:
        seen.append(request.get_data())
        return Response("try later", status=503)

    httpserver.expect_request(PATH).respond_with_handler(stumble)
    with pytest.raises(VendorBrokenError):
        slack.post(httpserver.url_for(PATH), Message("hello"))
    assert len(seen) == 1


def test_an_unreachable_slack_was_certainly_not_told(slack: SlackWebhook) -> None:
    with pytest.raises(UnreachableError) as caught:
        slack.post("http://127.0.0.1:9/services/T/B/secret", Message("hello"))
    assert caught.value.sent is False


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com:443/services/T/B/x",
        "https://hooks.slack-gov.com/services/T/B/x",
        "http://127.0.0.1:8902/services/T/B/x",
    ],
)
def test_slacks_own_addresses_and_listed_hosts_may_be_used(slack: SlackWebhook, url: str) -> None:
    slack.check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/services/T/B/x",
        "http://hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com:8443/services/T/B/x",
        "https://hooks.slack.com.evil.org/services/T/B/x",
        "https://evil.org/services/T/B/x",
        "https://user:pass@hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com@evil.org/services/T/B/x",
        "https://hooks.slack.com/",
        "https://hooks.slack.com/workflows/T/B/x",
        "https://hooks.slack.com:port/services/T/B/x",
        "https://[::1/services/T/B/x",
        "ftp://127.0.0.1/services/T/B/x",
        "http://169.254.169.254/services/T/B/x",
        "javascript:alert(1)",
    ],
)
def test_nobody_elses_address_is_posted_to(slack: SlackWebhook, url: str) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        slack.post(url, Message("hello"))
    assert (caught.value.permanent, caught.value.sent, caught.value.code) == (True, False, Code.invalid)


def test_without_listed_hosts_only_slack_itself_is_posted_to(httpserver: HTTPServer) -> None:
    with HttpClient(POLICY, vendor="Slack", hide_paths=True) as http, pytest.raises(AddressRefusedError):
        SlackWebhook(http).post(httpserver.url_for(PATH), Message("hello"))
    assert httpserver.log == []
