"""When something is wrong: a clear message in the right place, and nothing lost."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FrameLocator, Locator, Route, expect

from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost
from tests.browser.story.stage import Board, Stage, eventually, pictured

expected = pytest.mark.console_errors_expected
"""The browser writes answers like 409 to the console."""


def thread_of(section: FrameLocator) -> Locator:
    """The thread that is shown."""
    return section.locator("closeloop-thread:visible")


def write(thread: Locator, text: str) -> None:
    """Reply."""
    thread.get_by_role("textbox", name="Reply to Mei Tanaka").fill(text)
    thread.get_by_role("button", name="Send reply").click()


def posts(stage: Stage, topic: Topic, text: str) -> list[int]:
    """Numbers of the forum's posts with these words."""
    rows = stage.running.forum.store.rows
    return [rows.posts[one].number for one in topic.post_ids if text in rows.posts[one].raw]


def test_a_reply_waits_while_the_forum_is_down_and_goes_when_it_is_back(stage: Stage) -> None:
    topic = stage.new_thread("Nothing works since the update")
    board = stage.open_board()
    thread = thread_of(board.open_card(stage.new_card("A card for a forum that is down", links=(topic,)).name))
    stage.running.forum.faults.set(FaultPlan(fail_every=1, status=503, retry_after=90))
    write(thread, "We are looking into it right now.")
    waiting = thread.get_by_role("article").filter(has_text="We are looking into it")
    expect(waiting).to_contain_text("Not sent yet: ")
    pictured(board.page, "trouble-down")
    stage.running.forum.faults.clear()
    board.section.get_by_text("Sent from this card").click()
    board.section.get_by_role("button", name="Try now").click()
    eventually(lambda: posts(stage, topic, "We are looking into it"), "the reply on the forum")
    expect(thread.get_by_role("article").filter(has_text=re.compile("Northwind Support.*We are looking", re.DOTALL))).to_be_visible()
    expect(waiting).to_have_count(1)
    assert posts(stage, topic, "We are looking into it") == [2]


def test_a_refused_reply_says_why_and_is_sent_by_retry(stage: Stage) -> None:
    topic = stage.new_thread("The forum has a strict filter")
    board = stage.open_board()
    thread = thread_of(board.open_card(stage.new_card("A card for a refusal", links=(topic,)).name))
    refusal = FaultPlan(
        fail_every=1, status=422, answer={"errors": ["Links are not allowed here."]}, path_contains="/posts", methods=("POST",)
    )
    stage.running.forum.faults.set(refusal)
    write(thread, "See our page about this.")
    failed = thread.get_by_role("article").filter(has_text="See our page about this.")
    expect(failed).to_contain_text(re.compile("Failed: .*Links are not allowed here"))
    pictured(board.page, "trouble-failed")
    stage.running.forum.faults.clear()
    failed.get_by_role("button", name="Retry").click()
    eventually(lambda: posts(stage, topic, "See our page"), "the reply on the forum")
    expect(failed.get_by_role("button", name="Retry")).to_have_count(0)
    assert posts(stage, topic, "See our page") == [2]


def paste(board: Board, url: str) -> FrameLocator:
    """Open the link popup and paste."""
    board.press("Link a thread")
    popup = board.popup("Link a thread")
    popup.get_by_role("combobox").fill(url)
    return popup


def test_a_foreign_address_is_refused_with_what_would_be_right(stage: Stage) -> None:
    board = stage.open_board()
    board.open_card(stage.new_card("A card for a foreign address").name)
    popup = paste(board, "https://elsewhere.example/t/some-thread/12")
    expect(popup.get_by_role("alert")).to_contain_text("Northwind Community")
    expect(popup.get_by_role("option")).to_have_count(0)
    pictured(board.page, "trouble-foreign")


@expected
def test_a_deleted_thread_is_named_so_when_pasted_and_on_its_card(stage: Stage) -> None:
    gone, linked = stage.new_thread("Deleted before anybody linked it"), stage.new_thread("Deleted while it is linked")
    board = stage.open_board()
    thread = thread_of(board.open_card(stage.new_card("A card for deleted threads", links=(linked,)).name))
    expect(thread.get_by_role("button", name="Send reply")).to_be_attached()
    for topic in (gone, linked):
        stage.running.forum.store.delete_topic(topic.id)
    eventually(lambda: stage.state(gone) == stage.state(linked) == "deleted", "the webhooks' work")
    popup = paste(board, stage.url(gone))
    expect(popup.get_by_role("alert")).to_contain_text("deleted on the forum")
    pictured(board.page, "trouble-deleted")
    board.page.keyboard.press("Escape")
    board.page.reload()
    expect(thread.get_by_text("Deleted on the forum", exact=True)).to_be_visible()
    expect(thread.get_by_role("textbox")).to_be_disabled()


