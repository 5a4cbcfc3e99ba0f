"""For everybody: rules of accessibility, what a screen reader is told, the dark."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Page, expect

from tests.browser.triage.stage import Stage, press

LEVELS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def problems(page: Page) -> list[str]:
    """What axe finds wrong, in a line each."""
    found = Axe().run(page, options={"runOnly": LEVELS, "preload": False}).response
    return [f"{rule['id']}: {node['target']} {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def stay(page: Page) -> None:
    press(page, "Space", "j")


def opened(key: str) -> Callable[[Page], None]:
    """By this key."""

    def open_it(page: Page) -> None:
        press(page, key)
        expect(page.locator("dialog[open]")).to_be_visible()

    return open_it


def write(page: Page) -> None:
    press(page, "r")
    expect(page.get_by_role("textbox", name=re.compile("^Reply to"))).to_be_focused()


def decide(page: Page) -> None:
    press(page, "x")
    expect(page.get_by_role("status").get_by_text("Marked as no action")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(stage: Stage, scheme: str) -> None:
    first, *_ = stage.threads("No heartbeat one", "Dashboard is blank", "A word about nothing", "No heartbeat two")
    stage.desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [first], "impact": "outage"})
    page = stage.open(color_scheme=scheme)
    expect(page.get_by_role("article").first).to_be_visible()
    found: dict[str, list[str]] = {}
    for name, act in {
        "rows": stay,
        "search": opened("/"),
        "snooze": opened("s"),
        "keys": opened("?"),
        "reply": write,
        "done": decide,
    }.items():
        act(page)
        found[name] = problems(page)
        press(page, "Escape")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_is_open_to_everybody_too(stage: Stage, scheme: str) -> None:
    page = stage.open_page(color_scheme=scheme)
    page.goto(f"{stage.url}/triage")
    expect(page.get_by_role("button", name="Sign in with Trello")).to_be_focused()
    assert problems(page) == []


def test_whoever_wants_no_motion_gets_none(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.open(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
    }).length"""
    assert page.evaluate(moving) == 0
