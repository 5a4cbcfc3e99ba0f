"""The morning call in the demo: a newcomer clears the whole backlog with the keyboard, and finds what came of it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from powerup.sandbox.demo import Demo, DemoOptions, Running
from tests.helpers import wait_for

PATIENCE = 120.0
"""Seconds for a few dozen cards to be made by one worker on a busy machine."""


@pytest.fixture
def demo() -> Iterator[Running]:
    """A demo of its own: nothing of the backlog is left for others."""
    with Demo(DemoOptions(first_port=0, quiet=True)).started() as running:
        yield running


def test_a_newcomer_clears_the_backlog_and_finds_cards_messages_assignments_and_the_digest(
    demo: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto(demo.board_url)
    page.get_by_role("button", name="Triage").click()
    triage = page.frame_locator(".modal-layer iframe")
    left = triage.locator(".left")
    expect(left).to_have_text(re.compile(r"^\d+ left"), timeout=20_000)
    decided = clear(page, triage)
    assert decided >= 30
    wait_for(lambda: len(new_cards(demo)) >= decided, PATIENCE, "a card for each thread")
    wait_for(lambda: len(demo.slack.messages) >= decided, PATIENCE, "a message about each")
    wait_for(lambda: len(assigned(demo)) >= decided, PATIENCE, "each assignment on the forum")
    made = new_cards(demo)
    assert len(made) == decided, "one card a thread"
    assert {board for board, _ in made} == {"deployments", "web", "success"}
    see_the_digest(triage)


def clear(page: Page, triage: FrameLocator) -> int:
    """Enter takes the suggestion; where nothing speaks for a team, the first one gets it. How many threads were decided."""
    cursor, done = triage.locator("closeloop-triage-row.cursor"), triage.get_by_role("heading", name="All done")
    for number in range(200):
        expect(cursor.or_(done).first).to_be_visible()
        if done.is_visible():
            return number
        subject = cursor.locator(".row-subject").text_content() or ""
        page.keyboard.press("1" if "No suggestion" in (cursor.text_content() or "") else "Enter")
        expect(cursor.filter(has_text=subject)).to_have_count(0)
    raise AssertionError("the queue does not end")


def new_cards(demo: Running) -> list[tuple[str, str]]:
    """Board and name of the cards that stand for a thread of the backlog."""
    boards = {demo.story.boards[key]: key for key in ("deployments", "web", "success")}
    with demo.trello.store.lock:
        cards = list(demo.trello.store.shelves.cards.values())
        known = set(demo.story.cards.values())
        return [
            (boards[card.board_id], card.name) for card in cards if card.id not in known and card.board_id in boards and not card.closed
        ]


def assigned(demo: Running) -> list[str]:
    """Groups (or people) to whom the forum shows threads assigned."""
    with demo.forum.store.lock:
        topics = list(demo.forum.store.rows.topics.values())
        return [name for topic in topics if (name := topic.assigned_group or topic.assigned_user)]


def see_the_digest(triage: FrameLocator) -> None:
    """From the triage page to a team's digest."""
    triage.get_by_role("link", name="Digest").click()
    waiting = triage.locator("section", has=triage.get_by_role("heading", name=re.compile("^Waiting on us")))
    expect(waiting.get_by_role("listitem").first).to_be_visible(timeout=20_000)
