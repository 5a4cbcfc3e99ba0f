"""Words and colours of every state, and times as people say them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from api.v1.shapes.deliveries import SUMMARIES
from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]
NOW = "2026-11-23T12:00:00.000Z"
NOTHING: dict[str, Any] = {"tickets": 1, "waiting_on": None, "waiting_since": None, "resolution": None, "failed": 0, "pending": 0}
SOON = {"warn_at": "2026-11-23T11:00:00Z", "due_at": "2026-11-23T12:40:00Z", "due_kind": "first_answer"}
OVER = {"warn_at": "2026-11-23T08:00:00Z", "due_at": "2026-11-23T10:00:00Z", "due_kind": "first_answer"}
CALM = {"warn_at": "2026-11-23T18:00:00Z", "due_at": "2026-11-23T20:00:00Z", "due_kind": "next_update"}
CODE_FIX = {"type": "code_fix", "state": "marked"}
BADGES = "async (load, [card, now]) => (await load('lib/words.js')).badges(card, Date.parse(now)).map(({text, colour}) => [text, colour])"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"waiting_on": "us", "waiting_since": "2026-11-23T09:00:00Z"}, [["Waiting on us 3 h", "orange"]]),
        ({"waiting_on": "us", "waiting_since": "2026-11-23T11:59:01Z"}, [["Waiting on us", "orange"]]),
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
        ({**CALM, "impact": "normal"}, [["Thread", "light-gray"]]),
        ({**SOON, "waiting_on": "us"}, [["Answer due in 40 min", "yellow"], ["Waiting on us", "orange"]]),
        ({**OVER, "waiting_on": "us"}, [["2 h over target: first answer", "red"], ["Waiting on us", "orange"]]),
        (
            {**OVER, "due_kind": "next_update", "impact": "high"},
            [["2 h over target: next update", "red"], ["High impact", "orange"], ["Thread", "light-gray"]],
        ),
        ({"impact": "outage", "outage": True, "failed": 1}, [["Outage", "red"], ["Sending failed", "red"], ["Thread", "light-gray"]]),
    ],
)
def test_badges_say_what_is(run: Run, facts: dict[str, Any], said: list[list[str]]) -> None:
    assert run(BADGES, [{**NOTHING, **facts}, NOW]) == said


@pytest.mark.parametrize(
    ("due", "state", "why"),
    [(CALM, "calm", "The target for the next update is"), (SOON, "soon", "first answer is"), (OVER, "over", "first answer was")],
)
def test_a_target_says_why_it_is_yellow_or_red(run: Run, due: dict[str, Any], state: str, why: str) -> None:
    said = run("async (load, [due, now]) => (await load('lib/targets.js')).target(due, Date.parse(now))", [due, NOW])
    assert said["state"] == state
    assert why in said["title"] and "23 November 2026" in said["title"]


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
    assert set(said[1]) == set(SUMMARIES)


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


MOMENT = """async (load) => {
  const { full, moment, relative } = await load('lib/time.js');
  const [iso, now] = ['2026-11-20T14:05:00Z', Date.parse('2026-11-23T12:00:00Z')];
  return [moment(iso, now), relative(iso, now), full(iso)];
}"""


@pytest.mark.parametrize(
    ("language", "moment", "clock"),
    [("en-GB", "20 Nov, 15:05", "15:05"), ("en-US", "Nov 20, 3:05 PM", "3:05 PM"), ("de-DE", "20. Nov., 15:05", "15:05")],
)
def test_clocks_and_dates_follow_the_browsers_language(
    open_page: Callable[..., Page], server: Server, language: str, moment: str, clock: str
) -> None:
    page = open_page(locale=language)
    page.goto(server.url)
    said = page.evaluate(f"() => ({MOMENT})((path) => import('/static/' + path))")
    short, ago, full = (one.replace("\u202f", " ") for one in said)
    assert (short, ago) == (moment, "2 days ago")
    assert full.endswith(f" {clock}")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Mei Tanaka", "MT"),
        ("Sven-Olav van der Haugen", "SH"),
        ("foxglove", "F"),
        ("🦊 Foxy 🎉", "F"),
        ("4.2 (Ada)", "A"),
        ("ß ﬃ", "SF"),
        ("🦊🎉", "U"),
        ("\ud83e lone", "L"),
        ("田中 芽衣", "田芽"),
    ],
)
def test_initials_are_letters(run: Run, name: str, initials: str) -> None:
    said = run("async (load, name) => (await load('elements/closeloop-message.js')).face({ name, username: 'u-1' }).textContent", name)
    assert said == initials
