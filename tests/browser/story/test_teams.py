"""Teams, areas, hours and targets in the settings: who owns what, and what needs mending."""

import re
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser.desk.looks import expect_no_barrier
from tests.browser.story.stage import Board, Stage, eventually, pictured


def team_card(settings: FrameLocator, name: str) -> Locator:
    """One team's part of the settings."""
    return settings.locator("closeloop-team", has=settings.locator(".team-name").get_by_text(name, exact=True))


def team(stage: Stage, name: str) -> dict[str, Any]:
    """A team as the API tells."""
    found: dict[str, Any] = next(each for each in stage.api("GET", "teams")["teams"] if each["name"] == name)
    return found


@pytest.fixture(autouse=True)
def _as_before(stage: Stage) -> Iterator[None]:
    """Whatever a test changes of the workspace is put back."""
    before = stage.api("GET", "triage/settings")
    yield
    stage.api("PUT", "triage/settings", before)
    for each in stage.api("GET", "teams")["teams"]:
        if each["by_hand"]:
            stage.api("PUT", f"teams/{each['id']}", {"reset": each["by_hand"]})


def opened(stage: Stage, team_name: str = "Deployments", **options: Any) -> tuple[Board, FrameLocator, Locator]:
    """Settings with one team open."""
    board = stage.open_board(**options)
    settings = board.settings()
    card = team_card(settings, team_name)
    card.locator("summary").press("Enter")
    return board, settings, card


def test_teams_are_those_of_the_board_and_what_needs_mending_is_said(stage: Stage) -> None:
    board, settings, card = opened(stage)
    expect(settings.get_by_role("heading", name=re.compile(r"Teams & areas \d+ to mend"))).to_be_visible()
    mend = settings.get_by_role("group", name="To mend on the board")
    expect(mend.get_by_role("link", name="Mobile app")).to_have_attribute("href", re.compile("/c/"))
    expect(mend).to_contain_text("This area has no keywords.")
    expect(mend).to_contain_text("“Pager:” is no setting of a team.")
    expect(settings.locator("closeloop-audit")).to_contain_text("Nobody owns “Command line tool”")
    expect(card).to_contain_text("Deployments › Inbox")
    expect(card).to_contain_text("Ben Lindqvist")
    expect(card.get_by_text("from the board", exact=True)).to_have_count(5)
    expect(card.locator("closeloop-area").filter(has_text="Agents")).to_contain_text("heartbeat")
    pictured(board.page, "settings-teams")


def test_what_is_set_by_hand_is_marked_and_given_back(stage: Stage) -> None:
    _board, settings, card = opened(stage)
    card.get_by_role("button", name="Edit team").press("Enter")
    card.get_by_label("Group on the forum").fill("deployments-emea")
    card.get_by_role("button", name="Save").press("Enter")
    expect(card).to_contain_text("deployments-emea")
    expect(card.get_by_text("set here")).to_have_count(1)
    expect(settings.get_by_text("Saved.")).to_be_visible()
    assert team(stage, "Deployments")["by_hand"] == ["forum_group"], "only what was changed"
    card.get_by_role("button", name="give back to the board").press("Enter")
    expect(card.get_by_text("set here")).to_have_count(0)
    eventually(lambda: team(stage, "Deployments")["forum_group"] == "deployments", "the reading")


@pytest.mark.console_errors_expected  # the browser writes the 422 to the console
def test_a_team_without_a_board_is_added_with_an_area_and_removed(stage: Stage) -> None:
    name = f"Guild {token_hex(3)}"
    _board, settings, _card = opened(stage)
    settings.get_by_role("button", name="Add a team…").press("Enter")
    form = settings.locator("closeloop-team-form")
    form.get_by_role("button", name="Add team").click()
    expect(form.locator(".field-problem, closeloop-problem:visible").first).to_be_visible()
    form.get_by_label("Name").fill(name)
    form.get_by_label("Board for its cards").select_option("Web & API")
    form.get_by_role("checkbox", name="Noor Haddad").check()
    form.get_by_label("Time", exact=True).fill("08:30")
    form.get_by_role("button", name="Add team").press("Enter")
    card = team_card(settings, name)
    card.locator("summary").click()
    expect(card).to_contain_text("Web & API › Inbox")
    expect(card).to_contain_text("08:30 Mon to Fri")
    card.get_by_role("button", name="Add an area…").click()
    card.get_by_label("Name").fill("Documentation site")
    card.get_by_label("Keywords").fill("readthedocs, Search box")
    card.get_by_role("button", name="Add area").click()
    expect(card.locator(".word")).to_have_text(["readthedocs", "search box"])
    card.get_by_role("button", name="Remove…").last.click()
    card.get_by_role("button", name="Remove", exact=True).click()
    expect(card).to_have_count(0)


