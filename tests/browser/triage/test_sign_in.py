"""Outside Trello: sign in with Trello; in a board: the button above the lists."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.triage.stage import Stage, expect_cursor, expect_saved, press, rows


def sign_in(stage: Stage, page: Page, who: str | None, choice: str = "Allow") -> None:
    """By Trello's own window."""
    stage.be(who, page)
    page.goto(f"{stage.url}/triage")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with Trello").click()
    opened.value.get_by_role("button", name=choice, exact=True).click()


def test_somebody_signs_in_with_trello_and_decides(stage: Stage) -> None:
    (ticket,) = stage.threads("No heartbeat one")
    page = stage.open_page()
    sign_in(stage, page, "ben")
    expect_cursor(page, "No heartbeat one")
    press(page, "Enter")
    expect_saved(page)
    assert stage.team_of(ticket) == "Deployments"
    assert page.evaluate("() => Object.keys(localStorage).length") == 0
    assert "token=" not in page.url
    page.reload()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with Trello")).to_be_visible()


@pytest.mark.console_errors_expected
def test_somebody_without_a_seat_is_told_what_to_do(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.open_page()
    sign_in(stage, page, "cleo")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("No seat for you yet")
    expect(problem).to_contain_text("Ask an admin of your team’s board")
    expect(rows(page)).to_have_count(0)


def test_denied_access_is_no_dead_end(stage: Stage) -> None:
    page = stage.open_page()
    sign_in(stage, page, "ben", "Deny")
    expect(page.get_by_role("alert")).to_contain_text("You are not signed in")
    expect(page.get_by_role("button", name="Sign in with Trello")).to_be_enabled()


def test_a_code_from_trellos_window_does_it_too(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.open_page()
    page.goto(f"{stage.url}/triage")
    page.get_by_text("I have a code").click()
    page.get_by_label("Code that Trello’s window showed").fill(stage.world.token(stage.ben))
    page.get_by_role("button", name="Use the code").click()
    expect_cursor(page, "No heartbeat one")
