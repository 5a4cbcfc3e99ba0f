"""Several at once: one key, one batch, one way back."""

from playwright.sync_api import expect

from tests.browser.triage.stage import Stage, expect_cursor, expect_saved, numbered, press, rows


def test_what_is_selected_goes_together_and_comes_back_together(stage: Stage) -> None:
    ids = stage.threads(*numbered("No heartbeat", 6))
    page = stage.open()
    press(page, "Space", "Shift+J", "Shift+J")
    expect(page.get_by_role("toolbar").get_by_text("3 selected")).to_be_visible()
    expect(page.get_by_role("listbox").locator("[aria-selected=true]")).to_have_count(3)
    press(page, "2")
    expect(page.get_by_text("3 threads assigned to Web & API")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect_cursor(page, "No heartbeat number 4")
    expect_saved(page)
    assert [stage.team_of(each) for each in ids[:4]] == ["Web & API"] * 3 + [None]
    press(page, "u")
    expect(rows(page)).to_have_count(6)
    expect_cursor(page, "No heartbeat number 1")
    expect_saved(page)
    assert [stage.team_of(each) for each in ids] == [None] * 6


def test_enter_gives_each_of_the_selected_to_its_own_team(stage: Stage) -> None:
    ids = stage.threads("No heartbeat here", "Dashboard is blank", "A word about nothing", "A timeout again")
    page = stage.open()
    press(page, "a")
    expect(page.get_by_role("toolbar").get_by_role("button", name="each as suggested")).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_text("3 threads assigned as suggested")).to_be_visible()
    expect(page.get_by_text("1 thread without a suggestion stayed")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    expect_saved(page)
    assert [stage.team_of(each) for each in ids] == ["Deployments", "Web & API", None, "Deployments"]
    press(page, "u")
    expect(rows(page)).to_have_count(4)
    expect_saved(page)
    assert [stage.team_of(each) for each in ids] == [None] * 4


def test_snooze_impact_and_no_action_work_on_a_selection_too(stage: Stage) -> None:
    ids = stage.threads(*numbered("No heartbeat", 5))
    page = stage.open()
    press(page, "Shift+J")
    press(page, "i", "h")
    expect(rows(page).get_by_text("High")).to_have_count(2)
    press(page, "s", "1")
    expect(rows(page)).to_have_count(3)
    press(page, "a", "x")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect_saved(page)
    assert [stage.standing(each) for each in ids] == ["snoozed"] * 2 + ["no_action"] * 3


def test_escape_lets_go_of_the_selection(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 3))
    page = stage.open()
    press(page, "a")
    expect(page.get_by_text("3 selected")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_text("3 selected")).to_be_hidden()
    press(page, "Enter")
    expect(rows(page)).to_have_count(2)
