"""A small installation for the tests of the API: the real application on a real database, with a Trello and a forum to ask.

Ada administers the board, Ben is on it, Cleo is not. `Elsewhere` is another organisation's board, of which Cleo is the admin.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from pydantic import SecretStr
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from api import create_app
from api.openapi import DESCRIBED, Bytes
from powerup import clock
from powerup.crypto import new_key, random_token
from powerup.deliveries.runner import run_one
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sandbox.trello import By, TrelloDouble, TrelloOptions, create_trello
from powerup.sandbox.trello.store.models import Board, Card, Member
from powerup.services import Services
from powerup.settings import Settings
from powerup.sync import hooks
from tests.cast import ADA, BEN, CLEO, Person


@dataclass
class World:
    """The installation and its surroundings."""

    app: Flask
    services: Services
    trello: TrelloDouble
    forum: DiscourseDouble
    board: Board
    other_board: Board
    elsewhere: Board
    card: Card
    foreign_card: Card
    """On `other_board`, which is connected to the same workspace."""

    def as_(self, who: Person, board: Board | None = None) -> "Client":
        """A client with this person's token for a board."""
        answer = self.session(who, board)
        assert answer.status_code == 200, answer.json
        assert answer.json is not None
        return Client(self.app, answer.json["token"])

    def session(self, who: Person, board: Board | None = None) -> TestResponse:
        """The answer to POST /session."""
        return Client(self.app).post("/api/v1/session", {"jwt": self.jwt(who, board)})

    def jwt(self, who: Person, board: Board | None = None, **claims: Any) -> str:
        """Trello's signed word."""
        wanted: dict[str, Any] = {
            "plugin_id": self.trello.options.power_up.id,
            "board_id": (board or self.board).id,
            "member_id": who.trello_id,
            "state": "",
            "at": clock.now(),
        }
        return self.trello.keys.sign(**(wanted | claims))

    def token(self, who: Person) -> str:
        """A Trello token as the authorize page gives it."""
        member = self.trello.store.member(who.trello_id)
        return self.trello.store.make_token(member, self.trello.options.power_up.api_key).value

    def connect(self) -> None:
        """Both boards and the forum, as an admin does it."""
        for board in (self.board, self.other_board):
            answer = Client(self.app, _token(self.session(ADA, board))).put(
                "/api/v1/boards/current/connection", {"trello_token": self.token(ADA)}
            )
            assert answer.status_code == 200, answer.json
        answer = self.as_(ADA).post("/api/v1/forums", self.forum_settings())
        assert answer.status_code == 201, answer.json

    def forum_settings(self, **changes: Any) -> dict[str, Any]:
        """What an admin enters for the double."""
        return {
            "kind": "discourse",
            "name": "Help",
            "base_url": self.forum.url,
            "credentials": {"api_key": self.forum.api_key, "api_username": "helper"},
            "webhook_secret": "hook secret of the tests",
            **changes,
        }

    def thread(self, title: str = "My step fails", text: str = "It stops after one minute, every time.") -> Topic:
        """A customer's new thread on the forum."""
        return self.forum.store.add_topic(NewTopic(title, NewPost("mei", text)))

    def thread_url(self, topic: Topic) -> str:
        """Its address."""
        return self.forum.topic_url(topic.id)

    def link(self, topic: Topic, card: Card | None = None) -> dict[str, Any]:
        """Link a thread to a card as Ben; the LinkShape."""
        answer = self.as_(BEN).post(f"/api/v1/cards/{(card or self.card).id}/links", {"url": self.thread_url(topic)})
        assert answer.status_code == 201, answer.json
        assert answer.json is not None
        made: dict[str, Any] = answer.json["link"]
        return made

    def deliver(self) -> int:
        """Deliver everything that is due; how many."""
        count = 0
        while run_one(self.services, "test"):
            count += 1
        return count

    def receive(self) -> None:
        """Work on every webhook (and every other hint) that is due."""
        while hooks.run_one(self.services, "test"):
            pass

    def comments(self) -> list[str]:
        """What was written on the card in Trello."""
        with self.services.trello(self.token(ADA)) as trello:
            return [comment.text for comment in trello.comments(self.card.id)]

    def posts(self, topic: Topic) -> list[str]:
        """What stands in a thread, raw."""
        with self.forum.store.lock:
            rows = [post for post in self.forum.store.rows.posts.values() if post.topic_id == topic.id]
        return [post.raw for post in sorted(rows, key=lambda post: post.id)]


