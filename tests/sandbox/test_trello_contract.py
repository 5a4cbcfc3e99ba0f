"""The double against Trello's own OpenAPI document: routes, required parameters, field names."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from powerup.sandbox.trello.rest.app import NOUNS
from tests.cast import ADA
from tests.sandbox.trello_world import Callback, World, world

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "data" / "trello-openapi.json"
UNDOCUMENTED = {
    ("GET", "/resource/jwt-public-keys"): "documented with t.jwt: developer.atlassian.com/cloud/trello/power-ups/client-library/t-jwt/",
    ("GET", "/boards/{}/pluginData"): "GET /boards/{id}/{field} in the document",
}
EXTRA_FIELDS = {
    "Card": {"dueComplete", "isTemplate", "start", "labels"},
    "Board": {"starred", "idEnterprise", "labelNames"},
    "Label": {"uses"},
    "Member": set(),
    "Organization": {"desc", "website"},
    "Action": {"appCreator"},
    "TrelloList": set(),
    "Token": set(),
    "Webhook": set(),
    "PluginData": set(),
}
"""What the real server sends and the document's schemas lack."""


@pytest.fixture(name="document", scope="module")
def the_document() -> dict[str, Any]:
    if not DOCUMENT.exists():
        pytest.skip(f"Trello's OpenAPI document is not beside this repository ({DOCUMENT.parent.name}/{DOCUMENT.name})")
    found: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return found


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world() as made:
        yield made


def bare(path: str) -> str:
    """A path with its parameters' names taken out."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "{}", path).rstrip("/")


def served(trello: World) -> set[tuple[str, str]]:
    names = {noun.name for noun in NOUNS}
    found = set()
    for rule in trello.trello.app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in names:
            found |= {(method, bare(rule.rule.removeprefix("/1"))) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found


def documented(document: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """Method and path to the names of required parameters."""
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                required = {one["name"] for one in operation.get("parameters", []) if one.get("required") and one["in"] == "query"}
                found[method.upper(), bare(path)] = required
    return found


def requests_of(trello: World, callback: str) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """For each served operation with required parameters: an address and parameters that succeed."""
    comment = trello.ask("POST", f"/cards/{trello.card.id}/actions/comments", json={"text": "mine"}).json()["id"]
    hook = {"callbackURL": callback, "idModel": trello.board.id}
    return {
        ("PUT", "/actions/{}"): (f"/actions/{comment}", {"text": "x"}),
        ("PUT", "/actions/{}/text"): (f"/actions/{comment}/text", {"value": "x"}),
        ("GET", "/batch"): ("/batch", {"urls": "/members/me"}),
        ("GET", "/search"): ("/search", {"query": "x"}),
        ("POST", "/cards"): ("/cards", {"idList": trello.inbox.id}),
        ("POST", "/cards/{}/actions/comments"): (f"/cards/{trello.card.id}/actions/comments", {"text": "x"}),
        ("POST", "/labels"): ("/labels", {"name": "x", "color": "sky", "idBoard": trello.board.id}),
        ("POST", "/boards/{}/labels"): (f"/boards/{trello.board.id}/labels", {"name": "x", "color": "sky"}),
        ("POST", "/lists"): ("/lists", {"name": "x", "idBoard": trello.board.id}),
        ("POST", "/webhooks"): ("/webhooks/", hook),
        ("POST", "/tokens/{}/webhooks"): (f"/tokens/{trello.token(ADA)}/webhooks", {**hook, "idModel": trello.inbox.id}),
    }


def test_every_route_that_is_served_is_trellos(trello: World, document: dict[str, Any]) -> None:
    known = documented(document)
    unknown = {operation for operation in served(trello) if operation not in known}
    assert unknown == set(UNDOCUMENTED)
    assert len(served(trello)) > 50


def test_required_parameters_are_required_and_suffice(trello: World, document: dict[str, Any]) -> None:
    known = documented(document)
    needing = {operation: known[operation] for operation in served(trello) if known.get(operation)}
    with Callback() as callback:
        good = requests_of(trello, callback.url)
        assert {operation: set(values) for operation, (_, values) in good.items()} == needing
        for (method, _), (path, values) in good.items():
            for name in values:
                without = {key: value for key, value in values.items() if key != name}
                assert trello.ask(method, path, params=without).status_code == 400, (method, path, name)
            assert trello.ask(method, path, params=values).status_code == 200, (method, path)


def test_fields_have_trellos_names(trello: World, document: dict[str, Any]) -> None:
    with Callback() as callback:
        trello.ask("POST", "/webhooks/", json={"callbackURL": callback.url, "idModel": trello.board.id})
        body = {"scope": "card", "idModel": trello.card.id, "visibility": "shared", "value": '{"a":1}'}
        trello.control("PUT", "plugin-data", json=body)
        token = trello.token(ADA)
        shapes = {
            "Card": trello.ask("GET", f"/cards/{trello.card.id}"),
            "Board": trello.ask("GET", f"/boards/{trello.board.id}", params={"fields": "all"}),
            "Label": trello.ask("GET", f"/labels/{trello.label.id}"),
            "Member": trello.ask("GET", "/members/me"),
            "Organization": trello.ask("GET", f"/organizations/{trello.board.organization_id}"),
            "Action": trello.ask("GET", f"/cards/{trello.card.id}/actions"),
            "TrelloList": trello.ask("GET", f"/lists/{trello.inbox.id}", params={"fields": "all"}),
            "Token": trello.ask("GET", f"/tokens/{token}"),
            "Webhook": trello.ask("GET", f"/tokens/{token}/webhooks"),
            "PluginData": trello.ask("GET", f"/cards/{trello.card.id}/pluginData"),
        }
    assert set(shapes) == set(EXTRA_FIELDS)
    for name, answer in shapes.items():
        shape = answer.json()[0] if isinstance(answer.json(), list) else answer.json()
        foreign = set(shape) - set(document["components"]["schemas"][name]["properties"]) - EXTRA_FIELDS[name]
        assert foreign == set(), name
