"""What a Power-Up asks of the board, through `t`."""

import json
import os
import re

import pytest
from playwright.sync_api import expect

from powerup.sandbox.trello import By
from tests.browser.host.conftest import CLIENT, Desk
from tests.cast import ADA, BEN


@pytest.mark.skipif(not os.environ.get(CLIENT), reason=f"set {CLIENT} to a copy of Trello's power-up.min.js to test with it too")
def test_the_library_is_the_one_that_was_named(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("button", name="Triage")).to_be_visible()
    versions = [frame.evaluate("window.TrelloPowerUp?.version") for frame in page.frames[1:]]
    assert len(versions) == 1 and versions[0]


def test_stored_data_is_kept_merged_and_limited(desk: Desk) -> None:
    desk.open_card()
    section = desk.section()
    expect(section.locator("#said-note")).to_have_text("none")
    section.get_by_role("button", name="save").click()
    # The section is loaded anew, so what it shows now comes from the board.
    expect(section.locator("#said-note")).to_have_text("seen")
    section.get_by_role("button", name="private").click()
    expect(section.locator("#said-private")).to_have_text('{"mood":"good"}')
    section.get_by_role("button", name="everything").click()
    expect(section.locator("#said-everything")).to_contain_text('"note":"seen"')
    section.get_by_role("button", name="too-long").click()
    expect(section.locator("#said-too-long")).to_contain_text("failed: PluginData length of 8192 characters exceeded")
    section.get_by_role("button", name="bad-scope").click()
    expect(section.locator("#said-bad-scope")).to_contain_text("failed:")
    section.get_by_role("button", name="forget").click()
    expect(section.locator("#said-note")).to_have_text("none")


def test_private_data_is_for_its_owner_alone(desk: Desk) -> None:
    desk.open_card()
    section = desk.section()
    section.get_by_role("button", name="private").click()
    expect(section.locator("#said-private")).to_have_text('{"mood":"good"}')
    desk.be("ben")
    desk.open_card()
    section = desk.section()
    section.get_by_role("button", name="everything").click()
    expect(section.locator("#said-everything")).not_to_contain_text("good")


def test_identity_is_signed_and_asked_once(desk: Desk) -> None:
    desk.open_card()
    section = desk.section()
    section.get_by_role("button", name="jwt").click()
    expect(section.locator("#said-jwt")).to_contain_text("true ")
    claims = json.loads(section.locator("#said-jwt").inner_text().removeprefix("true "))
    plugin = desk.trello.options.power_up.id
    expected = {"idMember": ADA.trello_id, "idBoard": desk.board.id, "idPlugin": plugin, "state": "s", "iss": "trello"}
    assert expected.items() <= claims.items()


def test_signed_out_there_is_no_identity(desk: Desk) -> None:
    desk.be(None)
    page = desk.open("/")
    page.get_by_role("link", name="Dark mode").click()
    section = desk.section()
    expect(section.locator("#said-signed-in")).to_have_text("false false")
    expect(section.locator("#said-member")).to_contain_text("Nobody is signed in")
    section.get_by_role("button", name="jwt").click()
    expect(section.locator("#said-jwt")).to_have_text("failed: No active member in context.")


def test_attaching_draws_the_card_anew(desk: Desk) -> None:
    page = desk.open_card()
    section = desk.section()
    section.get_by_role("button", name="attach").click()
    expect(section.locator("#said-card")).to_contain_text("Runs fail at night; 3;")
    expect(page.locator(".attachment-sections")).to_contain_text("2 thread(s)")
    assert desk.card().attachments[-1].name == "Ninety-nine"


def test_a_change_elsewhere_renders_the_section_without_loading_it(desk: Desk) -> None:
    desk.open_card()
    section = desk.section()
    expect(section.locator("#said-draws")).to_have_text("1")
    desk.store.update_card(desk.card(), By(BEN.trello_id), name="Runs fail at noon")
    expect(section.locator("#said-card")).to_contain_text("Runs fail at noon")
    expect(section.locator("#said-draws")).to_have_text("2")


def test_the_theme_follows(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("button", name="Dark").click()
    desk.open_card()
    section = desk.section()
    expect(section.locator("#said-theme")).to_have_text("dark var(--ds-text-subtle) true")
    page.get_by_role("button", name="Light", include_hidden=True).dispatch_event("click")
    expect(section.locator("#said-heard-theme")).to_have_text("light")
    expect(section.locator("html")).to_have_attribute("data-color-mode", "light")


def test_what_is_wrong_is_refused_with_words(desk: Desk) -> None:
    page = desk.open_card()
    section = desk.section()
    for name, words in {"placeless": "failed:", "alert": "failed:", "unknown": "failed: .*request-token"}.items():
        section.get_by_role("button", name=name).click()
        expect(section.locator(f"#said-{name}")).to_have_text(re.compile(words))
    page.get_by_role("button", name="Go away").click()
    expect(page.get_by_role("status").filter(has_text="this site only")).to_be_visible()


def test_a_window_can_be_opened_to_sign_in_elsewhere(desk: Desk) -> None:
    page = desk.open_card()
    with page.expect_popup() as opened:
        desk.section().get_by_role("button", name="window").click()
    expect(desk.section().locator("#said-window")).to_have_text("true")
    opened.value.close()


def test_a_card_can_be_closed_from_within(desk: Desk) -> None:
    page = desk.open_card()
    desk.section().get_by_role("button", name="hide").click()
    expect(page.locator(".card-layer")).to_be_hidden()
