"""The triage page on the real application, and whoever sits before it in a test."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from api import create_app
from powerup import clock
from powerup.outages.watch import guess_areas
from powerup.sandbox.common.server import ThreadedServer
from powerup.services import Services
from powerup.workspaces.models import Workspace
from tests.api.desk import Desk, desk, of
from tests.api.world import World, build
from tests.cast import ADA, BEN, Person
from tests.helpers import free_port

SESSION = "closeloop:session"
START_MS = 20_000
"""A page of some sixty files, on a machine that may be busy."""
ALREADY = "([key, held]) => sessionStorage.getItem(key) ?? sessionStorage.setItem(key, held)"


@dataclass
class Installation:
    """The real application on a port, with two teams."""

    url: str
    desk: Desk
    web_id: int


@dataclass
class Stage:
    """An installation, threads of the test's own, and whoever sits before it."""

    installation: Installation
    open_page: Callable[..., Page]

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.installation.url

    @property
    def desk(self) -> Desk:
        """What the API says."""
        return self.installation.desk

    @property
    def world(self) -> World:
        """The doubles behind it."""
        return self.desk.world

    def threads(self, *subjects: str) -> list[int]:
        """Customers' new threads, the first one waiting longest; what speaks for whom is in the subject."""
        return [self.desk.thread(subject, f"It is about this: {subject}. What can we do?") for subject in subjects]

    def page(self, who: Person = BEN, path: str = "/triage", **options: Any) -> Page:
        """The page, signed in, before it is loaded."""
        page = self.open_page(**{"viewport": {"width": 1280, "height": 800}, **options})
        page.add_init_script(f"({ALREADY})({json.dumps([SESSION, json.dumps(self.session(who))])})")
        return page

    def open(self, who: Person = BEN, **options: Any) -> Page:
        """The page with its rows."""
        page = self.page(who, **options)
        page.goto(f"{self.url}/triage")
        expect(rows(page).first).to_be_visible(timeout=START_MS)
        expect(page.locator("closeloop-triage-teams button").first).to_be_visible()
        return page

    def open_narrow(self, width: int) -> Page:
        """On a phone, or in a narrow panel: nothing is shown of the thread until its row is touched."""
        page = self.page(viewport={"width": width, "height": 640}, has_touch=True)
        page.goto(f"{self.url}/triage")
        expect(rows(page).first).to_be_visible(timeout=START_MS)
        return page

    @property
    def ben(self) -> Person:
        """A member."""
        return BEN

    def be(self, username: str | None, page: Page) -> None:
        """Who is logged in at Trello in this browser."""
        answer = page.request.post(f"{self.world.trello.url}/sandbox/session", data={"member": username})
        assert answer.ok

    def session(self, who: Person) -> dict[str, Any]:
        """What signing in leaves in the tab."""
        info = of(self.world.session(who))
        return {"info": info, "endsAt": int(clock.now().timestamp() * 1000) + 500_000}

    def guess_areas(self) -> None:
        """What the worker does every minute: writes down what each thread is probably about."""
        services = self.world.services
        with services.database.read() as session:
            workspace_id = session.scalars(select(Workspace.id)).one()
        guess_areas(services.database, services.brains.of(workspace_id))

    def cards(self) -> list[str]:
        """Open cards that were made, on both boards."""
        self.world.deliver()
        boards = (self.world.board, self.world.other_board)
        old = {self.world.card.id, self.world.foreign_card.id}
        return [
            card.name for board in boards for card in self.world.trello.store.cards_of(board.id) if not card.closed and card.id not in old
        ]

    def history(self, ticket_id: int) -> list[dict[str, Any]]:
        """Whose a thread is and was, newest first."""
        found: list[dict[str, Any]] = of(self.desk.ben.get(f"/api/v1/triage/tickets/{ticket_id}"))["history"]
        return found

    def team_of(self, ticket_id: int) -> str | None:
        """Whose it is now."""
        live = [each for each in self.history(ticket_id) if each["ended_at"] is None]
        return str(live[0]["team"]["name"]) if live else None

    def standing(self, ticket_id: int) -> str:
        """Where a thread stands for the server."""
        return str(of(self.desk.ben.get(f"/api/v1/triage/tickets/{ticket_id}"))["row"]["standing"])


@contextmanager
def installed(database_url: str) -> Iterator[Installation]:
    """Everything of it, while the context lasts."""
    port = free_port()
    with build(database_url) as world:
        # The machine has a browser to feed too: nobody gives up after the two seconds of the API's tests.
        client = {f"trello_client_{kind}": f"{world.trello.url}/power-up.min.{kind}" for kind in ("js", "css")}
        changes = {"base_url": f"http://127.0.0.1:{port}", "read_timeout": 20.0, "connect_timeout": 10.0, **client}
        settings = world.services.settings.model_copy(update=changes)
        services = Services.from_settings(settings)
        # Trello hands tokens to the Power-Up's own origin only.
        world.trello.options.power_up.connector_url = f"{settings.base_url}/connector"
        world = replace(world, app=create_app(services), services=services)
        with ThreadedServer(world.app, port) as server:
            world.connect()
            at_desk = desk(world)
            ada = world.as_(ADA)
            wanted = {"name": "Web & API", "board_trello_id": world.other_board.id, "member_ids": [ADA.trello_id]}
            web_id = of(ada.post("/api/v1/teams", wanted))["team"]["id"]
            of(ada.post(f"/api/v1/teams/{web_id}/areas", {"name": "Portal", "keywords": ["dashboard"]}))
            yield Installation(server.url, at_desk, web_id)
        services.close()


def rows(page: Page) -> Locator:
    """Threads in sight that nobody has taken."""
    return page.locator("closeloop-triage-row:not(.ghost)")


def cursor(page: Page) -> Locator:
    """The row under the cursor."""
    return page.locator("closeloop-triage-row.cursor")


def subjects(page: Page) -> list[str]:
    """What stands in the queue, top down."""
    script = """(rows) => rows.map((row) => [row.getBoundingClientRect().top, row.querySelector('.row-subject').textContent])
      .sort(([one], [other]) => one - other).map(([, words]) => words)"""
    found: list[str] = rows(page).evaluate_all(script)
    return found


def expect_cursor(page: Page, subject: str) -> None:
    """The cursor lies on this thread, and its thread is shown."""
    expect(cursor(page).locator(".row-subject")).to_have_text(subject)
    expect(page.locator("closeloop-triage-detail h2")).to_have_text(subject)


def click_word(page: Page, word: str) -> None:
    """Click in the middle of a word of the thread's subject, as one does to choose it."""
    script = """(heading, word) => {
      const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(word);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + word.length);
        const { left, top, width, height } = range.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      }
    }"""
    page.mouse.click(*page.locator("closeloop-triage-detail h2").evaluate(script, word))


def press(page: Page, *keys: str) -> None:
    """One key after another."""
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page: Page) -> None:
    """Everything that was decided has reached the server."""
    page.wait_for_function("() => !Object.keys(sessionStorage).some((key) => key.startsWith('closeloop:draft:triage:'))")


def numbered(word: str, count: int) -> Sequence[str]:
    """Subjects that differ."""
    return [f"{word} number {number}" for number in range(1, count + 1)]
