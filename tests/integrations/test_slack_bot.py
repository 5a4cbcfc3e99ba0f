"""Posting as an app: where, as whom, and what Slack's words mean."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.errors import Code
from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    UnreachableError,
    VendorBrokenError,
)
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.slack.blocks import Message, section
from powerup.integrations.slack.bot import BotIdentity, Posted, SlackBot
from powerup.integrations.slack.errors import WORDS
from powerup.sandbox.slack import SlackDouble, SlackOptions, create_slack

POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1", "localhost"), retry_pause=0.01)
TOKEN = "xoxb-1-secret"
HELLO = Message("hello", (section("hello"),))


@pytest.fixture(name="http")
def a_client() -> Iterator[HttpClient]:
    with HttpClient(POLICY, vendor="Slack") as http:
        yield http


@pytest.fixture(name="bot")
def a_bot(http: HttpClient, httpserver: HTTPServer) -> SlackBot:
    return SlackBot(http, TOKEN, base_url=httpserver.url_for("/api/"))


@pytest.fixture(name="double")
def a_double() -> Iterator[SlackDouble]:
    with create_slack() as double:
        yield double


def says(httpserver: HTTPServer, body: object, **more: Any) -> None:
    httpserver.expect_request("/api/chat.postMessage").respond_with_json(body, **more)


def test_a_message_is_posted_and_changed(http: HttpClient, double: SlackDouble) -> None:
    bot = SlackBot(http, double.bot_token, base_url=double.api_url)
    posted = bot.post("#triage", HELLO)
    assert posted == Posted(double.channel_id("triage"), double.messages[0]["ts"])
    assert bot.update(posted, Message("taken")) == posted
    (message,) = double.messages_in("triage")
    assert (message["text"], message["blocks"]) == ("taken", [])
    assert bot.post(posted.channel, HELLO).ts != posted.ts


def test_the_token_says_whom_it_speaks_for(http: HttpClient, double: SlackDouble) -> None:
    assert SlackBot(http, f" {double.bot_token}\n", base_url=double.api_url).whoami() == BotIdentity(
        "T0SANDBOX", "Acme", "U0CLOSELOOP", "B0CLOSELOOP", frozenset({"chat:write", "chat:write.public", "incoming-webhook"})
    )


def test_the_request_is_as_slack_wants_it(bot: SlackBot, httpserver: HTTPServer) -> None:
    says(httpserver, {"ok": True, "channel": "C1", "ts": "1.2"})
    assert bot.post("#triage", HELLO) == Posted("C1", "1.2")
    request, _ = httpserver.log[0]
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.content_type == "application/json"
    body = json.loads(request.get_data())
    assert (body["channel"], body["text"], body["unfurl_links"], len(body["blocks"])) == ("#triage", "hello", False, 1)


@pytest.mark.parametrize(
    ("word", "error", "permanent", "reconnect", "words"),
    [
        ("not_authed", CredentialsRefusedError, True, True, "bot token"),
        ("invalid_auth", CredentialsRefusedError, True, True, "does not accept the bot token"),
        ("token_revoked", CredentialsRefusedError, True, True, "revoked"),
        ("token_expired", CredentialsRefusedError, True, True, "expired"),
        ("account_inactive", CredentialsRefusedError, True, True, "removed"),
        ("not_allowed_token_type", CredentialsRefusedError, True, True, "xoxb-"),
        ("missing_scope", NotPermittedError, True, True, r"\(chat:write\)"),
        ("no_permission", NotPermittedError, True, False, "#triage"),
        ("access_denied", NotPermittedError, True, False, "#triage"),
        ("channel_not_found", GoneError, True, False, "the channel #triage.*/invite"),
        ("not_in_channel", NotPermittedError, True, False, "#triage.*chat:write.public"),
        ("is_archived", GoneError, True, False, "#triage is archived"),
        ("restricted_action", NotPermittedError, True, False, "forbid.*#triage.*administrator"),
        ("restricted_action_read_only_channel", NotPermittedError, True, False, "administrator"),
        ("restricted_action_thread_only_channel", NotPermittedError, True, False, "administrator"),
        ("ekm_access_denied", NotPermittedError, True, False, "administrator"),
        ("accesslimited", NotPermittedError, True, False, "administrator"),
        ("enterprise_is_restricted", NotPermittedError, True, False, "administrator"),
        ("team_access_not_granted", NotPermittedError, True, False, "administrator"),
        ("message_not_found", GoneError, True, False, "not there any more"),
        ("cant_update_message", GoneError, True, False, "change it"),
        ("edit_window_closed", GoneError, True, False, "change it"),
        ("msg_too_long", RejectedError, True, False, "too long"),
        ("msg_blocks_too_long", RejectedError, True, False, "layout"),
        ("invalid_blocks", RejectedError, True, False, "layout"),
        ("invalid_blocks_format", RejectedError, True, False, "layout"),
        ("no_text", RejectedError, True, False, "empty"),
        ("ratelimited", RateLimitedError, False, False, "slow down"),
        ("rate_limited", RateLimitedError, False, False, "slow down"),
        ("message_limit_exceeded", RateLimitedError, False, False, "slow down"),
        ("internal_error", VendorBrokenError, False, False, "trouble"),
        ("fatal_error", VendorBrokenError, False, False, "trouble"),
        ("service_unavailable", VendorBrokenError, False, False, "trouble"),
        ("request_timeout", VendorBrokenError, False, False, "trouble"),
        ("team_added_to_org", VendorBrokenError, False, False, "Enterprise"),
        ("org_login_required", VendorBrokenError, False, False, "Enterprise"),
        ("something_new", RejectedError, True, False, r"\(something_new\)"),
        ("<b>\nx", RejectedError, True, False, r"\(bx\)"),
        ("", RejectedError, True, False, "no reason"),
    ],
)
def test_slacks_words_become_plain_ones(
    bot: SlackBot, httpserver: HTTPServer, word: str, error: type[IntegrationError], permanent: bool, reconnect: bool, words: str
) -> None:
    says(httpserver, {"ok": False, "error": word, "needed": "chat:write"})
    with pytest.raises(error, match=words) as caught:
        bot.post("#triage", HELLO)
    assert type(caught.value) is error
    assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (permanent, reconnect, Code.unavailable)
    assert caught.value.retry_after == (1.0 if error is RateLimitedError else None)
    assert TOKEN not in caught.value.detail
    assert "{" not in caught.value.detail
    assert len(httpserver.log) == 1


def test_each_word_that_has_a_text_is_tried_above() -> None:
    marks: Any = test_slacks_words_become_plain_ones
    tried = {row[0] for row in marks.pytestmark[0].args[1]}
    assert tried >= WORDS


@pytest.mark.parametrize(("header", "wait"), [({"Retry-After": "30"}, 30.0), ({"Retry-After": "0"}, 1.0), ({}, 1.0)])
def test_slacks_pace_is_kept(bot: SlackBot, httpserver: HTTPServer, header: dict[str, str], wait: float) -> None:
    says(httpserver, {"ok": False, "error": "ratelimited"}, status=429, headers=header)
    with pytest.raises(RateLimitedError) as caught:
        bot.post("#triage", HELLO)
    assert (caught.value.retry_after, caught.value.permanent, caught.value.http_status) == (wait, False, 429)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<html>Sign in to the hotel's wifi</html>", 200),
        ("", 200),
        ("[]", 200),
        ('{"ok": "yes"}', 200),
        ('{"channel": "C1", "ts": "1"}', 200),
        ('{"ok": true, "channel": "C1"}', 200),
        ('{"ok": true, "channel": 5, "ts": "1"}', 200),
        ('{"ok": false, "error": {"no": "word"}}', 200),
        ("down", 503),
    ],
)
def test_nonsense_is_worth_another_try(bot: SlackBot, httpserver: HTTPServer, body: str, status: int) -> None:
    httpserver.expect_request("/api/chat.postMessage").respond_with_data(body, status=status)
    with pytest.raises(VendorBrokenError) as caught:
        bot.post("#triage", HELLO)
    assert (caught.value.permanent, caught.value.code) == (False, Code.unavailable)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("token", ["", "xoxp-1-person", "xoxb", "hello"])
def test_what_is_no_bot_token_is_not_sent(http: HttpClient, httpserver: HTTPServer, token: str) -> None:
    with pytest.raises(CredentialsRefusedError, match="xoxb-") as caught:
        SlackBot(http, token, base_url=httpserver.url_for("/api")).whoami()
    assert (caught.value.sent, caught.value.reconnect) == (False, True)
    assert httpserver.log == []


def test_an_unreachable_slack_was_certainly_not_told(http: HttpClient) -> None:
    with pytest.raises(UnreachableError) as caught:
        SlackBot(http, TOKEN, base_url="http://127.0.0.1:9/api").post("#x", HELLO)
    assert (caught.value.sent, caught.value.code) == (False, Code.unavailable)


def test_the_doubles_channels_refuse_as_slacks_do(http: HttpClient, double: SlackDouble) -> None:
    bot = SlackBot(http, double.bot_token, base_url=double.api_url)
    posted = bot.post("#triage", HELLO)
    for state, error in (("archived", GoneError), ("gone", GoneError), ("not_joined", NotPermittedError)):
        double.set_state("triage", state)
        with pytest.raises(error):
            bot.post("#triage", HELLO)
    double.set_state("triage", "active")
    for place in (Posted("#triage", posted.ts), Posted(posted.channel, "1.0")):
        with pytest.raises(GoneError):
            bot.update(place, HELLO)
    with pytest.raises(CredentialsRefusedError):
        SlackBot(http, "xoxb-other", base_url=double.api_url).whoami()


def test_an_app_without_the_scope_is_told_which(http: HttpClient) -> None:
    with create_slack(options=SlackOptions(scopes=("incoming-webhook",))) as double:
        bot = SlackBot(http, double.bot_token, base_url=double.api_url)
        with pytest.raises(NotPermittedError, match="chat:write"):
            bot.post("#triage", HELLO)
        assert bot.whoami().scopes == {"incoming-webhook"}
