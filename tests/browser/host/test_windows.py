"""Popups, modal windows, the board bar and alerts that a Power-Up opens."""

import re

from playwright.sync_api import Page, expect

from tests.browser.host.conftest import Desk


def alert(page: Page, words: str) -> None:
    expect(page.locator(".alerts").get_by_text(words)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("region", name="Power-Ups").get_by_role("button", name=name).click()


def test_a_list_popup_is_searched_by_the_power_up(desk: Desk) -> None:
    page = desk.open_card()
    press(page, "Find ticket")
    popup = page.get_by_role("dialog", name="Find a ticket")
    expect(popup.get_by_role("listitem")).to_have_count(3)
    page.keyboard.type("login")
    expect(popup.get_by_role("listitem")).to_have_text(["Login loops"])
    popup.get_by_placeholder("Search tickets").fill("nothing")
    expect(popup.get_by_text("No such ticket")).to_be_visible()
    popup.get_by_placeholder("Search tickets").fill("invoice")
    popup.get_by_role("button", name="Invoice is blank").click()
    alert(page, "Chose Invoice is blank")
    expect(popup).to_be_hidden()


def test_a_plain_list_has_functions_and_addresses(desk: Desk) -> None:
    page = desk.open_card()
    desk.section()
    page.get_by_role("button", name="Link…").click()
    popup = page.get_by_role("dialog", name="Pick")
    expect(popup.get_by_role("link", name="Elsewhere")).to_have_attribute("href", "https://forum.test/")
    popup.get_by_role("button", name="First").click()
    alert(page, "First it is")


def test_a_question_is_answered_either_way(desk: Desk) -> None:
    page = desk.open_card()
    for answer, words in {"Tell": "Told", "Not now": "Kept quiet"}.items():
        press(page, "Ask first")
        page.get_by_role("dialog", name="Sure?").get_by_role("button", name=answer).click()
        alert(page, words)
        expect(page.get_by_role("dialog", name="Sure?")).to_be_hidden()


def test_a_date_is_chosen(desk: Desk) -> None:
    page = desk.open_card()
    press(page, "Set a date")
    page.get_by_role("dialog", name="When?").get_by_label("When?").fill("2026-11-23")
    page.get_by_role("button", name="Save").click()
    alert(page, "Date 2026-11-23")


def test_popups_stack_and_go_back_and_say_when_done(desk: Desk) -> None:
    page = desk.open_card()
    page.get_by_role("button", name="on us").click()
    frame = page.frame_locator(".popup iframe >> visible=true")
    expect(frame.locator("#said-why")).to_have_text("two days")
    frame.get_by_role("button", name="deeper").click()
    expect(page.get_by_role("dialog", name="Deeper")).to_be_visible()
    expect(frame.locator("#said-why")).to_have_text("deeper")
    frame.get_by_role("button", name="back").click()
    expect(page.get_by_role("dialog", name="Why")).to_be_visible()
    frame.get_by_role("button", name="finish").click()
    expect(page.locator(".popup")).to_be_hidden()
    alert(page, "Done was said")


def test_a_section_opens_a_popup_where_it_was_clicked(desk: Desk) -> None:
    page = desk.open_card()
    desk.section().get_by_role("button", name="popup").click()
    popup = page.get_by_role("dialog", name="From the section")
    expect(page.frame_locator(".popup iframe").locator("#said-why")).to_have_text("section")
    window, section = popup.bounding_box(), page.locator(".powerup-sections iframe").bounding_box()
    assert window and section and window["x"] >= section["x"]
    page.keyboard.press("Escape")
    page.frame_locator(".popup iframe").get_by_role("button", name="close").click()
    expect(popup).to_be_hidden()


def test_a_modal_window_is_renamed_and_closed(desk: Desk) -> None:
    page = desk.open_card()
    press(page, "Open window")
    frame = page.frame_locator(".modal-layer iframe")
    expect(frame.locator("#said-from")).to_have_text("button")
    page.get_by_role("dialog", name="A window").get_by_role("button", name="Say hello").click()
    alert(page, "Hello from the action")
    frame.get_by_role("button", name="rename").click()
    expect(page.get_by_role("dialog", name="Another name")).to_have_class(re.compile("fullscreen"))
    frame.get_by_role("button", name="close", exact=True).click()
    expect(page.locator(".modal-layer")).to_be_hidden()
    alert(page, "The window was closed")
    expect(page.locator(".card-layer")).to_be_visible()


def test_escape_closes_one_thing_at_a_time(desk: Desk) -> None:
    page = desk.open_card()
    press(page, "Open window")
    expect(page.locator(".modal-layer")).to_be_visible()
    page.get_by_role("dialog", name="A window").get_by_role("heading").click()
    page.keyboard.press("Escape")
    expect(page.locator(".modal-layer")).to_be_hidden()
    expect(page.locator(".card-layer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".card-layer")).to_be_hidden()


def test_a_bar_opens_at_the_bottom(desk: Desk) -> None:
    page = desk.open_card()
    press(page, "Open bar")
    bar = page.get_by_role("region", name="A bar", include_hidden=True)
    expect(bar.locator("iframe")).to_be_attached()
    frame = page.frame_locator(".board-bar-layer iframe")
    expect(frame.locator("#said-from")).to_have_text("bar")
    page.get_by_role("button", name="Close card").click()
    frame.get_by_role("button", name="close-bar").click()
    expect(page.locator(".board-bar-layer")).to_be_hidden()
