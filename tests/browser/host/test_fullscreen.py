"""A button above the board opens a page that fills the window, as the triage page does."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.host.conftest import Desk


def open_queue(page: Page) -> FrameLocator:
    """Press the board's button; the page in the window, once it has drawn itself."""
    page.get_by_role("button", name="Queue").press("Enter")
    expect(page.get_by_role("dialog", name="The queue")).to_have_class(re.compile("fullscreen"))
    frame = page.frame_locator(".modal-layer iframe")
    expect(frame.locator("#said-from")).to_have_text("board")
    return frame


def test_the_page_fills_the_window_below_a_bar_with_its_title(desk: Desk) -> None:
    page = desk.open()
    frame = open_queue(page)
    window = page.get_by_role("dialog", name="The queue")
    header, body = window.locator(".frame-header").bounding_box(), window.locator("iframe").bounding_box()
    log, size = page.locator(".log").bounding_box(), page.viewport_size
    assert header and body and log and size
    assert (header["x"], header["y"], header["width"]) == (0, 0, size["width"])
    assert (body["x"], body["width"]) == (0, size["width"])
    assert body["y"] == pytest.approx(header["height"], abs=1)
    assert body["y"] + body["height"] == pytest.approx(log["y"], abs=1), "only the log stays in sight"
    expect(frame.locator("#said-size")).to_have_text(f"{round(body['width'])} {round(body['height'])}")
    expect(frame.locator("#said-board")).to_have_text(desk.board.id)
    expect(window.get_by_role("link", name="Elsewhere")).to_have_attribute("href", "https://forum.test/")
    expect(window.locator(".frame-header")).to_have_css("background-color", "rgb(21, 94, 117)")


@pytest.mark.parametrize("how", ["escape", "button", "page"])
def test_however_it_closes_the_focus_returns_to_the_button(desk: Desk, how: str) -> None:
    page = desk.open()
    frame = open_queue(page)
    window = page.get_by_role("dialog", name="The queue")
    assert page.evaluate("[...document.querySelectorAll('.board, .board-header, .topbar')].every((part) => part.closest('[inert]'))")
    if how == "escape":
        # Keys inside the page belong to the page: the board hears those of its own bar.
        window.get_by_role("button", name="Close window").focus()
        page.keyboard.press("Escape")
    elif how == "button":
        window.get_by_role("button", name="Close window").click()
    else:
        frame.get_by_role("button", name="close", exact=True).click()
    expect(window).to_be_hidden()
    expect(page.get_by_role("button", name="Queue")).to_be_focused()
    expect(page.locator(".alerts").get_by_text("The queue was closed")).to_be_visible()
    expect(page.locator(".modal-layer iframe")).to_have_count(0)


def test_it_becomes_a_window_of_its_usual_height_and_colour(desk: Desk) -> None:
    page = desk.open()
    open_queue(page).get_by_role("button", name="smaller").click()
    window = page.get_by_role("dialog", name="A smaller one")
    expect(window).not_to_have_class(re.compile("fullscreen"))
    expect(window.locator("iframe")).to_have_css("height", "400px")
    expect(window.locator(".frame-header")).to_have_css("background-color", "rgb(19, 92, 52)")
    expect(window.get_by_role("link", name="Elsewhere")).to_have_count(0)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_it_is_legible_and_accessible_in_both_themes(desk: Desk, theme: str) -> None:
    page = desk.open()
    if theme == "Dark":
        page.get_by_role("button", name="Dark").click()
    button = page.get_by_role("button", name="Queue")
    expect(button.locator("img")).to_have_attribute("src", re.compile(rf"icon\.svg\?{theme.lower()}$"))
    frame = open_queue(page)
    expect(frame.locator("html")).to_have_attribute("data-color-mode", theme.lower())
    found = Axe().run(page, context=".modal-layer", options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()


def test_a_reader_is_not_offered_what_needs_an_editor(desk: Desk) -> None:
    desk.be("cleo")
    page = desk.open()
    page.get_by_label("Board", exact=True).select_option("Roadmap")
    status = page.get_by_role("link", name="Status page")
    expect(status).to_have_attribute("href", "https://forum.test/")
    expect(page.get_by_role("button", name="Queue")).to_have_count(0)
