"""An alert as Teams shows it: an adaptive card in which foreign text stays text and which is never too long."""

import json

from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.alerts import Alert, AlertAction
from powerup.integrations.msteams.cards import MOST_BYTES, envelope, plain, size, teams_card
from powerup.sandbox.slack.cards import check_card, markdown

ALERT = Alert(
    title="Outage: sign-in *fails*",
    lines=["Five customers [wait](https://evil.org)", " ", "- one\n- two"],
    facts=[("Impact", "outage"), ("Since", "08:12")],
    links=[("The  card", "https://trello.com/c/x"), ("Evil", "javascript:alert(1)")],
    actions=[AlertAction("I am on it", "take", "card:7")],
    urgent=True,
    footer="5 threads",
)


def test_a_card_has_all_that_teams_can_do() -> None:
    card = teams_card(ALERT)
    assert (card["type"], card["version"], card["msteams"]) == ("AdaptiveCard", "1.4", {"width": "Full"})
    assert [element["type"] for element in card["body"]] == ["TextBlock", "TextBlock", "TextBlock", "FactSet", "TextBlock"]
    assert card["body"][0]["color"] == "Attention"
    assert card["body"][0]["text"] == "Outage: sign-in \\*fails\\*"
    assert card["body"][1]["text"] == "Five customers \\[wait\\](https://evil.org)"
    assert card["body"][2]["text"] == "\\- one\n\n\\- two"
    assert card["body"][3]["facts"][0] == {"title": "Impact", "value": "outage"}
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "The card", "url": "https://trello.com/c/x"}]
    assert "take" not in json.dumps(card)


def test_the_body_is_what_the_workflow_expects() -> None:
    assert envelope({"type": "AdaptiveCard"}) == {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": {"type": "AdaptiveCard"}}
        ],
    }


def test_the_least_alert_is_a_title() -> None:
    card = teams_card(Alert("x"))
    assert [element["text"] for element in card["body"]] == ["x"]
    assert "color" not in card["body"][0]
    assert "actions" not in card
    assert teams_card(Alert(""))["body"][0]["text"] == " "


def test_a_long_alert_still_fits() -> None:
    long = "👋\\*<&\n" * 2000
    alert = Alert(
        long, [long] * 60, [(long, long)] * 60, [(long, f"https://x.org/{number}") for number in range(60)], urgent=True, footer=long
    )
    card = teams_card(alert)
    assert size(card) <= MOST_BYTES
    assert len(card["actions"]) == 6
    assert len(card["actions"][0]["title"]) <= 60
    assert "and 40 more" in json.dumps(card)


def test_a_cut_text_is_cut_only_as_far_as_it_must() -> None:
    assert plain("x" * 3000) == "x" * 1999 + "…"
    assert plain("short") == "short"
    assert plain("1. a\n 2) b\n3.5") == "1\\. a\n\n 2\\) b\n\n3\\.5"


@given(st.text(alphabet="ab *_[]()\\`~<>&#-+1.\n👋", max_size=120))
def test_foreign_text_is_shown_as_it_is(text: str) -> None:
    """The double reads Markdown as Teams does; nothing but the ends of lines may have become mark-up."""
    shown = markdown(plain(text)).replace("<br>", "\n").unescape()
    assert shown.split() == text.split()


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_makes_a_card_that_is_taken(title: str, lines: list[str]) -> None:
    body = json.loads(json.dumps(envelope(teams_card(Alert(title, lines, [(title, title)], [(title, "https://x.org")])))))
    assert check_card(body)["version"] == "1.4"
