"""The board page with a small Power-Up of the tests' own, under the stand-in client library and under Trello's."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

import pytest
from flask import Flask, Response, send_file, send_from_directory
from playwright.sync_api import FrameLocator, Page, expect

from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.trello import PowerUp, RateLimits, Store, TrelloDouble, TrelloOptions, create_trello
from powerup.sandbox.trello.store.models import Board, Card
from tests.cast import ADA, BEN, CLEO

FILES = Path(__file__).parent / "powerup"
CLIENT = "CLOSELOOP_TEST_TRELLO_CLIENT"
"""Names a copy of Trello's own client library; it has no licence for copying, so it is nowhere in this repository."""


@dataclass
class Desk:
    """The double with its board, and the page that shows it."""

    trello: TrelloDouble
    page: Page

    @property
    def store(self) -> Store:
        return self.trello.store

    @property
    def board(self) -> Board:
        return next(board for board in self.store.shelves.boards.values() if board.name == "Support")

    def card(self, name: str = "Runs fail at night") -> Card:
        return next(card for card in self.store.cards_of(self.board.id) if card.name == name)

    def open(self, path: str = "") -> Page:
        self.page.goto(self.trello.url + (path or f"/b/{self.board.short_link}"))
        return self.page

    def open_card(self) -> Page:
        page = self.open(f"/c/{self.card().short_link}")
        expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_have_text("Runs fail at night")
        return page

    def section(self) -> FrameLocator:
        """The card back section's page, once it has drawn itself."""
        frame = self.page.frame_locator(".powerup-sections iframe")
        expect(frame.locator("#said-theme")).to_be_visible()
        return frame

    def be(self, username: str | None) -> None:
        """Look with somebody else's eyes (None: signed out)."""
        answer = self.page.request.post(f"{self.trello.url}/sandbox/session", data={"member": username})
        assert answer.ok


def story(store: Store) -> None:
    """Two boards: a team's, and a public one."""
    acme = store.add_organization("acme", "Acme")
    ada, ben = (store.add_member(one.username, one.full_name, organizations=(acme,), id=one.trello_id) for one in (ADA, BEN))
    store.add_member(CLEO.username, CLEO.full_name, note="a visitor", id=CLEO.trello_id)
    board = store.add_board("Support", organization=acme, members={ada: "admin", ben: "normal"})
    inbox, _doing, _done = (store.add_list(board, name) for name in ("Inbox", "Doing", "Done"))
    bug, urgent = store.add_label(board, "Bug", "red"), store.add_label(board, "Urgent", "orange")
    store.add_card(
        inbox,
        "Runs fail at night",
        by=ada,
        desc="Nightly runs **fail** since Tuesday.\n\n- Two customers\n- See https://docs.test/runs",
        labels=[bug, urgent],
        members=[ben],
        urls=["https://forum.test/t/1", "https://docs.test/runs"],
        comments=[(ben, "I look into it.")],
    )
    store.add_card(inbox, "Login loops", by=ben, labels=[bug])
    store.add_card(inbox, "Answer the weekly mail", by=ada)
    roadmap = store.add_board("Roadmap", organization=acme, members={ada: "admin"}, visibility="public")
    store.add_card(store.add_list(roadmap, "Ideas"), "Dark mode", by=ada)


def power_up_app(trello_url: Callable[[], str], client: Path | None) -> Flask:
    """The test Power-Up's server."""
    app = Flask(__name__, static_folder=None)
    template = Template((FILES / "page.html").read_text(encoding="utf-8"))

    @app.get("/<name>.html")
    def page(name: str) -> Response:
        host = trello_url()
        script = "/client.js" if client else f"{host}/power-up.min.js"
        return Response(template.substitute(name=name, host=host, client=script), mimetype="text/html")

    @app.get("/client.js")
    def library() -> Response:
        assert client is not None
        return send_file(client, mimetype="text/javascript")

    @app.get("/<path:path>")
    def file(path: str) -> Response:
        return send_from_directory(FILES, path)

    return app


@pytest.fixture(params=["stand-in", *(["trello"] if os.environ.get(CLIENT) else [])])
def client_library(request: pytest.FixtureRequest) -> Path | None:
    """Each test runs with the stand-in, and with Trello's own library where there is a copy."""
    return Path(os.environ[CLIENT]) if request.param == "trello" else None


@pytest.fixture
def trello(client_library: Path | None) -> Iterator[TrelloDouble]:
    """A Trello with the test Power-Up enabled."""
    found: list[TrelloDouble] = []
    with ThreadedServer(power_up_app(lambda: found[0].url, client_library)) as server:
        power_up = PowerUp(name="Test Power-Up", connector_url=f"{server.url}/connector.html", icon_url=f"{server.url}/icon.svg")
        with create_trello(TrelloOptions(power_up=power_up, limits=RateLimits.off()), seed=story) as trello:
            found.append(trello)
            yield trello


@pytest.fixture
def desk(trello: TrelloDouble, page: Page) -> Desk:
    """The board page, not yet opened."""
    return Desk(trello, page)
