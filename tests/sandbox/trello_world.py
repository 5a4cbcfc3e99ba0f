"""A small Trello for the tests of the double: two boards, Ada and Ben on the first, Cleo on neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import requests
from flask import Flask, Response, request

from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.trello import RateLimits, Store, TrelloDouble, TrelloOptions, create_trello
from powerup.sandbox.trello.store.models import Board, Card, Label, Member, TList
from tests.cast import ADA, BEN, CLEO, Person

TIMEOUT = 10.0


@dataclass
class World:
    """The double, what is on it, and a way to ask."""

    trello: TrelloDouble
    people: dict[str, Member] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.trello.store

    @property
    def url(self) -> str:
        return self.trello.url

    @property
    def board(self) -> Board:
        return next(board for board in self.store.shelves.boards.values() if board.name == "Support")

    @property
    def public_board(self) -> Board:
        return next(board for board in self.store.shelves.boards.values() if board.name == "Roadmap")

    @property
    def inbox(self) -> TList:
        return self.store.lists_of(self.board)[0]

    @property
    def done(self) -> TList:
        return self.store.lists_of(self.board)[1]

    @property
    def card(self) -> Card:
        return next(self.store.cards_of(self.board.id))

    @property
    def label(self) -> Label:
        return self.store.labels_of(self.board)[0]

    def token(self, who: Person) -> str:
        if who.username not in self.tokens:
            member = self.store.member(who.username)
            self.tokens[who.username] = self.store.make_token(member, self.trello.options.power_up.api_key).value
        return self.tokens[who.username]

    def header(self, token: str) -> dict[str, str]:
        key = self.trello.options.power_up.api_key
        return {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}

    def ask(self, method: str, path: str, who: Person | None = ADA, **arguments: Any) -> requests.Response:
        """Ask the REST API (a path below /1) for somebody."""
        headers = {**(self.header(self.token(who)) if who else {}), **arguments.pop("headers", {})}
        return requests.request(method, f"{self.url}/1{path}", headers=headers, timeout=TIMEOUT, **arguments)

    def control(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Ask the sandbox itself."""
        return requests.request(method, f"{self.url}/sandbox/{path}", timeout=TIMEOUT, **arguments)


def story(store: Store) -> None:
    """Fill a store."""
    acme = store.add_organization("acme", "Acme")
    ada, ben = (store.add_member(one.username, one.full_name, organizations=(acme,), id=one.trello_id) for one in (ADA, BEN))
    cleo = store.add_member(CLEO.username, CLEO.full_name, note="a visitor", id=CLEO.trello_id)
    board = store.add_board("Support", organization=acme, members={ada: "admin", ben: "normal"})
    inbox, _ = store.add_list(board, "Inbox"), store.add_list(board, "Done")
    bug = store.add_label(board, "Bug", "red")
    urls = ["https://forum.test/t/1"]
    store.add_card(inbox, "Runs fail at night", by=ada, labels=[bug], members=[ben], urls=urls, comments=[(ben, "I look.")])
    roadmap = store.add_board("Roadmap", organization=acme, members={ada: "admin"}, visibility="public")
    store.add_card(store.add_list(roadmap, "Ideas"), "Dark mode", by=ada)
    assert cleo.id not in board.roles


@contextmanager
def world(**options: Any) -> Iterator[World]:
    """A running double; without rate limits and with quick retries unless the options say otherwise."""
    chosen = {"limits": RateLimits.off(), "webhook_retry_seconds": (0.01, 0.02, 0.03), "search_lag_seconds": 0.0, **options}
    with create_trello(TrelloOptions(**chosen), seed=story) as trello:
        yield World(trello)


@dataclass(frozen=True)
class Received:
    """One request to a callback."""

    method: str
    headers: dict[str, str]
    body: bytes


class Callback:
    """A webhook's receiver: answers `statuses` in turn (the last for ever) to POST, 200 to HEAD."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses or (200,))
        self.received: SimpleQueue[Received] = SimpleQueue()
        self.heads = 0
        app = Flask(__name__)
        app.add_url_rule("/hook", "hook", self._hook, methods=["HEAD", "POST"])
        self._server = ThreadedServer(app)
        self.url = f"{self._server.url}/hook?board=1"

    def next(self) -> Received:
        """The next delivery; fails when there is none in time."""
        return self.received.get(timeout=TIMEOUT)

    def _hook(self) -> Response:
        if request.method == "HEAD":
            self.heads += 1
            return Response(status=200)
        self.received.put(Received(request.method, dict(request.headers.items()), request.get_data()))
        return Response(status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    def __enter__(self) -> "Callback":
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
