"""Words and colours of every state, and times as people say them."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
NOW = "2026-11-23T12:00:00.000Z"
NOTHING: dict[str, Any] = {"tickets": 1, "waiting_on": None, "waiting_since": None, "resolution": None, "failed": 0, "pending": 0}
CODE_FIX = {"type": "code_fix", "state": "marked"}
BADGES = "async (load, [card, now]) => (await load('lib/words.js')).badges(card, Date.parse(now)).map(({text, colour}) => [text, colour])"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"waiting_on": "us", "waiting_since": "2026-11-23T09:00:00Z"}, [["Waiting on us 3 h", "orange"]]),
        ({"waiting_on": "us", "waiting_since": "2026-11-21T09:00:00Z"}, [["Waiting on us 2 d", "red"]]),
        ({"waiting_on": "customer", "waiting_since": "2026-11-23T09:00:00Z"}, [["Waiting on customer", "sky"]]),
        ({}, [["Thread", "light-gray"]]),
        ({"tickets": 2, "waiting_on": "customer"}, [["Waiting on customer", "sky"], ["2 threads", "light-gray"]]),
        ({"failed": 1}, [["Sending failed", "red"], ["Thread", "light-gray"]]),
        ({"resolution": CODE_FIX, "pending": 1, "waiting_on": "customer"}, [["Code fix · telling customers", "lime"]]),
        ({"resolution": CODE_FIX}, [["Code fix · customers not told", "lime"]]),
        ({"resolution": {"type": "ui_change", "state": "shipped"}}, [["UI change · shipped", "lime"]]),
        ({"resolution": {"type": "docs", "state": "customers_told"}}, [["Docs · customers told", "green"]]),
        (
            {"resolution": {"type": "docs", "state": "came_back"}, "waiting_on": "us"},
            [["Docs · came back", "red"], ["Waiting on us", "orange"]],
        ),
        ({"tickets": 0}, []),
    ],
)
def test_badges_say_what_is(run: Run, facts: dict[str, Any], said: list[list[str]]) -> None:
    assert run(BADGES, [{**NOTHING, **facts}, NOW]) == said


@pytest.mark.parametrize(
    ("ago_minutes", "short", "relative"),
    [
        (0, "now", "just now"),
        (5, "5 min", "5 minutes ago"),
        (180, "3 h", "3 hours ago"),
        (60 * 24, "1 d", "yesterday"),
        (60 * 24 * 21, "3 wk", "3 weeks ago"),
    ],
)
def test_times_are_said_as_people_say_them(run: Run, ago_minutes: int, short: str, relative: str) -> None:
    said = run(
        """async (load, minutes) => {
          const { short, relative } = await load('lib/time.js');
          const now = Date.parse('2026-11-23T12:00:00Z');
          const iso = new Date(now - minutes * 60_000).toISOString();
          return [short(iso, now), relative(iso, now)];
        }""",
        ago_minutes,
    )
    assert said == [short, relative]


def test_every_state_of_a_delivery_has_its_words(run: Run) -> None:
    said = run("async (load) => { const words = await load('lib/words.js'); return [words.DELIVERY_STATES, words.DELIVERY_KINDS]; }")
    assert set(said[0]) == {"pending", "running", "done", "failed", "cancelled"}
    kinds = {"forum_reply", "forum_note", "forum_resolve", "trello_comment", "trello_attachment", "trello_card", "slack_alert"}
    assert kinds <= set(said[1])


def test_the_proposed_message_names_the_evidence(run: Run) -> None:
    url = "https://github.com/acme/app/pull/7"
    said = run(
        """async (load, url) => {
          const { messageFor } = await load('lib/words.js');
          return [messageFor('code_fix', url), messageFor('docs', '')];
        }""",
        url,
    )
    assert url in said[0]
    assert "{" not in said[1]
