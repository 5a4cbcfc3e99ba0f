"""One shape for every error, and every way to get one."""

import re
from dataclasses import replace
from typing import Any

import pytest

from api import create_app
from powerup.errors import Code
from tests.api.world import Client, World
from tests.cast import ADA, BEN

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/api/v1/nowhere", {}, 404),
        ("GET", "/pages/nothing", {}, 404),
        ("GET", "/static/../pyproject.toml", {}, 404),
        ("POST", "/healthz", {}, 405),
        ("GET", "/api/v1/session", {}, 405),
        ("POST", "/api/v1/session", {"data": "{", "content_type": "application/json"}, 400),
        ("POST", "/api/v1/session", {"data": "[]", "content_type": "application/json"}, 400),
        ("POST", "/api/v1/session", {"data": b"\xff\xfe", "content_type": "application/json"}, 400),
        ("POST", "/api/v1/session", {"data": "jwt=x", "content_type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/api/v1/session", {"data": "x" * 5_000_000, "content_type": "application/json"}, 413),
        ("POST", "/api/v1/session", {"json": {}}, 422),
        ("GET", "/api/v1/tickets", {}, 401),
        ("POST", "/webhooks/forums/unknown", {"data": "{}"}, 404),
        ("POST", "/webhooks/trello/unknown", {"data": "{}"}, 404),
    ],
)
def test_every_error_has_the_one_shape(small: World, method: str, path: str, options: dict[str, Any], status: int) -> None:
    answer = small.app.test_client().open(path, method=method, **options)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert set(answer.json) >= MEMBERS
    assert answer.json["status"] == status
    assert answer.json["code"] in set(Code)
    assert answer.json["type"].endswith(f"/{answer.json['code']}")
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_our_own_mistake_says_nothing_of_what_was_in_it(small: World, capfd: pytest.CaptureFixture[str]) -> None:

    def broken() -> str:
        raise ZeroDivisionError("division by a customer's secret")

    small.app.view_functions["health.alive"] = broken
    answer = small.app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert answer.json is not None and answer.json["code"] == "internal"
    assert "division" not in answer.get_data(as_text=True)


def test_a_database_that_is_gone_is_unavailable(small: World) -> None:
    ben = small.as_(BEN)
    small.services.database.engine.dispose()
    path = small.services.database.url.removeprefix("sqlite:///")
    with open(path, "r+b") as file:
        file.truncate(0)
    answer = ben.get("/api/v1/tickets")
    assert (answer.status_code, answer.json["code"]) in ((503, "unavailable"), (500, "internal"))  # type: ignore[index]


def test_the_description_names_every_route(small: World) -> None:
    document = small.app.test_client().get("/api/openapi.json").json
    assert document is not None
    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    served = {
        (rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"), method)
        for rule in small.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    assert described == served


def test_every_route_of_members_refuses_who_has_no_token(small: World) -> None:
    for rule in small.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or rule.endpoint.startswith("v1.session"):
            continue
        path = rule.rule.replace("<int:", "<").replace("<card_id>", small.card.id)
        while "<" in path:
            path = path[: path.index("<")] + "1" + path[path.index(">") + 1 :]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = small.app.test_client().open(path, method=method, json={} if method != "GET" else None)
            assert answer.status_code in (401, 422), f"{method} {path} answered {answer.status_code}"
            if answer.status_code == 422:
                # The connection is for people without a seat; its body is read first and its token checked in the view.
                assert rule.endpoint == "v1.connections.connect"


def test_only_named_origins_may_call_from_a_browser(small: World) -> None:
    answer = small.app.test_client().get("/api/openapi.json", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_pages_may_be_framed_by_trello_alone_and_the_rest_by_nobody(small: World) -> None:
    client = small.app.test_client()
    page = client.get("/pages/card").headers
    assert f"frame-ancestors {small.trello.url}" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert "unsafe" not in page["Content-Security-Policy"]
    for path in ("/", "/api/openapi.json", "/oauth/trello", "/healthz"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_forum_settings_never_come_back_with_their_secrets(small: World) -> None:
    text = small.as_(ADA).get("/api/v1/forums").get_data(as_text=True)
    assert small.forum.api_key not in text and "hook secret of the tests" not in text


def test_settings_are_for_admins(small: World) -> None:
    ben: Client = small.as_(BEN)
    for answer in (
        ben.post("/api/v1/forums", small.forum_settings()),
        ben.post("/api/v1/forum-checks", small.forum_settings()),
        ben.patch("/api/v1/forums/1", small.forum_settings()),
        ben.delete("/api/v1/forums/1"),
        ben.put("/api/v1/workspace", {"slack_webhook_url": None}),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "board_admin_needed")  # type: ignore[index]


def test_stored_credentials_are_not_sent_to_a_new_address(small: World) -> None:
    changed = small.forum_settings(credentials=None, base_url="https://evil.example")
    answer = small.as_(ADA).patch("/api/v1/forums/1", changed)
    assert answer.status_code == 422
    assert answer.json is not None and answer.json["errors"][0]["field"] == "credentials.api_key"


def test_an_origin_that_an_admin_named_may_call(small: World) -> None:
    named = small.services.settings.model_copy(update={"cors_origins": ("https://desk.example",)})
    client = create_app(replace(small.services, settings=named)).test_client()
    asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = client.options("/api/v1/badges", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    for rule in small.app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        assert not path.startswith("/api/") or client.options(path, headers=asked).status_code == 200, path
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    stranger = client.options("/api/v1/badges", headers=asked | {"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers
    assert "Access-Control-Allow-Origin" not in client.get("/pages/card", headers={"Origin": "https://desk.example"}).headers
