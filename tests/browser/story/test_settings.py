"""Who may connect a board, who may only look, and who sees nothing at all."""

import re

import pytest
from playwright.sync_api import Page, Response, expect

from powerup.sandbox.story.threads import threads
from tests.browser.story.stage import Stage, pictured


def test_an_admin_connects_a_board_and_takes_it_back(stage: Stage) -> None:
    board = stage.open_board("ada", stage.new_board("Field trials", "Agents in the basement"))
    section = board.open_card("Agents in the basement")
    expect(section.get_by_role("heading", name="This board is not connected yet")).to_be_visible()
    pictured(board.page, "settings-unconnected-card")
    board.page.keyboard.press("Escape")

    settings = board.settings()
    expect(settings.get_by_role("heading", name="Connect this board")).to_be_visible()
    pictured(board.page, "settings-unconnected")
    with board.page.expect_popup() as opened:
        settings.get_by_role("button", name="Connect with Trello…").click()
    window = opened.value
    expect(window.get_by_text("You are logged in as Ada Okafor")).to_be_visible()
    pictured(window, "settings-authorize")
    with window.expect_event("close"):
        window.get_by_role("button", name="Allow", exact=True).click()

    expect(settings.get_by_text("Field trials, workspace Northwind Deploy.")).to_be_visible()
    expect(settings.get_by_text("Northwind Community")).to_be_visible()
    pictured(board.page, "settings-connected")
    stored = settings.locator("body").evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "ATTA" not in stored, "the token stays out of the browser's stores"

    connection = settings.locator("closeloop-connection")
    connection.get_by_role("button", name="Disconnect…").click()
    connection.get_by_role("button", name="Disconnect", exact=True).click()
    expect(settings.get_by_role("heading", name="Connect this board")).to_be_visible()


def test_who_says_no_in_trello_is_told_that_nothing_happened(stage: Stage) -> None:
    board = stage.open_board("ada", stage.new_board("Night shift", "Nothing yet"))
    settings = board.settings()
    with board.page.expect_popup() as opened:
        settings.get_by_role("button", name="Connect with Trello…").click()
    opened.value.get_by_role("button", name="Deny").click()
    expect(settings.get_by_role("alert").filter(has_text="Trello did not allow it")).to_be_visible()
    expect(settings.get_by_role("button", name="Connect with Trello…")).to_be_enabled()


def test_who_is_no_admin_may_only_look(stage: Stage) -> None:
    board = stage.open_board("ben")
    settings = board.settings()
    expect(settings.get_by_text("Only admins of this Trello board may change them.")).to_be_visible()
    expect(settings.get_by_text("Northwind Community")).to_be_visible()
    expect(settings.get_by_role("button")).to_have_count(0)
    expect(settings.locator("input")).to_have_count(0)
    pictured(board.page, "settings-ben")


def answers(stage: Stage, page: Page) -> list[Response]:
    """What Closeloop's API will have answered to this page."""
    heard: list[Response] = []
    page.on("response", lambda response: heard.append(response) if f"{stage.running.closeloop_url}/api/" in response.url else None)
    return heard


@pytest.mark.console_errors_expected  # the browser writes the 403 to the console
def test_who_is_no_member_sees_the_public_board_and_no_customer(stage: Stage) -> None:
    board = stage.board("cleo", "web")
    heard = answers(stage, board.page)
    board.page.goto(board.url)
    section = board.open_card("Dashboard is empty for groups with an ampersand in their name")
    expect(section.get_by_role("heading", name="For members of this board")).to_be_visible()
    pictured(board.page, "settings-cleo")
    expect(board.page.locator(".badge[data-color]")).to_have_count(0)
    expect(board.page.get_by_role("button", name="Link a thread")).to_have_count(0)
    assert heard and {answer.status for answer in heard} == {403}
    words = "|".join(re.escape(word) for one in threads() for word in (one.title, one.posts[0].username, one.posts[0].text[:40]))
    assert not [answer for answer in heard if re.search(words, answer.text())]


def test_who_is_signed_out_is_asked_to_sign_in(stage: Stage) -> None:
    board = stage.board(None, "web")
    heard = answers(stage, board.page)
    board.page.goto(board.url)
    section = board.open_card("Hebrew and Arabic layouts")
    expect(section.get_by_role("heading", name="Sign in to Trello")).to_be_visible()
    expect(board.page.locator(".badge[data-color]")).to_have_count(0)
    pictured(board.page, "settings-signed-out")
    assert not [answer for answer in heard if answer.ok]
