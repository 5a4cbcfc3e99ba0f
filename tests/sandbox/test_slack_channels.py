"""The Slack double's channels: an incoming webhook each, a Web API for all of them, and Teams beside them."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from powerup.sandbox.slack import SlackDouble, SlackOptions, SlackUser, create_slack

TIMEOUT = 10.0


@pytest.fixture(name="slack")
def a_slack() -> Iterator[SlackDouble]:
    with create_slack() as made:
        yield made


def call(slack: SlackDouble, method: str, body: Any, token: str | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {slack.bot_token if token is None else token}"}
    answer = requests.post(f"{slack.api_url}/{method}", json=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 200
    return dict(answer.json())


def card(**more: Any) -> dict[str, Any]:
    content = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": "Hello"}], **more}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}],
    }


def test_each_channel_has_its_webhook(slack: SlackDouble) -> None:
    for name in ("deployments", "web-and-api", "triage"):
        assert requests.post(slack.webhook_url_of(name), json={"text": name}, timeout=TIMEOUT).text == "ok"
    assert slack.webhook_url_of("deployments") == slack.webhook_url
    assert [one["text"] for one in slack.messages] == ["deployments", "web-and-api", "triage"]
    assert [one["text"] for one in slack.messages_in("#triage")] == ["triage"]
    assert len({one["ts"] for one in slack.messages}) == 3
    with pytest.raises(KeyError):
        slack.webhook_url_of("nowhere")


def test_the_first_channel_may_be_named() -> None:
    assert create_slack(channel="support").options.channels == ("support", "deployments", "web-and-api", "triage")
    assert create_slack(channel="triage").options.channels == ("triage", "deployments", "web-and-api")
    assert create_slack(channels=("one",)).channel == "one"
    assert create_slack(options=SlackOptions(users=(SlackUser("U1", "Zoë Q"),))).options.users[0].handle == "zoë.q"


def test_a_channel_can_be_closed_by_itself(slack: SlackDouble) -> None:
    put = requests.put(f"{slack.url}/sandbox/webhook", json={"state": "archived", "channel": "triage"}, timeout=TIMEOUT)
    assert put.json() == {"state": "archived"}
    assert requests.post(slack.webhook_url_of("triage"), json={"text": "x"}, timeout=TIMEOUT).status_code == 410
    assert requests.post(slack.webhook_url, json={"text": "x"}, timeout=TIMEOUT).status_code == 200
    wrongs: list[Any] = [{"state": "odd"}, {"state": "active", "channel": "nowhere"}, []]
    for wrong in wrongs:
        assert requests.put(f"{slack.url}/sandbox/webhook", json=wrong, timeout=TIMEOUT).status_code == 400


def test_the_app_posts_by_name_and_by_id(slack: SlackDouble) -> None:
    by_name = call(slack, "chat.postMessage", {"channel": "#triage", "text": "one"})
    by_id = call(slack, "chat.postMessage", {"channel": by_name["channel"], "text": "two"})
    assert (by_name["ok"], by_id["channel"], by_id["message"]["text"]) == (True, slack.channel_id("triage"), "two")
    changed = call(slack, "chat.update", {"channel": by_name["channel"], "ts": by_name["ts"], "text": "changed"})
    assert changed["ok"]
    assert [one["text"] for one in slack.messages_in("triage")] == ["changed", "two"]


@pytest.mark.parametrize(
    ("method", "body", "word"),
    [
        ("chat.postMessage", {"channel": "#nowhere", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "M0SANDBOX1", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", [], "channel_not_found"),
        ("chat.postMessage", {"channel": "#triage"}, "no_text"),
        ("chat.postMessage", {"channel": "#triage", "blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ("chat.update", {"channel": "#triage", "ts": "1.0", "text": "x"}, "channel_not_found"),
        ("chat.update", {"channel": "C0SANDBOX3", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("chat.delete", {}, "unknown_method"),
    ],
)
def test_the_api_refuses_with_slacks_words(slack: SlackDouble, method: str, body: Any, word: str) -> None:
    answer = call(slack, method, body)
    assert (answer["ok"], answer["error"]) == (False, word)


def test_the_api_wants_its_token(slack: SlackDouble) -> None:
    assert call(slack, "auth.test", {}, token="")["error"] == "not_authed"
    assert call(slack, "auth.test", {}, token="xoxb-other")["error"] == "invalid_auth"
    assert call(slack, "auth.test", {})["team"] == "Acme"


def test_what_a_webhook_posted_the_app_cannot_change(slack: SlackDouble) -> None:
    requests.post(slack.webhook_url, json={"text": "x"}, timeout=TIMEOUT)
    message = slack.messages[0]
    assert call(slack, "chat.update", {"channel": message["channel"], "ts": message["ts"], "text": "y"})["error"] == "cant_update_message"


def test_blocks_that_are_not_sent_stay(slack: SlackDouble) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]
    posted = call(slack, "chat.postMessage", {"channel": "#triage", "text": "x", "blocks": blocks})
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    call(slack, "chat.update", {**place, "text": "y"})
    assert slack.messages[0]["blocks"] == blocks
    call(slack, "chat.update", {**place, "text": "y", "blocks": []})
    assert slack.messages[0]["blocks"] == []


@pytest.mark.parametrize(
    "element",
    [
        {"action_id": "a" * 256},
        {"value": "v" * 2001},
        {"style": "loud"},
        {"url": "https://x.org/" + "y" * 3000},
    ],
)
def test_a_button_beyond_slacks_limits_is_refused(slack: SlackDouble, element: dict[str, str]) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, **element}
    answer = requests.post(slack.webhook_url, json={"blocks": [{"type": "actions", "elements": [button]}]}, timeout=TIMEOUT)
    assert answer.text == "invalid_blocks"


def test_two_buttons_of_one_id_are_refused(slack: SlackDouble) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "a"}
    answer = requests.post(slack.webhook_url, json={"blocks": [{"type": "actions", "elements": [button, button]}]}, timeout=TIMEOUT)
    assert answer.text == "invalid_blocks"


def test_mentions_are_drawn_and_escaped_ones_are_not(slack: SlackDouble) -> None:
    text = "<!channel> <!here> <@U0BEN00001> <@U9> &lt;!channel&gt; &amp;amp; <!evil>"
    requests.post(slack.webhook_url, json={"text": text}, timeout=TIMEOUT)
    page = requests.get(slack.url, timeout=TIMEOUT).text
    for expected in ("@channel", "@here", "@Ben Lindqvist", "@U9"):
        assert page.count(f'<mark class="mention">{expected}</mark>') == 1
    assert "&lt;!channel&gt; &amp;amp; &lt;!evil&gt;" in page


def test_a_page_for_each_channel(slack: SlackDouble) -> None:
    requests.post(slack.webhook_url_of("triage"), json={"text": "only here"}, timeout=TIMEOUT)
    for path, title in (
        ("/channels/triage", "# triage"),
        ("/channels/C0SANDBOX2", "# web-and-api"),
        ("/channels/M0SANDBOX1", "Teams: Ope"),
    ):
        page = requests.get(slack.url + path, timeout=TIMEOUT)
        assert title in page.text
        assert ("only here" in page.text) == (path == "/channels/triage")
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert requests.get(f"{slack.url}/channels/nowhere", timeout=TIMEOUT).status_code == 404


def test_teams_takes_a_card_and_draws_it(slack: SlackDouble) -> None:
    body = [
        {
            "type": "TextBlock",
            "text": "**Out** _now_ \\*x\\* <b>\n\n[evil](javascript:alert(1)) [ok](https://x.org?a=1&b=2)",
            "size": "Large",
        },
        {"type": "FactSet", "facts": [{"title": "Impact", "value": "<i>"}]},
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": "Open <it>", "url": "https://board.test/c/1"},
        {"type": "Action.OpenUrl", "title": "Evil", "url": "javascript:alert(1)"},
        {"type": "Action.Submit", "title": "Dead"},
    ]
    answer = requests.post(slack.teams_url, json=card(body=body, actions=actions), timeout=TIMEOUT)
    assert (answer.status_code, answer.content) == (202, b"")
    page = requests.get(f"{slack.url}/channels/M0SANDBOX1", timeout=TIMEOUT).text
    for expected in (
        "<strong>Out</strong> <em>now</em> *x* &lt;b&gt;<br>[evil](javascript:alert(1))",
        '<a href="https://x.org?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">ok</a>',
        "<dt>Impact</dt><dd>&lt;i&gt;</dd>",
        'href="https://board.test/c/1" target="_blank" rel="noopener noreferrer">Open &lt;it&gt;</a>',
    ):
        assert expected in page
    assert "Dead" not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"text": "x"},
        {"type": "message", "attachments": []},
        {"type": "message", "attachments": [{"contentType": "text/html", "contentUrl": None, "content": {}}]},
        {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}]},
        card(version=1.4),
        card(type="MessageCard"),
        card(body="x"),
        card(body=[{"type": "Hologram"}]),
        card(actions=[{"type": "Action.OpenUrl"}]),
    ],
)
def test_teams_refuses_what_is_no_card(slack: SlackDouble, body: Any) -> None:
    answer = requests.post(slack.teams_url, json=body, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")
    assert slack.messages == []


def test_a_card_that_is_too_long_is_taken_and_fails_afterwards(slack: SlackDouble) -> None:
    long = card(body=[{"type": "TextBlock", "text": "x" * 25_000}])
    assert requests.post(slack.teams_url, json=long, timeout=TIMEOUT).status_code == 202
    assert slack.messages[0]["card"] == {}
    assert "MessageSizeExceeded" in requests.get(f"{slack.url}/channels/M0SANDBOX1", timeout=TIMEOUT).text


def test_a_workflow_that_is_off_or_gone_says_so(slack: SlackDouble) -> None:
    requests.put(f"{slack.url}/sandbox/webhook", json={"state": "gone", "channel": "M0SANDBOX1"}, timeout=TIMEOUT)
    off = requests.post(slack.teams_url, json=card(), timeout=TIMEOUT)
    assert (off.status_code, off.json()["error"]["code"]) == (400, "WorkflowTriggerIsNotEnabled")
    unknown = requests.post(f"{slack.url}/teams/unknown", json=card(), timeout=TIMEOUT)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "WorkflowNotFound")