def test_a_word_is_added_to_an_area_of_the_board_and_taken_away(stage: Stage) -> None:
    _board, _settings, card = opened(stage)
    word = f"gadget {token_hex(2)}"
    area = card.locator("closeloop-area").filter(has_text="Containers")
    area.get_by_role("button", name="Add a word").press("Enter")
    area.get_by_role("textbox").fill(word)
    area.get_by_role("textbox").press("Enter")
    expect(area.locator(".word.added")).to_have_text(re.compile(word))
    area.get_by_role("button", name=f"Take away “{word}”").press("Enter")
    expect(area.locator(".word.added")).to_have_count(0)


@pytest.mark.console_errors_expected  # the browser writes the 422 to the console
def test_what_is_wrong_is_said_at_the_field(stage: Stage) -> None:
    _board, _settings, card = opened(stage)
    card.get_by_role("button", name="Edit team").click()
    zone = card.get_by_label("Time zone")
    zone.fill("Mars/Olympus")
    card.get_by_role("button", name="Save").click()
    expect(card.locator(".field-problem")).to_contain_text("“Mars/Olympus” is no time zone.")
    expect(zone).to_be_focused()
    expect(zone).to_have_attribute("aria-invalid", "true")


def test_people_get_their_names_elsewhere(stage: Stage) -> None:
    _board, settings, _card = opened(stage)
    settings.locator("closeloop-people summary").press("Enter")
    form = settings.get_by_role("form", name="Ben Lindqvist")
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    form.get_by_label("Name on the forum").fill("ben")
    form.get_by_role("button", name="Save").press("Enter")
    expect(settings.get_by_role("form", name="Ben Lindqvist").get_by_role("button", name="Saved")).to_be_visible()


def test_hours_and_targets_are_shown_in_words_before_they_are_saved(stage: Stage) -> None:
    board, settings, _card = opened(stage)
    pace = settings.locator("closeloop-pace")
    expect(pace).to_contain_text("counted round the clock")
    expect(pace.get_by_role("list")).to_contain_text("Normal: first answer within 8 hours")
    pace.get_by_role("button", name="Change hours and targets").press("Enter")
    pace.get_by_label("Time zone").fill("Europe/Berlin")
    pace.get_by_label("Customers’ waiting is counted").uncheck()
    pace.get_by_role("checkbox", name="Friday").uncheck()
    pace.get_by_label("A holiday").fill("2026-12-25")
    pace.get_by_role("button", name="Add holiday").click()
    pace.get_by_label("Normal: First answer", exact=True).fill("4")
    expect(pace.get_by_role("list")).to_contain_text("Normal: first answer within 4 business hours")
    pictured(board.page, "settings-hours")
    pace.get_by_role("button", name="Save").press("Enter")
    expect(pace).to_contain_text("Mon to Thu 09:00 to 17:00, Europe/Berlin; 1 holiday.")
    expect(pace.get_by_text("Saved. Every waiting thread was measured anew.")).to_be_visible()
    assert stage.api("GET", "triage/settings")["hours"]["days"]["fri"] is None


def test_secrets_of_slack_are_written_and_never_shown(stage: Stage) -> None:
    _board, settings, _card = opened(stage)
    app = settings.locator("closeloop-slack-app")
    expect(app).to_contain_text("with buttons that act")
    expect(app.get_by_label("Request URL")).to_have_value(re.compile("/webhooks/slack/"))
    app.get_by_role("button", name="Replace the keys").click()
    expect(app.get_by_label("Bot token")).to_have_value("")
    expect(app.get_by_label("Signing secret")).to_have_value("")
    assert "xoxb" not in (app.inner_html())


def test_who_is_no_admin_sees_teams_and_hours(stage: Stage) -> None:
    settings = stage.open_board("ben").settings()
    expect(team_card(settings, "Deployments")).to_be_visible()
    expect(settings.locator("closeloop-pace")).to_contain_text("first answer within")
    expect(settings.get_by_role("group", name="To mend on the board")).to_be_visible()
    expect(settings.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_legible_and_without_barriers_in_the_narrow_popup(stage: Stage, scheme: str) -> None:
    board, settings, card = opened(stage, color_scheme=scheme)
    card.get_by_role("button", name="Edit team").click()
    settings.get_by_role("button", name="Change hours and targets").click()
    settings.get_by_label("Customers’ waiting is counted").uncheck()
    settings.locator("closeloop-people summary").click()
    expect(card.get_by_label("List for new cards")).to_have_value(re.compile(".+"))
    expect_no_barrier(board.frame("[role=dialog] iframe"))


def test_a_larger_window_is_one_press_away(stage: Stage) -> None:
    board = stage.open_board()
    board.settings().get_by_role("button", name="Open in a larger window").click()
    larger = board.popup("Closeloop")
    expect(larger.get_by_role("heading", name="This board")).to_be_visible()
    expect(team_card(larger, "Deployments")).to_be_visible()
    expect(larger.get_by_role("button", name="Open in a larger window")).to_have_count(0)
