"""The channel page of the Slack double in a real browser."""

from collections.abc import Callable

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from powerup import clock
from powerup.integrations.alerts import Alert, AlertAction
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.msteams.client import TeamsWebhook
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.blocks import Message, section
from powerup.integrations.slack.bot import SlackBot
from powerup.integrations.slack.client import SlackWebhook
from powerup.integrations.slack.interactions import parse
from powerup.integrations.slack.signing import verify
from powerup.sandbox.slack import create_slack

BLOCKS = [
    {"type": "header", "text": {"type": "plain_text", "text": "Waiting on us"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Mei* wrote on <https://forum.test/t/1|the forum>"}},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Inbox on *Support*"}]},
    {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Open card"}, "url": "https://board.test/c/1"}],
    },
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_message_shows_up_by_itself(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    with create_slack() as slack:
        page.goto(slack.url)
        expect(page.get_by_text("No messages yet")).to_be_visible()
        requests.post(slack.webhook_url, json={"text": "Waiting on us", "blocks": BLOCKS}, timeout=10)
        expect(page.get_by_role("heading", name="Waiting on us")).to_be_visible()
        expect(page.get_by_role("link", name="Open card")).to_have_attribute("href", "https://board.test/c/1")
        expect(page.get_by_text("No messages yet")).to_be_hidden()
        requests.post(slack.webhook_url, json={"text": "Second"}, timeout=10)
        expect(page.get_by_text("Second")).to_be_visible()
        assert Axe().run(page).violations_count == 0
        page.close()


ALERT = Alert(
    "Outage",
    ["Five customers wait"],
    actions=[AlertAction("I am on it", "take", "card:7", "primary")],
    links=[("Open card", "https://board.test/c/1")],
    urgent=True,
)


def test_a_click_is_signed_and_its_answer_replaces_the_message(open_page: Callable[..., Page], httpserver: HTTPServer) -> None:
    page, policy = open_page(), HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1",))
    with create_slack() as slack, HttpClient(policy, vendor="Slack", hide_paths=True) as http:

        def closeloop(request: Request) -> Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            verify(slack.signing_secret, headers, request.get_data(), now=clock.now())
            click = parse(request.get_data())
            hook = SlackWebhook(http, policy.private_hosts)
            taken = Message("x", (section(raw=f"Taken by <@{click.user_id}>: {click.value}"),))
            hook.respond(click.response_url, taken, replace=True, ephemeral=False)
            hook.respond(click.response_url, Message("The card is yours"), replace=False, ephemeral=True)
            return Response()

        httpserver.expect_request("/interactions").respond_with_handler(closeloop)
        slack.request_url = httpserver.url_for("/interactions")
        SlackBot(http, slack.bot_token, base_url=slack.api_url).post("#deployments", slack_message(ALERT, buttons=True))
        page.goto(slack.url)
        expect(page.locator("mark.mention")).to_have_text("@channel")
        page.get_by_label("You are").select_option("Noor Haddad")
        page.get_by_role("button", name="I am on it").click()
        expect(page.locator("#m1")).to_contain_text("Taken by @Noor Haddad: card:7")
        expect(page.get_by_role("button", name="I am on it")).to_have_count(0)
        expect(page.get_by_text("The card is yours")).to_be_visible()
        expect(page.get_by_text("Only visible to you")).to_be_visible()
        page.get_by_label("You are").select_option("Ben Lindqvist")
        expect(page.get_by_text("The card is yours")).to_be_hidden()
        assert Axe().run(page).violations_count == 0
        page.close()


def test_a_click_that_nobody_answers_is_warned_of_and_keeps_its_place(open_page: Callable[..., Page]) -> None:
    page = open_page()
    with create_slack() as slack:
        slack.request_url = "http://127.0.0.1:9/"
        requests.post(slack.webhook_url, json=slack_message(ALERT, buttons=True).payload(), timeout=10)
        page.goto(slack.url)
        page.get_by_role("button", name="I am on it").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("did not answer")
        expect(page.get_by_role("button", name="I am on it")).to_be_focused()
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_other_channels_count_what_was_not_read(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    policy = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1",))
    with create_slack() as slack, HttpClient(policy, vendor="Teams", hide_paths=True) as http:
        page.goto(slack.url)
        for text in ("one", "two"):
            requests.post(slack.webhook_url_of("triage"), json={"text": text}, timeout=10)
        TeamsWebhook(http, policy.private_hosts).post(slack.teams_url, ALERT)
        expect(page.get_by_label("2 unread")).to_be_visible()
        expect(page.get_by_label("1 unread")).to_be_visible()
        page.get_by_role("link", name="triage").click()
        expect(page.get_by_text("two")).to_be_visible()
        expect(page.get_by_label("2 unread")).to_have_count(0)
        page.get_by_role("link", name="Operations").click()
        expect(page.get_by_text("Five customers wait")).to_be_visible()
        expect(page.get_by_role("link", name="Open card")).to_have_attribute("href", "https://board.test/c/1")
        assert Axe().run(page).violations_count == 0
        page.close()


def test_a_reset_empties_an_open_page(open_page: Callable[..., Page]) -> None:
    page = open_page()
    with create_slack() as slack:
        requests.post(slack.webhook_url, json={"text": "Hello"}, timeout=10)
        page.goto(slack.url)
        expect(page.get_by_text("Hello")).to_be_visible()
        slack.reset()
        expect(page.get_by_text("No messages yet")).to_be_visible()
        requests.post(slack.webhook_url, json={"text": "Again"}, timeout=10)
        expect(page.get_by_text("Again")).to_be_visible()
        page.close()
