""" "Test connection" on a Discourse: who we are, what is missing, and problems that come with their mend."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.forums.base import Feature, ForumConfig
from powerup.integrations.forums.discourse import Discourse
from powerup.integrations.http import HttpPolicy
from tests.integrations.discourse.a_site import KEYS, config, policy, serve


@pytest.fixture
def forum(httpserver: HTTPServer) -> Iterator[Discourse]:
    with Discourse(config(httpserver), policy(httpserver)) as opened:
        yield opened


def healthy(server: HTTPServer, **user: Any) -> None:
    me = {"id": 1, "username": "ada", "admin": True, **user}
    serve(server, {"/site/basic-info.json": {"title": "Northwind"}, "/session/current.json": {"current_user": me}})
    serve(server, {"/latest.json": {"topic_list": {"topics": []}}})


def test_a_site_without_plug_ins_says_what_is_missing(httpserver: HTTPServer, forum: Discourse) -> None:
    healthy(httpserver, admin=False)
    serve(httpserver, {"/site/settings.json": {"assign_enabled": False, "solved_enabled": False}})
    check = forum.check()
    assert check.problems == ()
    cannot = {Feature.internal_note, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag, Feature.acknowledge}
    assert set(check.missing) == cannot
    assert all(check.missing.values())


@pytest.mark.parametrize("path", ["/session/current.json", "/site/basic-info.json"])
def test_a_key_limited_in_scope_still_says_who_we_are(httpserver: HTTPServer, forum: Discourse, path: str) -> None:
    httpserver.expect_request(path).respond_with_json({"errors": ["not permitted"], "error_type": "invalid_access"}, 403)
    healthy(httpserver, username="ada", admin=True)
    serve(httpserver, {"/u/ada.json": {"user": {"id": 1, "username": "ada", "moderator": True}}})
    check = forum.check()
    assert (check.acting_as, check.problems) == ("ada", ())


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"/site/basic-info.json": ("<html>Welcome to nginx!</html>", 200)}, "web page"),
        ({"/site/basic-info.json": ("<html>Not Found</html>", 404)}, "Is this the address of a Discourse"),
        ({"/site/basic-info.json": ("[]", 200)}, "title"),
        ({"/session/current.json": ('{"errors": ["The API key is invalid."], "error_type": "invalid_access"}', 403)}, "API key"),
        ({"/session/current.json": ("", 404), "/u/ada.json": ("{}", 404)}, "no user “ada”"),
        ({"/latest.json": ('{"error_type": "not_logged_in"}', 403)}, "API key and a username"),
    ],
)
def test_a_problem_comes_with_its_mend(httpserver: HTTPServer, forum: Discourse, answers: dict[str, tuple[str, int]], problem: str) -> None:
    good = {
        "/site/basic-info.json": ('{"title": "Northwind"}', 200),
        "/session/current.json": ('{"current_user": {"id": 1, "username": "ada"}}', 200),
        "/latest.json": ('{"topic_list": {"topics": []}}', 200),
        "/site/settings.json": ("{}", 200),
    }
    for path, (body, status) in (good | answers).items():
        httpserver.expect_request(path).respond_with_data(body, status, content_type="text/html" if "<" in body else "application/json")
    check = forum.check()
    assert len(check.problems) == 1
    assert problem in check.problems[0]
    assert check.features == frozenset()
    assert "k" * 64 not in check.problems[0]


def test_a_host_that_is_down_or_private_is_a_problem_too() -> None:
    for url, words in (("http://127.0.0.1:1", "private address"), ("nonsense", "plain web address")):
        with Discourse(ForumConfig(url, KEYS), HttpPolicy(1, 1, ())) as forum:
            assert words in forum.check().problems[0]
