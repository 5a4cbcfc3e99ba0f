"""One key a thread: the whole backlog by keyboard, and every kind of decision taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.desk import of
from tests.browser.triage.stage import Stage, click_word, cursor, expect_cursor, expect_saved, press, rows, subjects
from tests.cast import BEN


def linked_card(stage: Stage, subject: str) -> int:
    """A thread that stands on a card already, so that the next one like it can join it."""
    (first,) = stage.threads(subject)
    topic = max(stage.world.forum.store.rows.topics)
    stage.world.link(stage.world.forum.store.rows.topics[topic])
    return first


def test_ten_threads_go_by_keys_alone(stage: Stage) -> None:
    linked_card(stage, "Runs stop with code 137 in the evening")
    ids = stage.threads(
        "No heartbeat one",
        "Dashboard is blank",
        "A word about nothing",
        "Runs stop with code 137 in the morning",
        "Thank you all",
        "No heartbeat at night",
        "No heartbeat for hours",
        "A timeout again",
        "Dashboard is slow",
        "No heartbeat two",
    )
    page = stage.open()
    expect(page.locator(".left")).to_have_text("10 left")
    expect_cursor(page, "No heartbeat one")
    press(page, "Enter")
    expect_cursor(page, "Dashboard is blank")
    press(page, "Enter")
    expect_cursor(page, "A word about nothing")
    press(page, "/")
    page.keyboard.type("web")
    press(page, "Enter")
    expect_cursor(page, "Runs stop with code 137 in the morning")
    expect(page.get_by_role("heading", name="Similar open cards")).to_be_visible()
    press(page, "l", "1")
    expect_cursor(page, "Thank you all")
    press(page, "x", "s", "3")
    expect_cursor(page, "No heartbeat for hours")
    press(page, "i", "o")
    expect(cursor(page).get_by_text("Outage")).to_be_visible()
    press(page, "2")
    expect_cursor(page, "A timeout again")
    press(page, "Enter", "1")
    expect_cursor(page, "No heartbeat two")
    press(page, "/")
    page.keyboard.type("ben")
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text("Ben Lindqvist")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect(page.get_by_text(re.compile(r"10 threads in .* % first suggestion"))).to_be_visible()
    expect_saved(page)
    teams = [stage.team_of(each) for each in ids]
    deployments, web = "Deployments", "Web & API"
    assert teams == [deployments, web, web, deployments, None, None, web, deployments, web, deployments]
    assert [stage.standing(each) for each in ids[4:6]] == ["no_action", "snoozed"]
    assert stage.history(ids[9])[0]["person"]["id"] == BEN.trello_id
    # One for each that was assigned; the linked one joined a card that was there.
    assert len(stage.cards()) == 7


@pytest.mark.parametrize("keys", [["Enter"], ["2"], ["x"], ["s", "1"], ["l", "1"]], ids=["assign", "team", "no action", "snooze", "link"])
def test_each_kind_of_decision_is_taken_back_by_one_key(stage: Stage, keys: list[str]) -> None:
    linked_card(stage, "Runs stop with code 137 in the evening")
    (ticket, _other) = stage.threads("Runs stop with code 137: no heartbeat", "Dashboard is blank")
    page = stage.open()
    expect(page.get_by_role("button", name="Link", exact=True)).to_be_visible()
    press(page, *keys)
    expect_cursor(page, "Dashboard is blank")
    expect_saved(page)
    assert stage.standing(ticket) != "new"
    press(page, "u")
    expect_cursor(page, "Runs stop with code 137: no heartbeat")
    expect(page.locator(".left")).to_have_text("2 left")
    expect_saved(page)
    assert stage.standing(ticket) == "new"
    assert stage.cards() == []
    page.reload()
    expect(rows(page)).to_have_count(2)


def test_undo_goes_further_back_each_time_also_after_the_cards_were_made(stage: Stage) -> None:
    ids = stage.threads("No heartbeat one", "No heartbeat two", "No heartbeat three")
    page = stage.open()
    press(page, "Enter", "x", "Enter")
    expect_saved(page)
    assert sorted(stage.cards()) == ["No heartbeat one", "No heartbeat three"]
    press(page, "u", "u", "u")
    expect(rows(page)).to_have_count(3)
    expect_cursor(page, "No heartbeat one")
    expect_saved(page)
    assert stage.cards() == []
    assert [stage.standing(each) for each in ids] == ["new"] * 3
    press(page, "u")
    expect(page.get_by_text("Nothing to undo.")).to_be_visible()


def test_an_impact_is_set_by_two_keys_and_taken_back(stage: Stage) -> None:
    stage.threads("No heartbeat one", "No heartbeat two")
    page = stage.open()
    press(page, "i")
    expect(page.get_by_role("dialog", name="Impact")).to_be_visible()
    press(page, "h")
    expect(cursor(page).get_by_text("High")).to_be_visible()
    expect_saved(page)
    assert stage.desk.rows()[0]["impact"] == "high"
    press(page, "u")
    expect(cursor(page).get_by_text("High")).to_be_hidden()
    expect_saved(page)
    assert {row["impact"] for row in stage.desk.rows()} == {"normal"}


def test_a_canned_reply_goes_to_the_customer_by_name_and_the_row_stays(stage: Stage) -> None:
    of(stage.desk.ben.post("/api/v1/triage/canned-replies", {"title": "We look", "text": "Hello {name}, we are looking into it."}))
    (ticket,) = stage.threads("No heartbeat one")
    page = stage.page()
    page.clock.install()
    page.goto(f"{stage.url}/triage")
    expect_cursor(page, "No heartbeat one")
    page.clock.fast_forward(500)
    press(page, "r")
    expect(page.get_by_role("option", name=re.compile("We look"))).to_be_visible()
    press(page, "1")
    box = page.get_by_role("textbox", name="Reply to Mei")
    expect(box).to_have_value("Hello {name}, we are looking into it.")
    # A letter is a letter while somebody writes.
    box.press("x")
    press(page, "Backspace", "Control+Enter")
    expect(box).to_be_hidden()
    expect(rows(page)).to_have_count(1)
    page.clock.fast_forward(6_000)
    expect_saved(page)
    stage.world.deliver()
    topic = stage.world.forum.store.rows.topics[max(stage.world.forum.store.rows.topics)]
    assert "Hello Mei, we are looking into it." in stage.world.posts(topic)[-1]
    assert stage.standing(ticket) == "new"


def test_a_reply_can_be_taken_back_for_a_moment(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.open()
    press(page, "r")
    box = page.get_by_role("textbox", name="Reply to Mei")
    box.fill("Oh no")
    press(page, "Control+Enter")
    press(page, "u")
    expect(box).to_have_value("Oh no")
    expect_saved(page)
    stage.world.deliver()
    topic = stage.world.forum.store.rows.topics[max(stage.world.forum.store.rows.topics)]
    assert len(stage.world.posts(topic)) == 1


def test_a_word_that_was_selected_becomes_a_keyword_and_the_rows_know_at_once(stage: Stage) -> None:
    stage.threads("The zeppelin does not land", "Our zeppelin is late")
    page = stage.open()
    expect(cursor(page).get_by_text("No suggestion")).to_be_visible()
    click_word(page, "zeppelin")
    expect(page.get_by_text("Add “zeppelin” to")).to_be_visible()
    press(page, "w")
    menu = page.get_by_role("dialog", name="Add “zeppelin” to the keywords of")
    expect(menu).to_be_visible()
    page.keyboard.type("portal")
    press(page, "Enter")
    expect(rows(page).locator(".rank-1")).to_have_text(["1Web & API"] * 2)
    expect(cursor(page).locator("mark", has_text="zeppelin").first).to_be_visible()


def test_the_keys_are_listed_and_rest_in_fields(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.open()
    press(page, "?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_.get_by_text("Give it to the first suggestion")).to_be_visible()
    press(page, "x", "Escape")
    expect(help_).to_be_hidden()
    press(page, "f")
    page.keyboard.type("x1u")
    expect(page.get_by_role("searchbox")).to_have_value("x1u")
    press(page, "Escape", "Control+x")
    expect(rows(page)).to_have_count(1)
    assert stage.desk.rows()


def test_keys_walk_and_the_list_says_where(stage: Stage) -> None:
    stage.threads(*(f"No heartbeat {number}" for number in range(30)))
    page = stage.open()
    listbox = page.get_by_role("listbox", name="Threads to triage")
    press(page, "j", "ArrowDown", "k")
    expect_cursor(page, "No heartbeat 1")
    active = listbox.get_attribute("aria-activedescendant")
    assert active and page.locator(f"#{active}").inner_text().startswith("No heartbeat 1")
    press(page, "End")
    expect_cursor(page, "No heartbeat 29")
    expect(cursor(page)).to_be_in_viewport()
    press(page, "Home")
    expect_cursor(page, "No heartbeat 0")
    press(page, "PageDown")
    assert int(cursor(page).get_attribute("aria-posinset") or "") > 5
    assert cursor(page).get_attribute("aria-setsize") == "30"


def test_filters_views_and_search_narrow_the_queue(stage: Stage) -> None:
    (first, _second) = stage.threads("No heartbeat one", "Dashboard is blank")
    stage.guess_areas()
    page = stage.open()
    page.get_by_label("Team", exact=True).select_option("Web & API")
    expect(rows(page)).to_have_count(1)
    expect_cursor(page, "Dashboard is blank")
    page.get_by_role("button", name="Save view…").click()
    page.get_by_role("textbox", name="Save this view as").fill("Ours")
    press(page, "Enter")
    view = page.get_by_role("button", name="Ours", exact=True)
    expect(view).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(2)
    press(page, "f")
    page.keyboard.type("heartbeat")
    press(page, "Enter")
    expect(rows(page)).to_have_count(1)
    press(page, "x")
    expect(page.get_by_role("heading", name="No thread here")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Show all").last.click()
    expect(rows(page)).to_have_count(1)
    expect_saved(page)
    page.get_by_label("Standing").select_option("No action")
    expect_cursor(page, "No heartbeat one")
    press(page, "Enter")
    expect_saved(page)
    assert stage.team_of(first) == "Deployments"
    page.reload()
    view.click()
    expect(rows(page)).to_have_count(1)
    assert subjects(page) == ["Dashboard is blank"]


def test_enter_alone_neither_raises_an_alarm_nor_links_to_a_card_of_another_thread(stage: Stage) -> None:
    linked_card(stage, "Runs stop with code 137 in the evening")
    stage.threads("Runs stop with code 137 in the morning", "Thank you all")
    page = stage.open()
    expect(page.get_by_role("heading", name="Similar open cards")).to_be_visible()
    press(page, "j", "i")
    chosen = page.get_by_role("dialog").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Normal")
    press(page, "Enter")
    expect(cursor(page).get_by_text("Outage")).to_be_hidden()
    press(page, "l")
    box = page.get_by_placeholder("Type to search all open cards")
    expect(box).to_be_focused()
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(0)
    press(page, "Enter")
    expect(box).to_be_focused()
    page.keyboard.type(stage.world.card.name.split()[0])
    expect(chosen).to_contain_text(stage.world.card.name)
    press(page, "Enter")
    expect_saved(page)
    expect(page.locator(".left")).to_have_text("1 left")


def test_the_count_says_what_it_counts(stage: Stage) -> None:
    stage.threads("No heartbeat one", "No heartbeat two", "Dashboard is blank")
    page = stage.open()
    expect(page.locator(".left-about")).to_contain_text("about")
    page.get_by_label("Search in the queue").fill("dashboard")
    expect(page.locator(".left")).to_have_text("1 of 3")
    press(page, "Enter")
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(3)
    press(page, "s", "1")
    page.get_by_label("Standing").select_option("Snoozed")
    expect(page.locator(".left")).to_have_text("1 snoozed")
    expect(page.locator(".left-about")).to_be_empty()
    page.get_by_label("Standing").select_option("No action")
    expect(page.locator(".left")).to_have_text("0 set aside")
