"""An alert as Slack shows it: with an app's buttons, and without an app."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.alerts import Alert, AlertAction
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.client import SlackWebhook
from powerup.sandbox.slack import SlackDouble, create_slack

ALERT = Alert(
    title="Outage: sign-in <fails>",
    lines=["Five customers wrote & wait", "Second"],
    facts=[("Impact", "outage"), ("Since", "08:12")],
    links=[("The card", "https://trello.com/c/x"), ("Evil", "javascript:alert(1)")],
    actions=[AlertAction("I am on it", "take", "card:7", "primary"), AlertAction("No outage", "dismiss")],
    footer="5 threads",
)


@pytest.fixture(name="double", scope="module")
def a_double() -> Iterator[SlackDouble]:
    with create_slack() as double:
        yield double


def test_with_an_app_there_are_buttons() -> None:
    shown = slack_message(ALERT, buttons=True).payload()
    assert [block["type"] for block in shown["blocks"]] == ["header", "section", "section", "section", "actions", "context"]
    assert shown["text"] == "Outage: sign-in &lt;fails&gt;"
    buttons = shown["blocks"][4]["elements"]
    assert [(each["action_id"], each.get("value"), each.get("url"), each.get("style")) for each in buttons] == [
        ("take", "card:7", None, "primary"),
        ("dismiss", None, None, None),
        ("closeloop.link.2", None, "https://trello.com/c/x", None),
    ]


def test_without_an_app_links_are_words_and_actions_are_left_out() -> None:
    shown = slack_message(ALERT, buttons=False).payload()["blocks"]
    assert [block["type"] for block in shown] == ["header", "section", "section", "section", "section", "context"]
    assert shown[4]["text"]["text"] == "<https://trello.com/c/x|The card>  ·  Evil"
    assert "take" not in json.dumps(shown)


@pytest.mark.parametrize("lines", [[], ["  "], ["<!channel> x"], ["y" * 5000]])
@pytest.mark.parametrize("buttons", [True, False])
def test_an_urgent_alert_mentions_the_channel_once(lines: list[str], buttons: bool) -> None:
    shown = json.dumps(slack_message(Alert("x", lines=lines, urgent=True), buttons=buttons).payload())
    assert shown.count("<!channel>") == 1
    assert "<!" not in json.dumps(slack_message(Alert("x", lines=lines), buttons=buttons).payload())


def test_the_least_alert_is_a_title() -> None:
    for buttons in (True, False):
        assert [block["type"] for block in slack_message(Alert("x"), buttons=buttons).blocks] == ["header"]


def test_too_much_is_cut_and_counted(double: SlackDouble) -> None:
    alert = Alert(
        title="t" * 500,
        lines=["<l>" * 3000] * 60,
        facts=[("f" * 500, "👋" * 3000)] * 60,
        links=[("k" * 300, f"https://x.org/{number}") for number in range(60)],
        actions=[AlertAction("a" * 200, f"a{number}", "v" * 2000) for number in range(60)],
        urgent=True,
        footer="z" * 5000,
    )
    policy = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1",))
    with HttpClient(policy, vendor="Slack", hide_paths=True) as http:
        for buttons in (True, False):
            message = slack_message(alert, buttons=buttons)
            assert "and 40 more" in json.dumps(message.payload())
            SlackWebhook(http, policy.private_hosts).post(double.webhook_url, message)


foreign = st.text(alphabet="ab <>&*_~`|!@#\n👋", max_size=60)


@given(foreign, st.lists(foreign, max_size=3), st.lists(st.tuples(foreign, foreign), max_size=3), st.booleans())
def test_foreign_text_never_marks_up(title: str, lines: list[str], facts: list[tuple[str, str]], buttons: bool) -> None:
    alert = Alert(title, lines=lines, facts=facts, links=[(title, "https://x.org")], footer=title)
    shown = json.dumps(slack_message(alert, buttons=buttons).payload(), ensure_ascii=False)
    assert shown.replace("<https://x.org|", "").count("<") == 0
