"""A team's morning, on the page; and the way between the pages."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk.looks import LOOKS, NAMES, expect_no_barrier
from tests.browser.triage.stage import Stage


def opened(stage: Stage, query: str = "", **options: Any) -> Page:
    """The page."""
    page = stage.page(path="/digest", **options)
    page.goto(f"{stage.url}/digest{query}")
    return page


def assigned(stage: Stage) -> None:
    """One thread is the team's."""
    (ticket,) = stage.threads("No heartbeat one")
    stage.desk.assign(ticket)
    stage.cards()


def test_a_team_sees_what_waits_for_it(stage: Stage) -> None:
    assigned(stage)
    page = opened(stage)
    expect(page.get_by_role("heading", name=re.compile("New since the last digest"))).to_be_visible()
    waiting = page.get_by_role("heading", name=re.compile("Waiting on us")).locator("..")
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    expect(waiting.get_by_role("link", name="No heartbeat one")).to_have_attribute("href", re.compile("/c/"))
    expect(waiting.get_by_role("link", name="Thread")).to_be_visible()


def test_another_team_is_chosen_and_the_address_remembers_it(stage: Stage) -> None:
    assigned(stage)
    page = opened(stage)
    team = page.get_by_label("Team")
    team.select_option("Web & API")
    expect(page.get_by_text("Nothing is waiting. Good morning.")).to_be_visible()
    expect(team).to_be_focused()
    page.reload()
    expect(team).to_have_value(str(stage.installation.web_id))


@pytest.mark.console_errors_expected  # the browser writes the 409 to the console
def test_sending_without_a_channel_says_what_to_do(stage: Stage) -> None:
    page = opened(stage)
    page.get_by_role("button", name="Send to the channel now").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No channel is connected for Deployments.")


def test_the_pages_lead_to_one_another(stage: Stage) -> None:
    page = opened(stage)
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.get_by_role("link", name="Digest")).to_have_attribute("aria-current", "page")
    pages.get_by_role("link", name="Flight recorder").click()
    expect(page.get_by_role("heading", name="Flight recorder", level=1)).to_be_visible()
    pages.get_by_role("link", name="Outages").click()
    expect(page.get_by_role("heading", name="Outages", level=1)).to_be_visible()
    expect(page.get_by_text("No outage", exact=True)).to_be_visible()


def test_somebody_who_is_not_signed_in_is_asked_to(stage: Stage) -> None:
    page = stage.open_page()
    stage.be("ben", page)
    page.goto(f"{stage.url}/digest")
    with page.expect_popup() as opened_window:
        page.get_by_role("button", name="Sign in with Trello").click()
    opened_window.value.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_text("Nothing is waiting. Good morning.")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_it_is_legible_and_without_barriers(stage: Stage, look: dict[str, Any]) -> None:
    assigned(stage)
    page = opened(stage, **look)
    expect(page.get_by_role("link", name="Thread").first).to_be_visible()
    expect_no_barrier(page)
