"""Whose a customer's thread is, seen and changed on its card."""

from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.trello.store.models import Card
from tests.browser.desk.looks import expect_no_barrier
from tests.browser.story.stage import Board, Stage, eventually, pictured


def ticket_of(stage: Stage, topic: Topic) -> int:
    """Our id of a thread."""
    url = stage.url(topic)
    return int(stage.api("POST", "previews", {"urls": [url]})["previews"][url]["ticket"]["id"])


def team(stage: Stage, name: str) -> dict[str, Any]:
    """A team of the Ownership board."""
    found: dict[str, Any] = next(each for each in stage.api("GET", "teams")["teams"] if each["name"] == name)
    return found


def assigned(stage: Stage, title: str) -> tuple[int, Card]:
    """A thread of this test's own, given to Deployments, and the card that was made for it."""
    ticket = ticket_of(stage, stage.new_thread(title))
    wanted = {"kind": "assign", "ticket_ids": [ticket], "team_id": team(stage, "Deployments")["id"], "batch": token_hex(8)}
    assert stage.api("POST", "triage/decisions", wanted)["refused"] == []
    return ticket, eventually(lambda: card_called(stage, title), "the card")


def card_called(stage: Stage, name: str, *, board: str | None = None) -> Card | None:
    """An open card, on this board if one is named."""
    store, boards = stage.running.trello.store, stage.running.story.boards
    with store.lock:
        for key in [board] if board else boards:
            for card in store.cards_of(boards[key]):
                if card.name == name and not card.closed:
                    return card
    return None


def opened(stage: Stage, name: str, **options: Any) -> tuple[Board, FrameLocator, Locator]:
    """The board, the card's section, and the strip that says whose the thread is."""
    board = stage.open_board(**options)
    section = board.open_card(name)
    owner = section.get_by_role("group", name="Owner and impact")
    expect(owner).to_contain_text("Deployments")
    return board, section, owner


@pytest.fixture(autouse=True)
def _closed(stage: Stage) -> Iterator[None]:
    """What these tests made is out of the way of the others."""
    yield
    store = stage.running.trello.store
    with store.lock:
        for name in [
            card.name for key in stage.running.story.boards.values() for card in store.cards_of(key) if card.name.startswith("Owner: ")
        ]:
            if card := card_called(stage, name):
                card.closed = True


def test_somebody_takes_a_thread_and_thinks_again(stage: Stage) -> None:
    name = "Owner: the agent sleeps"
    _ticket, card = assigned(stage, name)
    board, section, owner = opened(stage, name)
    expect(owner).to_contain_text("nobody has taken it")
    expect(owner).to_contain_text("by you")
    pictured(board.page, "owner-card")
    owner.get_by_role("button", name="Take it").press("Enter")
    expect(owner.locator(".owner-who strong").last).to_have_text("you")
    expect(owner.get_by_role("button", name="Take it")).to_have_count(0)
    eventually(lambda: stage.running.story.members["ada"] in card.member_ids, "Ada on the card")
    section.get_by_role("button", name="Undo").press("Enter")
    expect(owner).to_contain_text("nobody has taken it")
    eventually(lambda: stage.running.story.members["ada"] not in card.member_ids, "Ada off the card")


def test_a_thread_is_passed_on_by_a_few_letters(stage: Stage) -> None:
    name = "Owner: the page is blank"
    ticket, _card = assigned(stage, name)
    board, section, owner = opened(stage, name)
    owner.get_by_role("button", name="Pass on…").press("Enter")
    to = section.get_by_role("combobox", name="Pass on to")
    expect(to).to_be_focused()
    board.page.keyboard.type("noor")
    expect(section.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    to.press("Enter")
    card = eventually(lambda: card_called(stage, name, board="web"), "the card on the other board")
    eventually(lambda: stage.running.story.members["noor"] in card.member_ids, "Noor on the card")
    history = stage.api("GET", f"triage/tickets/{ticket}")["history"]
    assert [each["team"]["name"] for each in history] == ["Web & API", "Deployments"]


def test_escape_leaves_the_search_and_the_thread_where_they_were(stage: Stage) -> None:
    name = "Owner: the disk is full"
    assigned(stage, name)
    board, section, owner = opened(stage, name)
    owner.get_by_role("button", name="Pass on…").click()
    board.page.keyboard.type("nobody is called so")
    expect(section.get_by_text("No team and nobody is called like that.")).to_be_visible()
    board.page.keyboard.press("Escape")
    expect(section.get_by_role("combobox", name="Pass on to")).to_have_count(0)
    expect(owner.get_by_role("button", name="Take it")).to_be_focused()


def test_a_thread_goes_back_to_triage_with_a_reason(stage: Stage) -> None:
    name = "Owner: the invoice is wrong"
    ticket, card = assigned(stage, name)
    _board, section, owner = opened(stage, name)
    owner.get_by_role("button", name="Hand back…").press("Enter")
    why = section.get_by_role("textbox", name="Why?")
    expect(why).to_be_focused()
    why.fill("This is about invoices")
    why.press("Enter")
    said = section.get_by_text("Handed back: the thread stands near the top of the triage queue.")
    # The worker may archive the card so soon that its section is gone before anybody reads that.
    eventually(lambda: said.is_visible() or card.closed, "the word that it went back")
    row = stage.api("GET", f"triage/tickets/{ticket}")["row"]
    assert (row["standing"], row["handed_back_by"]["why"]) == ("new", "This is about invoices")
    eventually(lambda: card.closed, "the card's end")


def test_impact_changes_label_badge_and_target_and_says_why(stage: Stage) -> None:
    name = "Owner: everything is slow"
    ticket, card = assigned(stage, name)
    board, section, owner = opened(stage, name)
    expect(owner.locator("closeloop-pill")).to_have_text("Answer due in 7 h")
    section.get_by_label("Impact", exact=True).select_option("High")
    expect(section.get_by_text("Impact: high.")).to_be_visible()
    expect(owner.locator("closeloop-pill")).to_have_text("Answer due in 59 min")
    labels = stage.running.trello.store.shelves.labels
    eventually(lambda: [labels[each].name for each in card.label_ids] == ["impact: high"], "the label")
    section.get_by_role("button", name="Undo").click()
    expect(section.get_by_label("Impact", exact=True)).to_have_value("normal")
    stage.api("PUT", f"tickets/{ticket}/impact", {"impact": "high"})
    board.page.reload()
    expect(board.badges(name)).to_contain_text(["High impact"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_is_legible_and_without_barriers(stage: Stage, scheme: str) -> None:
    name = f"Owner: contrast in {scheme}"
    assigned(stage, name)
    board, section, owner = opened(stage, name, color_scheme=scheme)
    owner.get_by_role("button", name="Pass on…").click()
    expect(section.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    expect_no_barrier(board.frame(".powerup-sections iframe"))
