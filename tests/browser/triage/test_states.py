"""Where no thread is, the page says why and what to do next."""

import re

from playwright.sync_api import Page, expect

from tests.api.desk import of
from tests.browser.triage.stage import Stage, expect_saved, numbered, press, rows
from tests.cast import ADA


def test_a_cleared_queue_says_how_it_went(stage: Stage) -> None:
    stage.threads("No heartbeat one", "Dashboard is blank", "No heartbeat two")
    page = stage.open()
    press(page, "Enter", "Enter", "2")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^3 threads in \d+ s, 67 % first suggestion\."))).to_be_visible()
    link = page.get_by_role("link", name=re.compile("flight recorder", re.IGNORECASE)).last
    expect(link).to_have_attribute("href", "/recorder")
    press(page, "u")
    expect(rows(page)).to_have_count(1)
    expect_saved(page)


def test_an_empty_queue_fills_by_itself(stage: Stage) -> None:
    page = stage.page()
    page.goto(f"{stage.url}/triage")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    stage.threads("No heartbeat one")
    expect(rows(page)).to_have_count(1)


def test_without_teams_the_way_to_the_settings_is_shown(stage: Stage) -> None:
    ada = stage.world.as_(ADA)
    for team in of(ada.get("/api/v1/teams"))["teams"]:
        assert ada.delete(f"/api/v1/teams/{team['id']}").status_code < 300
    page = stage.page()
    page.goto(f"{stage.url}/triage")
    expect(page.get_by_role("heading", name="No teams yet")).to_be_visible()
    expect(page.get_by_role("button", name="Open the settings")).to_be_visible()
    stage.threads("No heartbeat one")
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_text("No team can be given a thread yet")).to_be_visible()


def expect_loaded(page: Page, count: str) -> None:
    """So many rows have room in the list."""
    height = "(count) => document.querySelector('.queue-canvas').clientHeight === count * 86"
    page.wait_for_function(height, arg=int(count))


def test_a_long_queue_is_paged_and_only_what_is_in_sight_exists(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 120))
    page = stage.open()
    expect(page.locator(".left")).to_have_text("120 left")
    for end in ("100", "120"):
        press(page, "End")
        expect(page.locator("closeloop-triage-row.cursor")).to_be_in_viewport()
        expect_loaded(page, end)
    press(page, "End")
    expect(page.locator("closeloop-triage-row.cursor")).to_have_attribute("aria-posinset", "120")
    expect(page.locator("closeloop-triage-detail h2")).to_have_text("No heartbeat number 120")
    assert page.locator("closeloop-triage-row").count() < 40
