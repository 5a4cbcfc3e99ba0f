"""Speed against accuracy, on the page."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from powerup import clock
from powerup.triage.models import Decision
from tests.browser.desk.looks import LOOKS, NAMES, expect_no_barrier
from tests.browser.triage.stage import Stage


def opened(stage: Stage, **options: Any) -> Page:
    """The page."""
    page = stage.page(path="/recorder", **options)
    page.goto(f"{stage.url}/recorder")
    return page


def fly(stage: Stage) -> None:
    """Three decisions: one came back with a reason, one was three days ago, one thread is left."""
    first, second, _left = stage.threads("No heartbeat one", "No heartbeat two", "No heartbeat three")
    old = stage.desk.decide(second, batch="batch-0002", seconds=4)["done"][0]["decision_id"]
    made = stage.desk.decide(first, batch="batch-0001", seconds=8)["done"][0]["assignment_id"]
    stage.desk.ben.post(f"/api/v1/assignments/{made}/hand-back", {"why": "This is about invoices"})
    with stage.world.services.database.write() as session:
        session.scalars(select(Decision).where(Decision.id == old)).one().at -= timedelta(days=4)


def test_it_says_how_many_are_left_and_what_went_wrong(stage: Stage) -> None:
    fly(stage)
    page = opened(stage)
    expect(page.locator(".gauge").first).to_have_text("2threads left")
    expect(page.locator(".gauge").nth(3)).to_contain_text("8.0 s")
    wrong = page.get_by_role("listitem").filter(has_text="No heartbeat one")
    expect(wrong).to_contain_text("gave it to Deployments")
    expect(wrong).to_contain_text("“This is about invoices”")
    expect(wrong).to_contain_text("in the queue again")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("not settled")
    expect(rows.nth(1)).to_contain_text("100 %")
    expect(rows.nth(2)).not_to_contain_text("not settled")
    expect(page.locator(".chart rect")).to_have_count(4)
    expect(page.locator(".chart .unsettled")).to_have_count(1)


def test_yesterdays_mistakes_come_first(stage: Stage) -> None:
    fly(stage)
    (later,) = stage.threads("No heartbeat four")
    made = stage.desk.decide(later, batch="batch-0004", seconds=3)["done"][0]["assignment_id"]
    stage.desk.ben.post(f"/api/v1/assignments/{made}/hand-back", {})
    with stage.world.services.database.write() as session:
        first = session.scalars(select(Decision).where(Decision.batch == "batch-0001")).one()
        first.at, first.handed_back_at = first.at - timedelta(days=1), clock.now() - timedelta(days=1)
    page = opened(stage)
    expect(page.locator(".misroutes a")).to_have_text(["No heartbeat one", "No heartbeat four"])
    expect(page.get_by_role("heading", level=3)).to_have_text(["Yesterday", "Other days"])


def test_before_the_first_morning_it_says_what_will_stand_here(stage: Stage) -> None:
    page = opened(stage)
    expect(page.get_by_text("Nothing was decided yet")).to_be_visible()
    expect(page.get_by_text("the queue is empty")).to_be_visible()
    expect(page.get_by_text("No thread came back within 48 hours.")).to_be_visible()


@pytest.mark.console_errors_expected
def test_when_it_cannot_be_fetched_it_can_be_tried_again(stage: Stage) -> None:
    page = stage.page(path="/recorder")
    page.route("**/api/v1/triage/recorder*", lambda route: route.abort())
    page.goto(f"{stage.url}/recorder")
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    page.unroute("**/api/v1/triage/recorder*")
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_it_is_legible_and_without_barriers(stage: Stage, look: dict[str, Any]) -> None:
    fly(stage)
    page = opened(stage, **look)
    expect(page.get_by_role("table")).to_be_visible()
    expect_no_barrier(page)
