"""The channel page of the Slack double in a real browser."""

from collections.abc import Callable

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Page, expect

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
