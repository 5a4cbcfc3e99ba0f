"""Small rules that no screen shows alone: times, marks, the order of the queue, what a key means."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

SNOOZES = """async (load, { now, zone }) => {
  const { snoozes } = await load('triage/snoozes.js');
  return snoozes(new Date(now), zone).map(({ name, until }) => [name, until.toISOString().slice(0, 16)]);
}"""


@pytest.mark.parametrize(
    "now, zone, expected",
    [
        (
            "2026-11-23T08:30:00Z",  # a Monday
            "Europe/Berlin",
            {
                "For one hour": "2026-11-23T09:30",
                "This afternoon": "2026-11-23T13:00",
                "Tomorrow": "2026-11-24T08:00",
                "Next Monday": "2026-11-30T08:00",
            },
        ),
        (
            "2026-11-22T23:30:00Z",  # Sunday in London, Monday morning in Auckland
            "Pacific/Auckland",
            {
                "For one hour": "2026-11-23T00:30",
                "This afternoon": "2026-11-23T01:00",
                "Tomorrow": "2026-11-23T20:00",
                "Next Monday": "2026-11-29T20:00",
            },
        ),
        (
            "2026-10-24T14:00:00Z",  # the night to the 25th is an hour longer
            "Europe/Berlin",
            {"For one hour": "2026-10-24T15:00", "Tomorrow": "2026-10-25T08:00", "Next Monday": "2026-10-26T08:00"},
        ),
        (
            "2026-12-31T20:00:00Z",
            "America/New_York",
            {"For one hour": "2026-12-31T21:00", "Tomorrow": "2027-01-01T14:00", "Next Monday": "2027-01-04T14:00"},
        ),
    ],
)
def test_a_snooze_ends_when_a_clock_of_the_workspace_says_so(run: Run, now: str, zone: str, expected: dict[str, str]) -> None:
    assert dict(run(SNOOZES, {"now": now, "zone": zone})) == expected


MARKED = """async (load, { html, words }) => {
  const { mark } = await load('triage/marks.js');
  const place = document.createElement('div');
  const reasons = words.map((text) => ({ field: 'body', start: 0, end: 0, text, source: 'keyword' }));
  place.append(new DOMParser().parseFromString(html, 'text/html').body);
  mark(place, reasons);
  return [...place.querySelectorAll('mark')].map((one) => one.textContent);
}"""


@pytest.mark.parametrize(
    "html, words, found",
    [
        ("<p>The Agent and the agents, no reagent.</p>", ["agent"], ["Agent", "agent"]),
        ("<p>path  too long</p>", ["path too long", "path"], ["path  too long"]),
        ("<p>Ошибка сети; ошибками нет</p>", ["ошибка"], ["Ошибка"]),
        ("<p>a.b (c) [d]</p>", ["a.b", "(c)"], ["a.b", "(c)"]),
        ("<p>nothing</p>", [], []),
    ],
)
def test_whole_words_are_marked_in_any_script(run: Run, html: str, words: list[str], found: list[str]) -> None:
    assert run(MARKED, {"html": html, "words": words}) == found


ORDER = """async (load, rows) => {
  const { compare } = await load('triage/order.js');
  return rows.toSorted(compare).map(({ id }) => id);
}"""


def test_the_page_puts_a_thread_where_the_server_would(run: Run) -> None:
    def row(number: int, **about: Any) -> dict[str, Any]:
        usual = {"impact": "normal", "handed_back": False, "waiting_on": "us", "waiting_since": "2026-11-23T08:00:00Z"}
        return {"id": number, "last_message_at": "2026-11-23T08:00:00Z", **usual, **about}

    rows = [
        row(1, waiting_on="customer"),
        row(2),
        row(3, waiting_since="2026-11-22T08:00:00Z"),
        row(4, impact="high"),
        row(5, handed_back=True),
        row(6, impact="outage", handed_back=True),
        row(7, impact="low"),
        row(8, past=True, waiting_since="2024-11-22T08:00:00Z"),
        row(9, past=True, impact="high"),
    ]
    assert run(ORDER, rows) == [6, 5, 4, 9, 3, 2, 7, 1, 8]


MEANING = """async (load, events) => {
  const { meaning } = await load('triage/keys.js');
  const button = document.createElement('button');
  const field = document.createElement('input');
  document.querySelector('main').append(button, field);
  const meant = [];
  addEventListener('keydown', (event) => meant.push(meaning(event)?.name ?? null));
  for (const { on, ...init } of events)
    ({ button, field })[on]?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, composed: true, ...init }))
      ?? document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init }));
  return meant;
}"""


def test_keys_mean_nothing_in_fields_and_with_ctrl_alt_or_meta(run: Run) -> None:
    events = [
        {"key": "x"},
        {"key": "X"},
        {"key": "J", "shiftKey": True},
        {"key": "x", "ctrlKey": True},
        {"key": "x", "metaKey": True},
        {"key": "x", "altKey": True},
        {"key": "x", "isComposing": True},
        {"key": "x", "on": "field"},
        {"key": "x", "on": "button"},
        {"key": "Enter", "on": "button"},
        {"key": "7"},
        {"key": "0"},
    ]
    assert run(MEANING, events) == ["nothing", "nothing", "selectNext", None, None, None, None, None, "nothing", None, "team", None]
