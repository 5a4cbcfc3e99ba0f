"""What the queue says of outages at its top."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

Run = Callable[..., Any]
AREA, TEAM = {"id": 3, "name": "Agents"}, {"id": 1, "name": "Deployments"}
WORDS = "9 new threads about Agents in the last hour; usually 0.4"
PROPOSED = {"id": 5, "state": "proposed", "area": AREA, "team": TEAM, "title": "Outage: Agents", "evidence": {"words": WORDS},
            "opened_at": None, "next_word_at": None, "late": False}  # fmt: skip
OPEN = {**PROPOSED, "id": 6, "state": "open", "title": "Agents are offline", "next_word_at": "2026-11-20T08:00:00Z", "late": True}
SHOW = """async (load, outages) => {
  await load('elements/closeloop-outage-banner.js');
  const banner = document.querySelector('closeloop-outage-banner') ?? document.createElement('closeloop-outage-banner');
  if (!banner.isConnected) document.querySelector('main').append(banner);
  banner.outages = outages;
  window.heard ??= [];
  for (const name of ['look-at-outage', 'dismiss-outage'])
    banner.addEventListener(`closeloop-${name}`, (event) => window.heard.push([name, event.detail.id]), { once: true });
}"""


def test_a_burst_is_looked_at_or_set_aside(run: Run, page: Page) -> None:
    run(SHOW, [PROPOSED])
    banner = page.get_by_role("region", name="Outages")
    expect(banner).to_contain_text(WORDS)
    banner.get_by_role("button", name="Look…").press("Enter")
    banner.get_by_role("button", name="No outage").press("Enter")
    assert page.evaluate("window.heard") == [["look-at-outage", 5], ["dismiss-outage", 5]]


def test_a_broken_promise_is_said(run: Run, page: Page) -> None:
    run(SHOW, [OPEN])
    banner = page.get_by_role("region", name="Outages")
    expect(banner).to_contain_text("Agents are offline")
    expect(banner).to_contain_text("News were promised")
    banner.get_by_role("button", name="Post an update…").click()
    assert page.evaluate("window.heard") == [["look-at-outage", 6]]


def test_without_an_outage_there_is_no_banner(run: Run, page: Page) -> None:
    run(SHOW, [PROPOSED])
    run(SHOW, [{**PROPOSED, "state": "over"}])
    expect(page.locator("closeloop-outage-banner")).to_be_hidden()


def test_what_is_in_focus_stays_when_nothing_changed(run: Run, page: Page) -> None:
    run(SHOW, [PROPOSED])
    page.get_by_role("button", name="Look…").focus()
    run(SHOW, [PROPOSED, OPEN])
    expect(page.get_by_role("button", name="Look…").first).to_be_focused()
