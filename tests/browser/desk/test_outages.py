"""From a burst to the all-clear, on the page."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from powerup import clock
from powerup.outages import actions
from powerup.outages.models import Outage
from powerup.teams.models import Area
from tests.api.desk import of
from tests.browser.desk.looks import LOOKS, NAMES, expect_no_barrier
from tests.browser.triage.stage import Stage

WORDS = "2 new threads about Agents in the last hour; usually 0.4"


def propose(stage: Stage) -> None:
    """What the worker does after a burst."""
    with stage.world.services.database.write() as session:
        area = session.get_one(Area, stage.desk.agents_id)
        actions.propose(session, area, {"count": 2, "hours": 1.0, "usual": 0.4, "words": WORDS}, title="Outage: Agents")


def burst(stage: Stage) -> list[int]:
    """Two threads about agents, and the proposal."""
    tickets = stage.threads("No heartbeat from Lyon", "Heartbeat lost in Oslo")
    stage.guess_areas()
    propose(stage)
    return tickets


def opened(stage: Stage, **options: Any) -> Page:
    """The page, with what stands there."""
    page = stage.page(path="/outages", **options)
    page.goto(f"{stage.url}/outages")
    return page


def button(page: Page | Locator, name: str) -> Locator:
    """By its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def posts(stage: Stage) -> list[str]:
    """What customers were told on the forum."""
    stage.world.deliver()
    topics = stage.world.forum.store.rows.topics.values()
    return [post for topic in topics for post in stage.world.posts(topic)]


def test_a_burst_becomes_an_outage_is_spoken_of_and_ends(stage: Stage) -> None:
    burst(stage)
    page = opened(stage)
    expect(page.get_by_role("heading", name=WORDS)).to_be_visible()
    button(page, "Open outage mode…").press("Enter")
    expect(page.get_by_label("What is wrong")).to_be_focused()
    page.keyboard.type("Agents lose their heartbeat")
    expect(page.get_by_role("group", name="Threads (2 of 2)")).to_be_visible()
    page.get_by_label("Promise the next news within").select_option("30 minutes")
    expect(page.locator(".reply-preview")).to_contain_text("Hello Mei,")
    expect(page.locator(".reply-preview")).to_contain_text("within 30 minutes")
    button(page, "Open outage mode").press("Enter")

    outage = page.locator("closeloop-outage")
    expect(outage.get_by_role("heading", name="Agents lose their heartbeat")).to_be_visible()
    expect(outage).to_contain_text("Opened by Ben")
    expect(outage).to_contain_text("in 29 minutes")
    assert sum("we are working on it" in post for post in posts(stage)) == 2
    expect(outage).to_contain_text("2 of 2 messages sent")
    expect(outage.get_by_role("link", name="Master card")).to_be_visible()

    button(page, "Post an update…").press("Enter")
    page.get_by_label("News for every customer").fill("Hello {name}, the cause is found.")
    button(page, "Tell everybody").press("Enter")
    expect(page.get_by_role("status").filter(has_text="The news is on its way")).to_be_visible()
    assert sum("the cause is found" in post for post in posts(stage)) == 2

    button(page, "All-clear…").press("Enter")
    button(page, "Give the all-clear").press("Enter")
    expect(page.get_by_text("No outage", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Over")).to_be_visible()
    expect(page.get_by_text("Agents lose their heartbeat")).to_be_visible()
    assert sum("the problem is solved" in post for post in posts(stage)) == 2


def test_a_thread_that_is_not_meant_is_left_out_and_a_later_one_joins(stage: Stage) -> None:
    burst(stage)
    page = opened(stage)
    button(page, "Open outage mode…").click()
    page.get_by_label("Heartbeat lost in Oslo").uncheck()
    expect(page.get_by_role("group", name="Threads (1 of 2)")).to_be_visible()
    button(page, "Open outage mode").click()
    expect(page.locator("closeloop-outage summary")).to_have_text("1 thread")
    button(page, "Add 1 more thread…").click()
    expect(page.get_by_label("Heartbeat lost in Oslo")).to_be_checked()
    button(page, "Add to the outage").click()
    expect(page.locator("closeloop-outage summary")).to_have_text("2 threads")


def test_a_burst_that_is_none_is_set_aside(stage: Stage) -> None:
    burst(stage)
    page = opened(stage)
    button(page, "No outage").press("Enter")
    expect(page.get_by_role("status").filter(has_text="No outage. Agents is proposed again only after")).to_be_visible()
    expect(page.locator("closeloop-outage-proposal")).to_have_count(0)


def test_a_broken_promise_is_red_and_what_is_being_written_stays(stage: Stage) -> None:
    tickets = burst(stage)
    wanted = {"area_id": stage.desk.agents_id, "title": "Down", "ticket_ids": tickets, "promise_minutes": 15}
    made = of(stage.desk.ada.post("/api/v1/outages", wanted))
    page = opened(stage)
    button(page, "Post an update…").click()
    page.get_by_label("News for every customer").fill("We are still")
    with stage.world.services.database.write() as session:
        session.get_one(Outage, made["outage"]["id"]).next_word_at = clock.now() - timedelta(minutes=5)
    expect(page.locator(".outage-fact.late")).to_contain_text("5 minutes ago", timeout=15_000)
    expect(page.get_by_label("News for every customer")).to_have_value("We are still")
    page.reload()
    button(page, "Post an update…").click()
    expect(page.get_by_label("News for every customer")).to_have_value("We are still")


@pytest.mark.console_errors_expected
def test_when_the_server_cannot_be_reached_what_is_shown_stays(stage: Stage) -> None:
    burst(stage)
    page = opened(stage)
    expect(page.get_by_role("heading", name=WORDS)).to_be_visible()
    page.route("**/api/v1/outages", lambda route: route.abort())
    expect(page.get_by_role("alert").filter(has_text="You are offline")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("heading", name=WORDS)).to_be_visible()
    page.unroute("**/api/v1/outages")
    button(page, "Try again").click()
    expect(page.get_by_role("alert").filter(has_text="You are offline")).to_be_hidden()


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_it_is_legible_and_without_barriers(stage: Stage, look: dict[str, Any]) -> None:
    page = opened(stage, **look)
    expect(page.get_by_text("No outage", exact=True)).to_be_visible()
    expect_no_barrier(page)
    tickets = burst(stage)
    expect(page.get_by_role("heading", name=WORDS)).to_be_visible(timeout=10_000)
    button(page, "Open outage mode…").click()
    expect_no_barrier(page)
    stage.desk.ada.post("/api/v1/outages", {"area_id": stage.desk.agents_id, "title": "Down", "ticket_ids": tickets[:1]})
    expect(page.locator("closeloop-outage")).to_be_visible(timeout=10_000)
    button(page, "Post an update…").click()
    page.get_by_label("News for every customer").fill("Hello {name}")
    expect_no_barrier(page)