class Client:
    """Requests with a bearer token; each answer is held against the API's own description."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self._app, self._client, self._token = app, app.test_client(), token

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._send("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("POST", path, json=body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PUT", path, json=body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self._send("DELETE", path, **options)

    def _send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self._token is not None:
            headers.setdefault("Authorization", f"Bearer {self._token}")
        answer = self._client.open(path, method=method, headers=headers, **options)
        hold_against_description(self._app, method, path, answer)
        return answer


def hold_against_description(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """Every answer of the API is one that its OpenAPI document describes."""
    if answer.status_code >= 400 and answer.json is not None:
        assert answer.json["type"] == f"https://closeloop.dev/problems/{answer.json['code']}"
    if not path.startswith("/api/v1/"):
        return
    try:
        endpoint, _ = app.url_map.bind("test").match(path.partition("?")[0], method)
    except HTTPException:
        return
    view = app.view_functions[endpoint]
    described = DESCRIBED[f"{view.__module__}.{view.__qualname__}"]
    assert answer.status_code in described, (
        f"{method} {path} answered {answer.status_code}, which is not described: {answer.get_data(True)}"
    )
    model = described[answer.status_code]
    if model is Bytes:
        return
    if model is None:
        assert answer.data == b""
    else:
        model.model_validate(answer.json)


@contextmanager
def build(database_url: str, *others: str) -> Iterator[World]:
    """A world whose boards are not connected yet; `others` are further addresses on this machine that it may call."""
    with create_trello(TrelloOptions(webhook_retry_seconds=())) as trello, DiscourseDouble(hook_waits=()) as forum:
        services = Services.from_settings(_settings(database_url, trello, forum, *others))
        boards = _people_and_boards(trello)
        _forum_people(forum)
        ada = By(ADA.trello_id)
        lists = [trello.store.add_list(board, "Inbox") for board in boards]
        cards = [trello.store.add_card(each, "Timeouts after the upgrade", by=ada) for each in lists]
        yield World(create_app(services), services, trello, forum, *boards, *cards[:2])
        services.close()


def _settings(database_url: str, trello: TrelloDouble, forum: DiscourseDouble, *others: str) -> Settings:
    power_up = trello.options.power_up
    return Settings(
        base_url="https://closeloop.test",
        database_url=database_url,
        secret_key=(random_token(),),
        encryption_key=(new_key(),),
        trello_plugin_id=power_up.id,
        trello_api_key=power_up.api_key,
        trello_api_secret=SecretStr(power_up.secret),
        trello_api_url=f"{trello.url}/1",
        trello_origin=trello.url,
        private_hosts=tuple(urlsplit(url).netloc for url in (trello.url, forum.url, *others)),
        read_timeout=2.0,
        connect_timeout=1.0,
        retry_base_seconds=0.01,
    )


def _people_and_boards(trello: TrelloDouble) -> tuple[Board, Board, Board]:
    store = trello.store
    ours, theirs = store.add_organization("ours", "Ours"), store.add_organization("theirs", "Theirs")

    def member(who: Person, organization: Any) -> Member:
        return store.add_member(who.username, who.full_name, organizations=(organization,), id=who.trello_id)

    ada, ben, cleo = member(ADA, ours), member(BEN, ours), member(CLEO, theirs)
    return (
        store.add_board("Support", organization=ours, members={ada: "admin", ben: "normal"}),
        store.add_board("Web", organization=ours, members={ada: "admin"}),
        store.add_board("Elsewhere", organization=theirs, members={cleo: "admin"}),
    )


def _forum_people(forum: DiscourseDouble) -> None:
    store = forum.store
    # The tests' customers and helpers are terse; Discourse's default of 20 characters would refuse them.
    store.options = store.options.model_copy(update={"min_post_length": 5})
    store.add_category("Support")
    store.add_user("helper", name="Helper", moderator=True)
    for username in ("mei", "omar"):
        store.add_user(username, name=username.title())


def _token(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.json
    assert answer.json is not None
    token: str = answer.json["token"]
    return token
