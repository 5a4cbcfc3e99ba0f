"""The Slack double: what it takes, what it refuses, what it shows."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from powerup.sandbox.slack import SlackDouble, create_slack

TIMEOUT = 10.0


@pytest.fixture(name="slack")
def a_slack() -> Iterator[SlackDouble]:
    with create_slack() as made:
        yield made


def post(slack: SlackDouble, body: Any) -> tuple[int, str]:
    answer = requests.post(slack.webhook_url, json=body, timeout=TIMEOUT)
    return answer.status_code, answer.text


def words(text: str, kind: str = "mrkdwn") -> dict[str, str]:
    return {"type": kind, "text": text}


def button(url: str, **more: str) -> dict[str, Any]:
    return {"type": "button", "text": words("Open", "plain_text"), "url": url, **more}


def test_a_message_is_taken_with_a_plain_ok(slack: SlackDouble) -> None:
    assert post(slack, {"text": "Hello"}) == (200, "ok")
    assert [(one["number"], one["text"]) for one in slack.messages] == [(1, "Hello")]
    form = requests.post(slack.webhook_url, data={"payload": '{"text": "As a form"}'}, timeout=TIMEOUT)
    assert form.text == "ok"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ([], "invalid_payload"),
        ({"text": 5}, "invalid_payload"),
        ({"blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": words("x", "mrkdwn")}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": words("x" * 151, "plain_text")}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": words("x" * 3001)}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "actions", "elements": []}]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ],
)
def test_a_bad_payload_is_refused_with_slacks_word(slack: SlackDouble, body: Any, word: str) -> None:
    assert post(slack, body) == (400, word)
    assert slack.messages == []


def test_something_that_is_no_json_is_an_invalid_payload(slack: SlackDouble) -> None:
    answer = requests.post(slack.webhook_url, data=b"hello", timeout=TIMEOUT)
    assert (answer.status_code, answer.text) == (400, "invalid_payload")


def test_an_unknown_removed_or_archived_webhook_says_so(slack: SlackDouble) -> None:
    unknown = requests.post(f"{slack.url}/services/T1/B1/nope", json={"text": "x"}, timeout=TIMEOUT)
    assert (unknown.status_code, unknown.text) == (404, "no_service")
    for state, expected in (("archived", (410, "channel_is_archived")), ("gone", (404, "no_service")), ("active", (200, "ok"))):
        requests.put(f"{slack.url}/sandbox/webhook", json={"state": state}, timeout=TIMEOUT)
        assert post(slack, {"text": "x"}) == expected


def test_faults_strike_the_webhook_only(slack: SlackDouble) -> None:
    requests.post(f"{slack.url}/sandbox/faults", json={"fail_every": 1, "status": 429, "retry_after": 7}, timeout=TIMEOUT)
    answer = requests.post(slack.webhook_url, json={"text": "x"}, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert requests.get(slack.url, timeout=TIMEOUT).status_code == 200
    report = requests.get(f"{slack.url}/sandbox/requests", timeout=TIMEOUT).json()
    assert report["requests"] == [{"method": "POST", "path": "/services/…", "status": 429, "count": 1}]


def test_the_page_shows_blocks_safely(slack: SlackDouble) -> None:
    said = words("*Mei* says <https://forum.test/t/1?a=1&b=2|it & that> <img src=x>")
    blocks = [
        {"type": "header", "text": words("New <b>thread</b>", "plain_text")},
        {"type": "section", "text": said, "fields": [words("_late_")]},
        {"type": "divider"},
        {"type": "context", "elements": [words("`code` ~old~ <javascript:alert(1)|x>")]},
        {"type": "actions", "elements": [button("https://board.test/c/1", style="primary"), button("javascript:alert(1)")]},
    ]
    assert post(slack, {"text": "fallback", "blocks": blocks}) == (200, "ok")
    page = requests.get(slack.url, timeout=TIMEOUT)
    for expected in (
        "<h2>New &lt;b&gt;thread&lt;/b&gt;</h2>",
        "<strong>Mei</strong>",
        '<a href="https://forum.test/t/1?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">it &amp; that</a> &lt;img src=x&gt;',
        "<em>late</em>",
        "<code>code</code> <s>old</s> &lt;javascript:alert(1)|x&gt;",
        'class="button primary" href="https://board.test/c/1"',
    ):
        assert expected in page.text
    assert 'href="javascript:' not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for path in ("/files/channel.js", "/files/channel.css"):
        assert requests.get(slack.url + path, timeout=TIMEOUT).status_code == 200


def test_an_empty_channel_explains_itself(slack: SlackDouble) -> None:
    assert "No messages yet" in requests.get(slack.url, timeout=TIMEOUT).text


def test_the_page_waits_for_news(slack: SlackDouble) -> None:
    heard: list[Any] = []

    def listen() -> None:
        heard.append(requests.get(f"{slack.url}/sandbox/messages", params={"since": "0", "wait": "8"}, timeout=TIMEOUT).json())

    waiting = threading.Thread(target=listen)
    waiting.start()
    post(slack, {"text": "News"})
    waiting.join(TIMEOUT)
    assert (heard[0]["latest"], heard[0]["messages"][0]["shown"][0]["html"]) == (1, "News")
    assert slack.wait_for(1)[0]["text"] == "News"


def test_a_reset_empties_the_channel(slack: SlackDouble) -> None:
    post(slack, {"text": "x"})
    assert requests.post(f"{slack.url}/sandbox/reset", timeout=TIMEOUT).json() == {"messages": [], "latest": 0}
    assert slack.messages == []


def test_a_webhook_address_has_three_parts() -> None:
    with pytest.raises(ValueError, match="three words"):
        create_slack(hook="../../etc")
