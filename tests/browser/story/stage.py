"""What a person sees and does in the demo, in a few words for the tests."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.sandbox.demo import Running
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sandbox.setup import Installer
from powerup.sandbox.trello.store import By
from powerup.sandbox.trello.store.models import Card
from tests.helpers import wait_for

USERNAMES = {"ada": "adaokafor", "ben": "benlindqvist", "cleo": "cleomarchetti"}
PICTURES = "CLOSELOOP_TEST_PICTURES"
"""Names a folder that takes pictures of the main steps, to look at."""


T = TypeVar("T")


def eventually(predicate: Callable[[], T | None], what: str) -> T:
    """Wait for what a queue, a worker and a webhook bring about, also on a busy machine."""
    return wait_for(predicate, 30.0, what)


def pictured(page: Page, name: str) -> None:
    """Keep what the page looks like now, if somebody wants to see it."""
    if folder := os.environ.get(PICTURES):
        page.screenshot(path=Path(folder) / f"{name}.png")


@dataclass
class Board:
    """A board page and who looks at it."""

    page: Page
    url: str

    def tile(self, name: str) -> Locator:
        """A card as it lies on the board."""
        return self.page.locator(".tile", has=self.page.get_by_role("link", name=name, exact=True))

    def badges(self, name: str) -> Locator:
        """What Closeloop says on a card's front."""
        return self.tile(name).locator(".badge[data-color]")

    def open_card(self, name: str) -> FrameLocator:
        """Click the card; Closeloop's section in it."""
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("dialog", name=name)).to_be_visible()
        return self.section

    @property
    def section(self) -> FrameLocator:
        """Closeloop's section of the open card."""
        return self.page.frame_locator(".powerup-sections iframe")

    def press(self, name: str) -> None:
        """One of Closeloop's buttons on the open card."""
        self.page.get_by_role("region", name="Power-Ups").get_by_role("button", name=name).click()

    def popup(self, title: str) -> FrameLocator:
        """Closeloop's page in the popup of that title."""
        dialog = self.page.get_by_role("dialog", name=title, exact=True)
        expect(dialog).to_be_visible()
        return dialog.frame_locator("iframe")

    def expect_closed(self, title: str) -> None:
        """The popup of that title went away."""
        expect(self.page.get_by_role("dialog", name=title, exact=True)).to_be_hidden()

    def settings(self) -> FrameLocator:
        """Open Closeloop's settings by the board's Power-Up menu."""
        menu = self.page.get_by_role("dialog", name="Power-Ups")

        self.page.get_by_role("button", name="Power-Ups", exact=True).click()
        menu.get_by_role("button", name="Settings").click()
        return self.popup("Closeloop")

    def frame(self, selector: str) -> Frame:
        """The frame itself, for what a FrameLocator cannot do."""
        element = self.page.locator(selector).element_handle()
        frame = element.content_frame()
        assert frame is not None
        return frame


class Stage:
    """One installation, and whoever steps onto it in a test."""

    def __init__(self, running: Running, open_page: Callable[..., Page]) -> None:
        self.running = running
        self._open_page = open_page
        policy = HttpPolicy(connect_timeout=5, read_timeout=30, private_hosts=("127.0.0.1",), user_agent="closeloop-tests")
        self._admin = Installer(
            HttpClient(policy, vendor="the demo"),
            running.closeloop_url,
            running.trello,
            running.story,
            lambda: running.product.poll() is None,
        )

    def board(self, who: str | None = "ada", board: str = "deployments", **options: Any) -> Board:
        """The board page in a browser of its own, as somebody (None: signed out)."""
        page = self._open_page(viewport={"width": 1360, "height": 900}, **options)
        shown = Board(page, f"{self.running.trello.url}/b/{self.running.story.boards[board]}")
        answer = page.request.post(f"{self.running.trello.url}/sandbox/session", data={"member": who and USERNAMES[who]})
        assert answer.ok
        return shown

    def open_board(self, who: str | None = "ada", board: str = "deployments", **options: Any) -> Board:
        """The same, loaded."""
        shown = self.board(who, board, **options)
        shown.page.goto(shown.url)
        return shown

    def forum(self, topic: Topic, *, staff: bool = False) -> Page:
        """A thread on the forum's own page, as its customer or as staff."""
        page = self._open_page()
        if staff:
            page.context.add_cookies([{"name": "forum_side", "value": "staff", "url": self.running.forum_url}])
        page.goto(self.running.forum.topic_url(topic.id))
        return page

    def slack(self) -> Page:
        """The channel's page."""
        page = self._open_page()
        page.goto(self.running.slack_url)
        return page

    def story_thread(self, title: str) -> Topic:
        """A thread of the story by its title."""
        return next(topic for topic in self.running.forum.store.rows.topics.values() if topic.title == title)

    def new_thread(self, title: str, text: str = "It fails since this morning. What can we do?", *, html: str | None = None) -> Topic:
        """Mei opens a thread of this test's own."""
        topic = self.running.forum.store.add_topic(NewTopic(title, NewPost("mei.tanaka", text, cooked=html)))
        eventually(lambda: self.state(topic), "the webhook's work")
        return topic

    def state(self, topic: Topic) -> str | None:
        """What Closeloop knows of the thread: open, deleted …, or None when it has not heard of it yet."""
        url = self.url(topic)
        ticket = self.api("POST", "previews", {"urls": [url]})["previews"][url]["ticket"]
        return ticket and str(ticket["state"])

    def url(self, topic: Topic) -> str:
        """Where a person sees the thread."""
        return self.running.forum.topic_url(topic.id)

    def new_card(self, name: str, *, links: tuple[Topic, ...] = (), board: str = "deployments", on: str = "Inbox") -> Card:
        """A card of this test's own, with threads linked by Ada."""
        story, store = self.running.story, self.running.trello.store
        with store.lock:
            card = store.add_card(store.tlist(story.lists[f"{board}/{on}"]), name, by=By(story.members["ada"]))
        for topic in links:
            self.api("POST", f"cards/{card.id}/links", {"url": self.url(topic)}, board=board)
        return card

    def new_board(self, name: str, card: str) -> str:
        """A board of this test's own that nobody has connected, with one card; what `board` calls it."""
        story, store = self.running.story, self.running.trello.store
        with store.lock:
            ada = store.member(story.members["ada"])
            board = store.add_board(name, organization=store.shelves.organizations[story.organization], members={ada: "admin"})
            store.add_card(store.add_list(board, "Inbox"), card, by=By(ada.id))
        story.boards[name] = board.id
        return name

    def api(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, board: str = "deployments") -> dict[str, Any]:
        """Closeloop's API as Ada: what lies before a test, or what no page shows."""
        return self._admin.api(method, quote(path, safe="/?=&"), self.running.story.boards[board], body)
