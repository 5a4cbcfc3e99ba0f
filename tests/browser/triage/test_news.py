"""Two triagers at once, and threads that come while somebody reads: nothing moves under a finger."""

import re

from playwright.sync_api import Page, expect

from tests.api.desk import of
from tests.browser.triage.stage import Stage, cursor, expect_cursor, expect_saved, numbered, press, rows, subjects
from tests.cast import ADA, BEN


def top_of(page: Page) -> float:
    """Where the row under the cursor stands on the screen."""
    box = cursor(page).bounding_box()
    assert box
    return box["y"]


def test_a_thread_that_arrives_moves_no_row_under_the_cursor(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 30))
    page = stage.open()
    for _ in range(12):
        press(page, "j")
    expect_cursor(page, "No heartbeat number 13")
    before = top_of(page)
    (urgent,) = stage.threads("Dashboard is gone for everybody")
    stage.desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [urgent], "impact": "outage"})
    expect(page.locator(".left")).to_have_text("31 left")
    expect(cursor(page)).to_have_attribute("aria-posinset", "14")
    expect_cursor(page, "No heartbeat number 13")
    assert top_of(page) == before
    press(page, "Home")
    expect_cursor(page, "Dashboard is gone for everybody")


def test_at_the_top_too_the_cursor_stays_on_its_thread(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 20))
    page = stage.open()
    before = top_of(page)
    (urgent,) = stage.threads("Dashboard is gone for everybody")
    stage.desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [urgent], "impact": "outage"})
    expect(page.locator(".left")).to_have_text("21 left")
    expect(cursor(page)).to_have_attribute("aria-posinset", "2")
    expect_cursor(page, "No heartbeat number 1")
    assert top_of(page) == before


def test_each_sees_what_the_other_has_open_and_has_just_done(stage: Stage) -> None:
    ids = stage.threads("No heartbeat one", "Dashboard is blank", "No heartbeat three")
    ben, ada = stage.open(BEN), stage.open(ADA)
    press(ada, "j")
    opened = rows(ben).filter(has_text="Dashboard is blank").get_by_title("Ada Okafor has this open")
    expect(opened).to_be_visible()
    expect(ben.get_by_title("Ada Okafor is here too")).to_be_visible()
    press(ada, "Enter")
    gone = ben.locator("closeloop-triage-row.ghost")
    expect(gone).to_contain_text("Ada → Web & API")
    expect(ben.locator(".left")).to_have_text("2 left")
    expect(gone).to_have_count(0)
    assert subjects(ben) == ["No heartbeat one", "No heartbeat three"]
    press(ada, "u")
    expect(rows(ben)).to_have_count(3)
    assert stage.team_of(ids[1]) is None


def test_the_thread_under_the_cursor_says_who_took_it_and_waits(stage: Stage) -> None:
    stage.threads("No heartbeat one", "Dashboard is blank")
    ben, ada = stage.open(BEN), stage.open(ADA)
    press(ada, "Enter")
    expect_saved(ada)
    expect(ben.locator("closeloop-triage-detail").get_by_text("Ada → Deployments. J goes on.")).to_be_visible()
    # Enter means "done with it" now, and decides about nothing.
    press(ben, "Enter")
    expect_cursor(ben, "Dashboard is blank")
    expect(rows(ben)).to_have_count(1)


def test_the_second_of_two_at_one_moment_is_told_kindly_and_loses_nothing(stage: Stage) -> None:
    ids = stage.threads("No heartbeat one", "Dashboard is blank")
    ben, ada = stage.open(BEN), stage.open(ADA)
    # News are held back, as if both pressed in the same second.
    ben.route("**/api/v1/triage/news", lambda route: None)
    press(ada, "2")
    expect_saved(ada)
    press(ben, "Enter")
    expect_cursor(ben, "Dashboard is blank")
    expect(ben.get_by_role("alert").get_by_text(re.compile("Ada Okafor has already given this thread to Web & API"))).to_be_visible()
    expect(ben.locator("closeloop-triage-row.ghost")).to_contain_text("Ada Okafor → Web & API")
    expect(ben.get_by_text("Assigned to Deployments")).to_be_hidden()
    expect(ben.locator(".left")).to_have_text("1 left")
    press(ben, "Enter", "u")
    expect_cursor(ben, "Dashboard is blank")
    expect_saved(ben)
    assert [stage.team_of(each) for each in ids] == ["Web & API", None]


def test_two_clear_one_queue_together_and_each_thread_has_one_owner(stage: Stage) -> None:
    ids = stage.threads(*numbered("No heartbeat", 12))
    ben, ada = stage.open(BEN), stage.open(ADA)
    press(ada, "End")
    for _ in range(6):
        press(ben, "Enter")
        press(ada, "2")
    for page in (ben, ada):
        done = page.get_by_role("heading", name="All done")
        # Enter on a thread that the other one took only goes on.
        page.wait_for_function("() => document.querySelectorAll('closeloop-triage-row:not(.ghost)').length < 3")
        press(page, "Enter", "Enter", "Enter")
        expect(done).to_be_visible(timeout=15_000)
        expect_saved(page)
    assert len(stage.cards()) == 12
    assert all(len(stage.history(each)) == 1 for each in ids)


def test_a_thread_that_is_handed_back_while_its_row_still_says_who_took_it_is_new_again(stage: Stage) -> None:
    (ticket, _other) = stage.threads("No heartbeat one", "Dashboard is blank")
    ben, ada = stage.open(BEN), stage.open(ADA)
    press(ada, "Enter")
    expect_saved(ada)
    expect(ben.locator("closeloop-triage-row.ghost")).to_contain_text("Ada → Deployments")
    expect(ben.locator(".left")).to_have_text("1 left")
    of(stage.desk.ada.post(f"/api/v1/assignments/{stage.history(ticket)[0]['id']}/hand-back", {"why": "Not ours"}))
    expect(ben.locator("closeloop-triage-row.ghost")).to_have_count(0)
    expect(rows(ben)).to_have_count(2)
    expect(ben.locator(".left")).to_have_text("2 left")
