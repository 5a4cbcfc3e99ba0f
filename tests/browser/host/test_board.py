"""The board page itself: what a person does there without any Power-Up."""

import re

from playwright.sync_api import expect

from powerup.sandbox.trello import By
from tests.browser.host.conftest import Desk
from tests.cast import BEN


def test_a_card_is_added_and_opened_and_closed_by_keyboard(desk: Desk) -> None:
    page = desk.open()
    doing = page.locator(".list", has=page.get_by_role("heading", name="Doing"))
    doing.get_by_role("button", name="Add a card").click()
    page.keyboard.type("Write the docs")
    page.keyboard.press("Enter")
    expect(doing.get_by_role("link", name="Write the docs")).to_be_visible()
    assert desk.card("Write the docs")

    page.keyboard.press("Escape")
    doing.get_by_role("link", name="Write the docs").press("Enter")
    dialog = page.get_by_role("dialog", name="Write the docs")
    expect(dialog).to_be_visible()
    expect(page).to_have_url(re.compile("/c/"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("/b/"))
    expect(doing.get_by_role("link", name="Write the docs")).to_be_focused()


def test_the_keyboard_stays_in_an_open_card(desk: Desk) -> None:
    page = desk.open_card()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('.board, .topbar, .board-header')")


def test_a_card_is_moved_by_menu_by_select_and_by_dragging(desk: Desk) -> None:
    page = desk.open()
    doing, done = (page.get_by_role("list", name=f"Cards in {name}") for name in ("Doing", "Done"))
    page.get_by_role("button", name="Move Login loops").click()
    page.get_by_role("dialog", name="Move card to").get_by_role("button", name="Done").click()
    expect(done.get_by_role("link", name="Login loops")).to_be_visible()

    page.get_by_role("link", name="Answer the weekly mail").click()
    page.get_by_label("List of this card").select_option("Doing")
    expect(page.locator(".activity")).to_contain_text("moved this card from Inbox to Doing")
    page.keyboard.press("Escape")
    expect(doing.get_by_role("link", name="Answer the weekly mail")).to_be_visible()

    page.locator(".tile", has_text="Runs fail").drag_to(page.locator(".tile", has_text="Login loops"), target_position={"x": 20, "y": 4})
    expect(done.locator(".tile-name")).to_have_text(["Runs fail at night", "Login loops"])
    store = desk.store
    with store.lock:
        first, second = desk.card(), desk.card("Login loops")
    assert (first.list_id, first.pos < second.pos) == (second.list_id, True)


def test_what_others_do_appears_by_itself(desk: Desk) -> None:
    page = desk.open_card()
    expect(page.locator(".activity")).to_contain_text("I look into it.")
    store, by = desk.store, By(BEN.trello_id)
    with store.lock:
        store.comment(desk.card(), "Found **the** cause, see https://docs.test/cause", by)
        inbox = store.lists_of(desk.board)[0]
        store.create_card(inbox, desk.board, by, name="A new thread")
    expect(page.locator(".comment").first).to_contain_text("Found the cause")
    expect(page.locator(".tile", has_text="A new thread")).to_be_attached()


def test_a_comment_and_an_attachment_go_through_the_api(desk: Desk) -> None:
    page = desk.open_card()
    page.get_by_label("Write a comment").fill("Thanks!")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment").first).to_contain_text("Ada Okafor")
    expect(page.locator(".comment").first).to_contain_text("Thanks!")
    page.get_by_role("button", name="Delete the attachment https://docs.test/runs").click()
    expect(page.locator(".attachment")).to_have_count(0)
    assert [one.url for one in desk.card().attachments] == ["https://forum.test/t/1"]


def test_another_person_sees_another_page(desk: Desk) -> None:
    page = desk.open()
    page.get_by_label("Who looks").select_option(label="Cleo Marchetti: a visitor")
    expect(page.get_by_text("There is no such board here, or you may not see it.")).to_be_visible()
    page.get_by_label("Board", exact=True).select_option("Roadmap")
    expect(page.get_by_role("link", name="Dark mode")).to_be_visible()
    expect(page.get_by_role("button", name="Add a card")).to_have_count(0)
    page.get_by_label("Who looks").select_option("Signed out")
    expect(page.get_by_role("link", name="Dark mode")).to_be_visible()


def test_dark_is_remembered(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-color-mode", "dark")
    expect(page.get_by_role("button", name="Light")).to_be_visible()
