"""Mouse and touch do what the keys do; a phone and a narrow panel have room for it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.triage.stage import Stage, click_word, cursor, expect_cursor, expect_saved, numbered, press, rows
from tests.cast import BEN

NARROW = 304


def test_all_of_it_by_mouse(stage: Stage) -> None:
    ids = stage.threads("No heartbeat one", "Dashboard is blank", "No heartbeat two", "Thanks all", "No heartbeat three")
    page = stage.open()
    rows(page).nth(1).click()
    expect_cursor(page, "Dashboard is blank")
    page.get_by_role("group", name="Give it to").get_by_role("button", name=re.compile("^Web & API")).click()
    expect_cursor(page, "No heartbeat two")
    rows(page).filter(has_text="No heartbeat one").locator(".row-team").first.click()
    expect(rows(page)).to_have_count(3)
    rows(page).filter(has_text="Thanks all").click()
    page.get_by_role("button", name="no action").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(rows(page)).to_have_count(3)
    for subject in ("No heartbeat two", "No heartbeat three"):
        rows(page).filter(has_text=subject).locator(".row-check").click()
    page.get_by_role("button", name="snooze").click()
    page.get_by_role("option", name=re.compile("^3? ?Tomorrow")).click()
    expect(rows(page)).to_have_count(1)
    # The next key is meant for the queue, not for a button that was clicked.
    press(page, "x")
    expect_saved(page)
    assert [stage.standing(each) for each in ids] == ["owned", "owned", "snoozed", "no_action", "snoozed"]


def test_a_clicked_word_offers_the_areas_it_may_belong_to(stage: Stage) -> None:
    stage.threads("No heartbeat from the zeppelin", "The zeppelin again")
    page = stage.open()
    click_word(page, "zeppelin")
    offer = page.locator("closeloop-triage-word")
    expect(offer).to_contain_text("Add “zeppelin” to")
    offer.get_by_role("button", name="Agents").click()
    expect(page.get_by_text("“zeppelin” is a keyword of Agents now.")).to_be_visible()
    expect(rows(page).last.locator(".rank-1")).to_contain_text("Deployments")


def test_a_phone_has_one_column_and_large_buttons(stage: Stage) -> None:
    ids = stage.threads(*numbered("No heartbeat", 4))
    page = stage.open_narrow(NARROW)
    rows(page).nth(1).tap()
    expect(page.locator("closeloop-triage-detail h2")).to_be_visible()
    expect(page.locator("closeloop-triage-list")).to_be_hidden()
    first = page.get_by_role("group", name="Give it to").get_by_role("button").first
    box = first.bounding_box()
    assert box and box["height"] >= 44
    first.tap()
    # The next thread is there at once.
    expect(page.locator("closeloop-triage-detail h2")).to_have_text("No heartbeat number 3")
    page.get_by_role("toolbar").get_by_role("button", name="no action").tap()
    page.get_by_role("button", name="‹ Queue").tap()
    expect(rows(page)).to_have_count(2)
    expect_saved(page)
    assert [stage.standing(each) for each in ids] == ["new", "owned", "no_action", "new"]


@pytest.mark.parametrize("width", [NARROW, 640])
def test_nothing_scrolls_sideways(stage: Stage, width: int) -> None:
    """640 px is also a window of 1280 at 200 % zoom."""
    stage.threads("No heartbeat " + "w" * 60, "Dashboard is blank")
    page = stage.open_narrow(width)
    wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    rows(page).first.tap()
    assert page.evaluate(wider) <= 0
    for button in ("snooze", "search"):
        page.get_by_role("toolbar").get_by_role("button", name=button).tap()
        expect(page.locator("dialog[open]")).to_be_in_viewport()
        assert page.evaluate(wider) <= 0
        press(page, "Escape")


def test_shift_click_selects_all_between(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 5))
    page = stage.open(BEN)
    rows(page).nth(1).click()
    rows(page).nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    expect(cursor(page)).to_have_count(1)
