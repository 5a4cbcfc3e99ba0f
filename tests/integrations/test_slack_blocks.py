"""Slack messages: foreign text stays text, and nothing is longer than Slack takes."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.slack import blocks
from powerup.integrations.slack.blocks import (
    Button,
    Message,
    actions,
    button,
    context,
    divider,
    escape,
    facts,
    header,
    link,
    mention_channel,
    section,
)
from powerup.integrations.slack.client import SlackWebhook
from powerup.sandbox.slack import create_slack


def counted(text: str) -> int:
    """Characters as JavaScript counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_foreign_text_mentions_nobody() -> None:
    assert escape("<!channel> & <@U1> a>b") == "&lt;!channel&gt; &amp; &lt;@U1&gt; a&gt;b"
    assert escape("plain *text* stays") == "plain *text* stays"


@given(st.text(alphabet="ab<>&👋é", max_size=80), st.integers(min_value=1, max_value=60))
def test_cut_text_fits_and_ends_with_whole_characters(text: str, length: int) -> None:
    cut = escape(text, length)
    assert counted(cut) <= length
    whole = html.unescape(cut)
    assert whole == text or (whole.endswith("…") and text.startswith(whole[:-1]))
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", cut)


def test_links_have_words_of_their_own_and_lead_to_the_web_only() -> None:
    assert link("https://x.org/?a=1&b=2", "Runs | fail <now>") == "<https://x.org/?a=1&amp;b=2|Runs ¦ fail &lt;now&gt;>"
    assert link("https://x.org/|evil>", "x") == "<https://x.org/%7Cevil%3E|x>"
    assert link("javascript:alert(1)", "x") == "x"
    assert link("https://x.org/ a", "x") == "x"
    assert link("https://x.org", "") == "<https://x.org|link>"
    assert link("https://x.org", "two\nlines") == "<https://x.org|two lines>"


def test_blocks_are_cut_to_slacks_limits() -> None:
    long = "<&>👋" * 3000
    assert counted(header(long)["text"]["text"]) <= 150
    assert counted(section(long)["text"]["text"]) <= 3000
    assert len(section(fields=["x" * 3000] * 12)["fields"]) == 10
    assert all(counted(field["text"]) <= 2000 for field in section(fields=["x" * 3000] * 12)["fields"])
    assert "text" not in section(fields=["x"])
    assert len(context(*["x"] * 12)["elements"]) == 10
    assert counted(button(long, "https://x.org")["elements"][0]["text"]["text"]) <= 75
    assert button("x", "https://x.org/" + "y" * 3000)["type"] == "section"
    assert divider() == {"type": "divider"}


def test_buttons_carry_an_address_or_an_action() -> None:
    shown = actions(
        Button("Take <it>", action_id="take", value="card:7", style="primary"),
        Button("Open", url="https://x.org/?a=1&b=2"),
        Button("Nowhere"),
        Button("Evil", url="javascript:alert(1)"),
        Button("Long", url="https://x.org/" + "y" * 3000),
    )
    assert shown["elements"] == [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Take &lt;it&gt;", "emoji": False},
            "action_id": "take",
            "value": "card:7",
            "style": "primary",
        },
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Open", "emoji": False},
            "action_id": "closeloop.link.1",
            "url": "https://x.org/?a=1&b=2",
        },
    ]
    assert actions(Button("Nowhere"))["type"] == "section"
    assert len(actions(*(Button(str(number), action_id=f"a{number}") for number in range(30)))["elements"]) == 25


@pytest.mark.parametrize(
    "buttons",
    [
        [Button("x", action_id="a" * 256)],
        [Button("x", action_id="a", value="v" * 2001)],
        [Button("x", action_id="a"), Button("y", action_id="a")],
    ],
)
def test_a_button_that_slack_would_refuse_is_our_mistake(buttons: list[Button]) -> None:
    with pytest.raises(ValueError, match="action_id"):
        actions(*buttons)


def test_facts_stand_in_columns_and_stay_facts() -> None:
    shown = facts([("*Area*", "<!here> & more"), ("", ""), *[("x" * 500, "👋<" * 3000)] * 20])["fields"]
    assert len(shown) == 10
    assert shown[0]["text"] == "*∗Area∗*\n&lt;!here&gt; &amp; more"
    assert all(0 < counted(field["text"]) <= 2000 for field in shown)
    assert facts([])["type"] == "section"


def test_only_our_own_mention_mentions() -> None:
    assert section(raw=f"{mention_channel()} {escape('<!channel>')}")["text"]["text"] == "<!channel> &lt;!channel&gt;"


def test_no_text_is_ever_empty() -> None:
    assert header(" \n ")["text"]["text"] == " "
    assert section("")["text"]["text"] == " "
    assert context("")["elements"][0]["text"] == " "


@pytest.mark.parametrize("tail", ["<https://x.org|a link that is cut>", "&amp;"])
def test_raw_text_is_cut_before_a_link_or_an_escaped_character(tail: str) -> None:
    for gap in range(1, 40):
        shown = section(raw="x" * (3000 - gap) + tail)["text"]["text"]
        assert len(shown) <= 3000
        assert shown.endswith(("…", tail))
        assert re.fullmatch(r"x+(<[^<>]*>|&amp;)?…?", shown)


def test_of_many_blocks_the_first_are_shown_and_the_rest_counted() -> None:
    shown = Message("many", [section(str(number)) for number in range(60)]).payload()["blocks"]
    assert len(shown) == blocks.MOST_BLOCKS
    assert shown[-2]["text"]["text"] == "48"
    assert shown[-1]["elements"][0]["text"] == "… and 11 more."
    assert "blocks" not in Message("few").payload()


def test_the_sandboxs_slack_takes_and_shows_it() -> None:
    policy = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1",))
    with create_slack() as double, HttpClient(policy, vendor="Slack", hide_paths=True) as http:
        parts = (
            header("New: <runs fail> & more"),
            section("<!channel> hello", fields=["a", "b"]),
            section(raw=link("https://x.org/?a=1&b=2", "The thread")),
            context("small print"),
            divider(),
            button("Open the card", "https://trello.com/c/x"),
        )
        SlackWebhook(http, policy.private_hosts).post(double.webhook_url, Message("New thread", parts))
        (message,) = double.messages
    assert message["text"] == "New thread"
    assert len(message["blocks"]) == 6
