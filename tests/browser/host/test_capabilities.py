"""What the board asks a Power-Up, and what becomes of the answers on the screen."""

import re

from playwright.sync_api import expect

from powerup.sandbox.trello import By
from tests.browser.host.conftest import Desk
from tests.cast import BEN


def test_badges_are_shown_and_asked_again_when_a_card_changes(desk: Desk) -> None:
    page = desk.open()
    tile = page.locator(".tile", has_text="Runs fail")
    expect(tile.locator(".badge[data-color=green]")).to_have_text("2 linked")
    expect(tile.locator(".badge[data-color=green] img")).to_have_attribute("src", re.compile(r"^http.*/icon\.svg$"))
    expect(tile.locator(".badge[data-color=red]")).to_have_text(re.compile(r"tick \d"))
    desk.store.attach(desk.card(), "https://forum.test/t/2", By(BEN.trello_id))
    expect(tile.locator(".badge[data-color=green]")).to_have_text("3 linked")


def test_an_open_card_shows_detail_badges_buttons_and_sections(desk: Desk) -> None:
    page = desk.open_card()
    expect(page.get_by_role("button", name="on us")).to_have_attribute("data-color", "orange")
    expect(page.get_by_role("link", name="open", exact=True)).to_have_attribute("href", "https://forum.test/")
    expect(page.locator(".detail-badge", has_text="now")).to_be_visible()
    buttons = page.get_by_role("region", name="Power-Ups")
    expect(buttons.get_by_text("Admins only")).to_be_visible()
    expect(buttons.get_by_text("Readers only")).to_have_count(0)
    section = desk.section()
    expect(section.locator("#said-arg")).to_have_text("section, fallback")
    expect(section.locator("#said-card")).to_have_text("Runs fail at night; 2; red,orange; 4 fields")
    expect(section.locator("#said-board")).to_have_text("Support; 2 members; Inbox,Doing,Done")
    expect(section.locator("#said-signed-in")).to_have_text("true true")
    height = page.locator(".powerup-sections iframe").evaluate("frame => frame.offsetHeight")
    assert height > 200, "sizeTo made the frame fit"


def test_attachments_are_claimed_and_addresses_get_names(desk: Desk) -> None:
    page = desk.open_card()
    claimed = page.locator(".attachment-sections section", has_text="1 thread(s)")
    expect(claimed.frame_locator("iframe").locator("#said-claimed")).to_have_text('["https://forum.test/t/1"]')
    expect(page.locator(".attachment")).to_have_count(1)
    expect(page.locator(".attachment")).to_contain_text("Docs: runs")
    expect(page.locator(".card-desc")).to_contain_text("See Docs: runs")


def test_a_pasted_address_becomes_a_card(desk: Desk) -> None:
    page = desk.open()
    expect(page.locator(".badge[data-color=green]").first).to_be_visible()
    for text in ("https://forum.test/t/77", "https://other.test/"):
        page.locator(".list").first.locator(".composer-open, textarea").locator("visible=true").click()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator(".list").first.locator("textarea")).to_have_value("")
        page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Thread t/77")).to_be_visible()
    expect(page.get_by_role("link", name="https://other.test/")).to_be_visible()
    made = desk.card("Thread t/77")
    assert (made.desc, [one.url for one in made.attachments]) == ("Made from a **thread**", ["https://forum.test/t/77"])


def test_list_actions_and_sorters(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("button", name="Triage")).to_be_visible()
    menu = page.get_by_role("button", name="Actions of the list Inbox")
    menu.click()
    popup = page.get_by_role("dialog", name="Inbox")
    expect(popup.get_by_role("button", name=re.compile("Action"))).to_have_count(3)
    popup.get_by_role("button", name="Action 2").click()
    expect(page.get_by_role("status").filter(has_text="Action 2 ran")).to_be_visible()
    popup.get_by_role("button", name="Sort: By name").click()
    expect(page.locator(".list").first.locator(".tile-name")).to_have_text(["Answer the weekly mail", "Login loops", "Runs fail at night"])


def test_settings_and_authorization_are_in_the_menu(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("button", name="Triage")).to_be_visible()
    page.get_by_role("button", name="Power-Ups").click()
    page.get_by_role("button", name="Authorize account").click()
    expect(page.frame_locator(".popup iframe").locator("#said-why")).to_have_text("authorize")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name=re.compile("^Settings")).click()
    expect(page.frame_locator(".popup iframe").locator("#said-why")).to_have_text("settings")
    page.get_by_role("button", name="Close popup").click()
    page.get_by_role("button", name="Power-Ups").click()
    expect(page.get_by_role("button", name=re.compile("^Settings"))).to_be_visible()
    expect(page.get_by_role("button", name="Authorize account")).to_have_count(0)


def test_a_power_up_is_switched_off_and_on(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("button", name="Triage")).to_be_visible()
    page.get_by_role("button", name="Power-Ups").click()
    page.get_by_role("button", name="Switch Test Power-Up off").click()
    expect(page.get_by_role("button", name="Triage")).to_have_count(0)
    page.get_by_role("button", name="Power-Ups").click()
    page.get_by_role("button", name="Switch Test Power-Up on").click()
    expect(page.get_by_role("dialog", name="Welcome").frame_locator("iframe").locator("#said-from")).to_have_text("enabling")


def test_a_reader_gets_what_is_for_readers(desk: Desk) -> None:
    desk.be("cleo")
    page = desk.open()
    page.get_by_label("Board", exact=True).select_option("Roadmap")
    page.get_by_role("link", name="Dark mode").click()
    buttons = page.get_by_role("region", name="Power-Ups")
    expect(buttons.get_by_role("button")).to_have_text(["Readers only"])
    section = desk.section()
    expect(section.locator("#said-signed-in")).to_have_text("true false")
    section.get_by_role("button", name="save").click()
    expect(section.locator("#said-save")).to_contain_text("may not change the board")
    section.get_by_role("button", name="attach").click()
    expect(section.locator("#said-attach")).to_contain_text("failed:")
