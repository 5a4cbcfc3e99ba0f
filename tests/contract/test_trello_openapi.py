"""Each call of the Trello client exists in Trello's own description of its REST API, with each parameter that we send."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from powerup.integrations.http import HttpPolicy
from powerup.integrations.trello.client import TrelloClient, open_http

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "data" / "trello-openapi.json"
POLICY = HttpPolicy(connect_timeout=2, read_timeout=3, private_hosts=("127.0.0.1", "localhost"))
ID = "0" * 24
TOKEN = "ATTA" + "1" * 60

CALLS: dict[str, Callable[[TrelloClient], object]] = {
    "me": lambda trello: trello.me(),
    "my_boards": lambda trello: trello.my_boards(),
    "board": lambda trello: trello.board(ID),
    "organization": lambda trello: trello.organization(ID),
    "memberships": lambda trello: trello.memberships(ID),
    "lists": lambda trello: trello.lists(ID),
    "cards": lambda trello: trello.cards(ID),
    "cards_in_full": lambda trello: trello.cards_in_full(ID),
    "members_of_board": lambda trello: trello.members_of_board(ID),
    "labels": lambda trello: trello.labels(ID),
    "create_label": lambda trello: trello.create_label(ID, "Docs", "blue"),
    # Made like any label when there is none; here there is one.
    "ensure_label": lambda trello: trello.ensure_label(ID, "n", "blue"),
    "search_cards": lambda trello: trello.search_cards("runs", (ID,), 5),
    "card": lambda trello: trello.card(ID),
    "card_in_full": lambda trello: trello.card_in_full(ID),
    "create_card": lambda trello: trello.create_card(ID, "n", "d", "https://x.org", [ID], [ID]),
    "find_card_in_list": lambda trello: trello.find_card_in_list(ID, "marker"),
    "find_card_on_board": lambda trello: trello.find_card_on_board(ID, "marker"),
    "update_card": lambda trello: trello.update_card(ID, name="n", desc="d", closed=False, list_id=ID, pos="top"),
    "move_card": lambda trello: trello.move_card(ID, board_id=ID, list_id=ID, pos="bottom", label_ids=[ID], member_ids=[ID]),
    "attachments": lambda trello: trello.attachments(ID),
    "attach_url": lambda trello: trello.attach_url(ID, "https://x.org", "n"),
    "delete_attachment": lambda trello: trello.delete_attachment(ID, ID),
    "comments": lambda trello: trello.comments(ID),
    "comment": lambda trello: trello.comment(ID, "hello"),
    "add_label": lambda trello: trello.add_label(ID, ID),
    "remove_label": lambda trello: trello.remove_label(ID, ID),
    "add_member": lambda trello: trello.add_member(ID, ID),
    "remove_member": lambda trello: trello.remove_member(ID, ID),
    "create_webhook": lambda trello: trello.create_webhook("https://x.org/hook", ID, "d"),
    "webhooks": lambda trello: trello.webhooks(),
    "delete_webhook": lambda trello: trello.delete_webhook(ID),
}

NESTED = {
    "/boards/{id}/cards": {"fields"},
    "/boards/{id}/members": {"fields"},
    "/boards/{id}/cards/{filter}": {"fields", "attachments", "filter"},
    "/lists/{id}/cards": {"fields", "attachments", "filter"},
}
"""Parameters that the guide on nested resources allows (developer.atlassian.com/cloud/trello/guides/rest-api/nested-resources/) and the
document, which is thin here, leaves out."""

ANYTHING: dict[str, Any] = {
    "id": ID,
    "name": "n",
    "displayName": "n",
    "username": "u",
    "url": "https://x.org",
    "shortLink": "abc",
    "idBoard": ID,
    "idList": ID,
    "idMember": ID,
    "memberType": "normal",
    "data": {"text": "t"},
    "desc": "",
    "labels": [],
    "idMembers": [],
    "attachments": [],
    "cards": [],
    "idModel": ID,
    "callbackURL": "https://x.org",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    if not DOCUMENT.exists():
        pytest.skip("Trello's OpenAPI document is not at hand (../shared/data/trello-openapi.json): nothing to compare with")
    found: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return found


@pytest.fixture(name="trello")
def a_recorded_client(httpserver: HTTPServer) -> Iterator[TrelloClient]:
    """A client whose every call is written down and answered with something that it can read."""

    def answer(request: Request) -> Response:
        many = request.method == "GET" and re.search(
            r"/(boards|memberships|members|lists|cards|cards/all|labels|attachments|actions|webhooks)$", request.path
        )
        return Response(json.dumps([ANYTHING] if many else ANYTHING), content_type="application/json")

    httpserver.expect_request(re.compile("/1/.*")).respond_with_handler(answer)
    with open_http(POLICY) as http:
        yield TrelloClient(http, httpserver.url_for("/1"), "k" * 32, TOKEN)


def operation(document: dict[str, Any], method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The documented path and operation that this request is; literal paths win over those with parameters."""
    for template in sorted(document["paths"], key=lambda one: one.count("{")):
        pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(template))
        item = document["paths"][template]
        if re.fullmatch(pattern, path) and method.lower() in item:
            own = item[method.lower()]
            return template, {**own, "parameters": [*item.get("parameters", []), *own.get("parameters", [])]}
    raise AssertionError(f"{method} {path} is not in the document")


@pytest.mark.parametrize("name", CALLS)
def test_the_document_knows_the_call_and_its_parameters(
    document: dict[str, Any], httpserver: HTTPServer, trello: TrelloClient, name: str
) -> None:
    CALLS[name](trello)
    (request, _), *others = httpserver.log
    assert not others
    path = request.path.removeprefix("/1")
    template, found = operation(document, request.method, path)
    sent = set(request.args) | set(json.loads(request.get_data() or b"{}"))
    known = {parameter["name"] for parameter in found["parameters"]} | NESTED.get(template, set())
    assert sent <= known, f"{request.method} {template}: {sent - known}"
    required = {parameter["name"] for parameter in found["parameters"] if parameter.get("required") and parameter["in"] != "path"}
    assert required <= sent, f"{request.method} {template} needs {required - sent}"


@pytest.mark.parametrize("name", CALLS)
def test_credentials_travel_in_a_header_and_the_client_names_itself(httpserver: HTTPServer, trello: TrelloClient, name: str) -> None:
    CALLS[name](trello)
    request, _ = httpserver.log[0]
    assert request.headers["Authorization"] == f'OAuth oauth_consumer_key="{"k" * 32}", oauth_token="{TOKEN}"'
    assert request.headers["X-Trello-Client-Identifier"] == "closeloop"
    assert TOKEN not in request.url or name == "webhooks"
    assert TOKEN not in request.get_data(as_text=True)
    assert not {"key", "token"} & set(request.args)


def test_every_call_of_the_client_is_compared() -> None:
    methods = {name for name, _ in inspect.getmembers(TrelloClient, inspect.isfunction) if not name.startswith("_")}
    assert methods == set(CALLS)
