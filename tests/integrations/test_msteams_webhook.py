"""Posting into Teams: its refusals in plain words, and nobody else's addresses."""

import json
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from powerup.errors import Code
from powerup.integrations.alerts import Alert
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
from powerup.integrations.msteams.client import TeamsWebhook
from powerup.sandbox.slack import create_slack

HOSTS = ("127.0.0.1", "localhost")
POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=HOSTS, retry_pause=0.01)
PATH = "/workflows/secret"
NEW = "https://default0a1b.c2.environment.api.powerplatform.com"
INVOKE = "/powerautomate/automations/direct/workflows/abc/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0"


@pytest.fixture(name="teams")
def a_client() -> Iterator[TeamsWebhook]:
    with HttpClient(POLICY, vendor="Teams", hide_paths=True) as http:
        yield TeamsWebhook(http, HOSTS)


@pytest.mark.parametrize(("status", "body"), [(202, ""), (200, "1"), (200, '{"ok": true}')])
def test_an_alert_goes_out_as_a_card(teams: TeamsWebhook, httpserver: HTTPServer, status: int, body: str) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_data(body, status=status)
    teams.post(httpserver.url_for(PATH), Alert("Hello", ["world"]))
    request, _ = httpserver.log[0]
    sent = json.loads(request.get_data())
    assert request.content_type == "application/json"
    assert sent["attachments"][0]["content"]["body"][0]["text"] == "Hello"


def test_the_sandboxs_teams_takes_and_shows_it(teams: TeamsWebhook) -> None:
    with create_slack() as double:
        teams.post(double.teams_url, Alert("Hello", ["a"], [("b", "c")], [("d", "https://x.org")], urgent=True, footer="e"))
        (message,) = double.messages
        assert message["card"]["fallbackText"] == "Hello"
        with pytest.raises(GoneError):
            teams.post(f"{double.url}/teams/unknown", Alert("x"))


@pytest.mark.parametrize(
    ("status", "body", "error", "permanent", "reconnect", "words"),
    [
        (400, '{"error":{"code":"InvalidRequestContent"}}', RejectedError, True, False, "cannot read"),
        (400, '{"error":{"code":"TriggerInputSchemaMismatch"}}', RejectedError, True, False, "cannot read"),
        (400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', GoneError, True, True, "switched off"),
        (401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', NotPermittedError, True, True, "Anyone"),
        (403, "", NotPermittedError, True, True, "Anyone"),
        (404, '{"error":{"code":"WorkflowNotFound"}}', GoneError, True, True, "switched off or was removed"),
        (410, "", GoneError, True, True, "switched off or was removed"),
        (413, "", RejectedError, True, False, "too long"),
        (500, "", VendorBrokenError, False, False, "trouble"),
        (502, '{"error":{"code":"NoResponse"}}', VendorBrokenError, False, False, "trouble"),
        (200, "<html>Sign in to the hotel's wifi</html>", VendorBrokenError, False, False, "web page"),
        (302, "", RejectedError, True, False, "elsewhere"),
    ],
)
def test_refusals_say_what_to_mend(
    teams: TeamsWebhook,
    httpserver: HTTPServer,
    status: int,
    body: str,
    error: type[IntegrationError],
    permanent: bool,
    reconnect: bool,
    words: str,
) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        body, status=status, headers={"Location": "https://evil.org/"} if status == 302 else None
    )
    with pytest.raises(error, match=words) as caught:
        teams.post(httpserver.url_for(PATH), Alert("x"))
    assert type(caught.value) is error
    assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (permanent, reconnect, Code.unavailable)
    assert "secret" not in caught.value.detail
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(("header", "wait"), [({"Retry-After": "17"}, 17.0), ({}, 1.0), ({"Retry-After": "0"}, 1.0)])
def test_teams_pace_is_kept(teams: TeamsWebhook, httpserver: HTTPServer, header: dict[str, str], wait: float) -> None:
    httpserver.expect_request(PATH).respond_with_data("", status=429, headers=header)
    with pytest.raises(RateLimitedError) as caught:
        teams.post(httpserver.url_for(PATH), Alert("x"))
    assert (caught.value.retry_after, caught.value.permanent) == (wait, False)


def test_an_unreachable_teams_was_certainly_not_told(teams: TeamsWebhook) -> None:
    with pytest.raises(UnreachableError) as caught:
        teams.post("http://127.0.0.1:9/teams/x", Alert("x"))
    assert caught.value.sent is False


@pytest.mark.parametrize(
    "url",
    [
        f"{NEW}{INVOKE}&sig=l0lFm8",
        f"{NEW}:443{INVOKE}&sig=l0lFm8",
        "https://prod-23.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sig=x",
        "http://127.0.0.1:8902/teams/x",
    ],
)
def test_workflows_and_listed_hosts_may_be_used(teams: TeamsWebhook, url: str) -> None:
    teams.check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"{NEW}{INVOKE}",
        f"{NEW}{INVOKE}&sig=",
        f"{NEW}/api/data?sig=x",
        f"{NEW}:8443{INVOKE}&sig=x",
        f"{NEW}.evil.org{INVOKE}&sig=x",
        f"https://evil.org{INVOKE}&sig=x",
        f"https://environment.api.powerplatform.com.evil.org{INVOKE}&sig=x",
        f"https://evilenvironment.api.powerplatform.com{INVOKE}&sig=x",
        f"https://logic.azure.com{INVOKE}&sig=x",
        f"http://prod-1.westeurope.logic.azure.com{INVOKE}&sig=x",
        f"https://user:pass@prod-1.westeurope.logic.azure.com{INVOKE}&sig=x",
        "https://prod-1.westeurope.logic.azure.com:port/workflows/x?sig=x",
        "https://[::1/workflows/x?sig=x",
        "http://169.254.169.254/workflows/x?sig=x",
        "http://127.0.0.1:8902/",
        "ftp://127.0.0.1/teams/x",
        "javascript:alert(1)",
    ],
)
def test_nobody_elses_address_is_posted_to(teams: TeamsWebhook, url: str) -> None:
    with pytest.raises(AddressRefusedError, match="Teams workflow") as caught:
        teams.post(url, Alert("x"))
    assert (caught.value.permanent, caught.value.sent, caught.value.code) == (True, False, Code.invalid)


@pytest.mark.parametrize("url", ["https://acme.webhook.office.com/webhookb2/x", "https://outlook.office.com/webhook/x"])
def test_the_retired_kind_is_named(teams: TeamsWebhook, url: str) -> None:
    with pytest.raises(AddressRefusedError, match=r"retired.*Make a workflow"):
        teams.check_address(url)


def test_without_listed_hosts_only_microsoft_is_posted_to(httpserver: HTTPServer) -> None:
    with HttpClient(POLICY, vendor="Teams", hide_paths=True) as http, pytest.raises(AddressRefusedError):
        TeamsWebhook(http).post(httpserver.url_for(PATH), Alert("x"))
    assert httpserver.log == []
