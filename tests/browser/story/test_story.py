"""The main job, as a newcomer does it by hand in the demo."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.story.stage import Board, Stage, eventually, pictured

CARD = "Step timeouts lose their unit when a process is saved in the portal"
THREAD = "timeout"
EVIDENCE = "https://github.com/northwind/deploy/pull/482"
REPLY = "Thank you! Does the portal show `11m` or `11` after saving?"
SHOWN = "Does the portal show 11m or 11 after saving?"
TOLD = f"we found the cause of this and fixed it: {EVIDENCE}"


def test_a_problem_goes_from_the_forum_to_the_fix_and_back(stage: Stage) -> None:
    topic = stage.story_thread(THREAD)
    board = stage.board()
    board.page.clock.install()
    board.page.goto(board.url)
    see_the_badges(board)
    section = board.open_card(CARD)
    look_at_the_image(board, section, stage.running.forum_url)
    link(board, stage.url(topic))
    thread = read(board)
    customer = stage.forum(topic)
    reply(thread, customer)
    pictured(board.page, "05-replied")
    resolve(board)
    see_that_it_is_resolved(board, customer, stage.slack())
    answer(thread, customer)
    pictured(board.page, "09-answered")


def see_the_badges(board: Board) -> None:
    expect(board.badges(CARD)).to_contain_text([re.compile(r"Waiting on us \d+ (h|d)"), "4 threads"])
    pictured(board.page, "01-board")


def look_at_the_image(board: Board, section: FrameLocator, forum: str) -> None:
    """A picture tells its host who reads: the forum's come through Closeloop, and nobody's browser asks the forum."""
    asked: list[str] = []
    board.page.on("request", lambda request: asked.append(request.url))
    expect(section.get_by_role("tab")).to_have_count(4)
    section.get_by_role("tab", name="Steps time out after ten minutes").click()
    picture = section.locator("img.shown-image")
    expect(picture).to_have_attribute("alt", re.compile("^Task log"))
    expect(picture).to_have_js_property("naturalWidth", 640)
    pictured(board.page, "02-card")
    assert [url for url in asked if "/files/" in url]
    assert not [url for url in asked if url.startswith(forum)]


def link(board: Board, url: str) -> None:
    board.press("Link a thread")
    popup = board.popup("Link a thread")
    box = popup.get_by_role("combobox", name="Address of the thread")
    expect(box).to_be_focused()
    pictured(board.page, "03-link-empty")
    box.fill(url)
    expect(popup.get_by_role("option", selected=True)).to_contain_text("steps stop at 10 min??")
    pictured(board.page, "03-link-found")
    box.press("Enter")
    board.expect_closed("Link a thread")


def read(board: Board) -> Locator:
    expect(board.section.get_by_role("tab")).to_have_count(5)
    pictured(board.page, "04-linked")
    # Whoever links a thread wants to see it.
    expect(board.section.get_by_role("tab", name=re.compile(f"^{THREAD}\\b"))).to_have_attribute("aria-selected", "true")
    thread = board.section.locator("closeloop-thread:visible")
    expect(thread.get_by_role("heading", name=THREAD, exact=True)).to_be_visible()
    expect(thread.locator(".since")).to_contain_text("waiting on us since ")
    message = thread.get_by_role("article")
    expect(message).to_have_count(1)
    expect(message).to_contain_text(re.compile("foxglove.*Customer.*steps stop at 10 min", re.DOTALL))
    pictured(board.page, "04-read")
    return thread


def reply(thread: Locator, customer: Page) -> None:
    thread.get_by_role("textbox", name=re.compile("^Reply to")).fill(REPLY)
    thread.get_by_role("button", name="Send reply").click()
    expect(customer.locator(".post", has_text=SHOWN)).to_have_count(1)
    ours = thread.get_by_role("article").filter(has_text=re.compile("Northwind Support.*Staff", re.DOTALL))
    expect(ours).to_contain_text(SHOWN)
    expect(thread.get_by_role("article")).to_have_count(2)
    expect(thread.locator(".since")).to_contain_text("waiting on the customer since ")


def resolve(board: Board) -> None:
    board.press("Resolve")
    popup = board.popup("Resolve")
    popup.get_by_role("radio", name=re.compile("^Code fix")).check()
    popup.get_by_role("textbox", name="Evidence").fill(EVIDENCE)
    expect(popup.get_by_role("textbox", name="Message to the customers")).to_have_value(re.compile(re.escape(TOLD)))
    pictured(board.page, "06-resolve")
    popup.get_by_role("button", name="Resolve and tell 5 customers").click()
    board.expect_closed("Resolve")


def see_that_it_is_resolved(board: Board, customer: Page, slack: Page) -> None:
    expect(customer.locator(".post", has_text=TOLD)).to_have_count(1)
    pictured(customer, "07-customer")
    expect(board.page.locator(".comment").first).to_contain_text(EVIDENCE)
    expect(board.section.get_by_text("5 customers told.")).to_be_visible()
    pictured(board.page, "07-resolved")
    expect(slack.locator(".message").last).to_contain_text(re.compile(f"Resolved: Code fix.*{re.escape(CARD)}", re.DOTALL))
    pictured(slack, "07-slack")
    expect(board.badges(CARD)).to_contain_text(["Code fix · customers told", "5 threads"])
    expect(board.badges(CARD).first).to_have_attribute("data-color", "green")
    pictured(board.page, "08-board")


def answer(thread: Locator, customer: Page) -> None:
    """The customer's answer comes by webhook, while the card lies open."""
    customer.get_by_label("Your text").fill("It says 11m now. Thanks, works!")
    customer.get_by_role("button", name="Post the reply").click()
    article = thread.get_by_role("article").filter(has_text="It says 11m now.")

    def arrived() -> bool:
        # The card asks for news every ten seconds; nobody has to wait that long here.
        thread.page.clock.fast_forward(11_000)
        return article.is_visible()

    eventually(arrived, "the customer's answer on the card")
    expect(article).to_contain_text(re.compile("foxglove.*Customer", re.DOTALL))