@expected
def test_the_second_of_two_who_resolve_is_told_who_was_first(stage: Stage) -> None:
    topic = stage.new_thread("Two people are on this")
    card = stage.new_card("A card for two", links=(topic,))
    popups = []
    for who in ("ada", "ben"):
        board = stage.open_board(who)
        board.open_card(card.name)
        board.press("Resolve")
        popup = board.popup("Resolve")
        popup.get_by_role("radio", name=re.compile("^Docs" if who == "ada" else "^Code fix")).check()
        popups.append(popup)
    first, second = (popup.get_by_role("button", name="Resolve and tell 1 customer") for popup in popups)
    first.click()
    eventually(lambda: posts(stage, topic, "We wrote this down"), "Ada's message on the forum")
    second.click()
    expect(popups[1].get_by_role("heading", name="Somebody was first")).to_be_visible()
    expect(popups[1].locator("body")).to_contain_text(re.compile("Ada Okafor marked it as Docs"))
    pictured(board.page, "trouble-second")
    popups[1].get_by_role("button", name="See that resolution").click()
    expect(popups[1].get_by_role("heading", name="Resolved: Docs")).to_be_visible()
    assert not posts(stage, topic, "fixed it")


@expected
def test_a_token_that_ran_out_is_renewed_without_a_word(stage: Stage) -> None:
    topic = stage.new_thread("A long time at an open card")
    board = stage.open_board()
    thread = thread_of(board.open_card(stage.new_card("A card for an old token", links=(topic,)).name))
    expect(thread.get_by_role("article")).to_have_count(1)
    sent: list[int] = []

    def outdated(route: Route) -> None:
        sent.append(1)
        stale = {"authorization": "Bearer outdated"} if len(sent) == 1 else {}
        route.continue_(headers={**route.request.headers, **stale})

    board.page.route("**/api/v1/tickets/*/replies", outdated)
    write(thread, "Still with you, one moment.")
    expect(thread.get_by_role("article").filter(has_text=re.compile("Northwind Support.*Still with you", re.DOTALL))).to_be_visible()
    assert len(sent) == 2
    expect(board.section.get_by_role("alert").filter(visible=True)).to_have_count(0)
    assert posts(stage, topic, "Still with you") == [2]


def test_a_hostile_thread_does_nothing(stage: Stage) -> None:
    topic = next(one for one in stage.running.forum.store.rows.topics.values() if one.title.startswith("Formatting test"))
    board = stage.board()
    hosts, dialogs = set[str](), list[str]()
    board.page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    board.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    board.page.goto(board.url)
    thread = thread_of(board.open_card(stage.new_card("A card for a hostile thread", links=(topic,)).name))
    expect(thread.get_by_role("heading", level=2)).to_have_text('Formatting test <b>please ignore</b> "quotes" & ampersands')
    expect(thread.get_by_text("prints raw HTML into the log")).to_be_visible()
    pictured(board.page, "trouble-hostile")
    for tag in ("script", "iframe", "object", "svg", "math", "style", "img", "a[href^='javascript' i]", "a[href^='data' i]"):
        expect(thread.locator(f".messages {tag}")).to_have_count(0)
    assert (hosts, dialogs) == ({"127.0.0.1"}, [])


def test_a_draft_outlives_news_and_a_closed_card(stage: Stage) -> None:
    topic = stage.new_thread("Somebody writes a long answer")
    card = stage.new_card("A card for a draft", links=(topic,))
    board = stage.board()
    board.page.clock.install()
    board.page.goto(board.url)
    thread = thread_of(board.open_card(card.name))
    box = thread.get_by_role("textbox", name="Reply to Mei Tanaka")
    box.press_sequentially("Dear Mei, ")
    stage.running.forum.store.add_post(topic.id, NewPost("mei.tanaka", "One more thing: it also fails on Linux."))

    def has_news() -> bool:
        board.page.clock.fast_forward(11_000)
        return thread.get_by_text("it also fails on Linux").is_visible()

    eventually(has_news, "the news on the card")
    expect(box).to_be_focused()
    box.press_sequentially("here is what we know.")
    board.page.get_by_role("button", name="Close card").click()
    board.open_card(card.name)
    expect(box).to_have_value("Dear Mei, here is what we know.")


def test_unlinking_is_undone_by_a_click(stage: Stage) -> None:
    topic = stage.new_thread("Linked by mistake, or not")
    board = stage.open_board()
    section = board.open_card(stage.new_card("A card for a change of mind", links=(topic,)).name)
    section.get_by_role("button", name="Unlink from this card").click()
    expect(section.get_by_role("heading", name="No customer thread here yet")).to_be_visible()
    expect(section.get_by_text("is no longer linked.")).to_be_visible()
    pictured(board.page, "trouble-unlinked")
    section.get_by_role("button", name="Undo").click()
    expect(thread_of(section).get_by_role("heading", name=topic.title)).to_be_visible()
    attached = board.page.get_by_text("Attached customer threads")
    expect(attached).to_be_visible()


def test_a_thread_address_becomes_a_card_with_its_thread(stage: Stage) -> None:
    topic = stage.new_thread("Agents restart every night at three")
    board = stage.open_board()
    expect(board.page.locator(".badge[data-color]").first).to_be_visible()
    inbox = board.page.locator(".list", has=board.page.get_by_role("heading", name="Inbox"))
    inbox.get_by_role("button", name="Add a card").click()
    box = inbox.get_by_role("textbox", name="Title of the new card")
    box.fill(stage.url(topic))
    box.press("Enter")
    expect(board.tile(topic.title)).to_be_visible()
    section = board.open_card(topic.title)
    expect(thread_of(section).get_by_role("heading", name=topic.title)).to_be_visible(timeout=40_000)
    pictured(board.page, "card-from-url")
