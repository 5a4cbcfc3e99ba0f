"""The whole story on every kind of forum: a customer asks, triage gives it to a team, a card, a reply, the resolution."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from powerup.sandbox.demo import Demo, DemoOptions, Running
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.kinds import KINDS
from tests.browser.story.stage import Board, pictured
from tests.helpers import wait_for

SUBJECT = "The export of audit logs stops half way"
TEXT = "It worked yesterday. Today it stops after 5,000 lines."
REPLY = "Thank you! Which browser do you use?"
EVIDENCE = "https://github.com/northwind/deploy/pull/517"
TOLD = "we found the cause of this and fixed it"
PATIENCE = 60_000
"""Milliseconds for a queue, a worker and (where a kind has no webhooks) the next poll, on a busy machine."""


@pytest.fixture(params=KINDS)
def demo(request: pytest.FixtureRequest) -> Iterator[Running]:
    """`closeloop demo --forum-kind …`."""
    expect.set_options(timeout=PATIENCE)
    with Demo(DemoOptions(first_port=0, forum_kind=request.param, quiet=True)).started() as running:
        yield running
    expect.set_options(timeout=5_000)


def test_a_customer_asks_and_is_told_of_the_fix(demo: Running, open_page: Callable[..., Page]) -> None:
    customer = open_page()
    ask(demo, customer)
    page = open_page(viewport={"width": 1280, "height": 900})
    triage(page, demo)
    board = see_the_card(page, demo)
    reply(board, customer)
    resolve(board, customer, demo)
    if demo.local.double.kind == "email":
        see_the_mail(page, demo)


def see_the_mail(page: Page, demo: Running) -> None:
    """A mail is on no forum's page: the address on its card leads to one of ours, for members."""
    with demo.trello.store.lock:
        card = next(card for card in demo.trello.store.shelves.cards.values() if card.name == SUBJECT)
        address = next(each.url for each in card.attachments if "/mail/" in each.url)
    page.goto(address)
    expect(page.get_by_text(TEXT)).to_have_count(0)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with Trello").click()
    opened.value.get_by_role("button", name="Allow", exact=True).click()
    expect(page.get_by_role("article").first).to_contain_text("stops after 5,000 lines")
    expect(page.get_by_role("link", name=SUBJECT)).to_have_count(1)
    pictured(page, "kind-email-page")


def ask(demo: Running, customer: Page) -> None:
    """On the forum's own pages, as anybody can."""
    customer.goto(f"{demo.forum_url}/new")
    customer.get_by_label("User name of the customer").fill("newcomer")
    customer.get_by_label(re.compile("^(Subject|Title)$")).fill(SUBJECT)
    customer.get_by_label("Text", exact=True).fill(TEXT)
    customer.get_by_role("button", name=re.compile("^(Send|Post the topic)$")).click()
    expect(customer.get_by_role("heading", name=SUBJECT)).to_be_visible()


def triage(page: Page, demo: Running) -> None:
    """One key gives it to the first team."""
    page.goto(demo.board_url)
    page.get_by_role("button", name="Triage").click()
    queue = page.frame_locator(".modal-layer iframe")
    # Only the rows that fit the window are there: the newest stands far below the first.
    queue.get_by_placeholder(re.compile("^Search in the queue")).fill("export of audit logs")
    row = queue.locator("closeloop-triage-row").filter(has_text=SUBJECT)
    expect(row).to_have_count(1)
    row.click()
    pictured(page, f"kind-{demo.local.double.kind}-triage")
    page.keyboard.press("1")
    expect(row).to_have_count(0)


def see_the_card(page: Page, demo: Running) -> Board:
    """In the team's inbox."""
    board_id = wait_for(lambda: _board_of_card(demo), PATIENCE / 1000, "the card")
    board = Board(page, f"{demo.trello.url}/b/{board_id}")
    page.goto(board.url)
    section = board.open_card(SUBJECT)
    expect(section.get_by_role("article").first).to_contain_text("stops after 5,000 lines")
    pictured(page, f"kind-{demo.local.double.kind}-card")
    return board


def reply(board: Board, customer: Page) -> None:
    board.section.get_by_role("textbox", name=re.compile("^Reply to")).fill(REPLY)
    board.section.get_by_role("button", name="Send reply").click()
    expect(customer.locator(".post", has_text=REPLY)).to_have_count(1)
    expect(board.section.get_by_role("article").filter(has_text=REPLY).filter(has_text="Staff")).to_have_count(1)
    expect(board.section.locator(".since")).to_contain_text("waiting on the customer since ")


def resolve(board: Board, customer: Page, demo: Running) -> None:
    board.press("Resolve")
    popup = board.popup("Resolve")
    popup.get_by_role("radio", name=re.compile("^Code fix")).check()
    popup.get_by_role("textbox", name="Evidence").fill(EVIDENCE)
    popup.get_by_role("button", name=re.compile("^Resolve and tell")).click()
    board.expect_closed("Resolve")
    expect(customer.locator(".post", has_text=TOLD)).to_have_count(1)
    expect(board.section.get_by_text("1 customer told.")).to_be_visible()
    pictured(customer, f"kind-{demo.local.double.kind}-told")
    double = demo.local.double
    if isinstance(double, DeskDouble):
        wait_for(lambda: _state(double) in ("resolved", "closed"), PATIENCE / 1000, "the thread's own state")


def _board_of_card(demo: Running) -> str | None:
    with demo.trello.store.lock:
        return next((card.board_id for card in demo.trello.store.shelves.cards.values() if card.name == SUBJECT), None)


def _state(double: DeskDouble) -> str:
    with double.store.lock:
        return next(thread.state for thread in double.store.threads.values() if thread.subject == SUBJECT)
