"""What a Discourse refuses, and how the adapter takes it: with the site's own words, a mend, and no harm done."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import Draft
from powerup.integrations.forums.discourse import Discourse
from powerup.integrations.forums.discourse.site import Site
from tests.integrations.discourse.a_site import KEYS, POST, TOPIC, config, policy, serve


@pytest.fixture
def site(httpserver: HTTPServer) -> Iterator[Site]:
    with Site(config(httpserver), policy(httpserver)) as opened:
        yield opened


@pytest.fixture
def forum(httpserver: HTTPServer) -> Iterator[Discourse]:
    with Discourse(config(httpserver), policy(httpserver)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("status", "data", "headers", "error", "wait"),
    [
        (429, {"error_type": "rate_limit", "extras": {"wait_seconds": 12}}, {"Retry-After": "9"}, RateLimitedError, 12.0),
        (429, {"error_type": "rate_limit", "extras": {"wait_seconds": "soon"}}, {}, RateLimitedError, None),
        (429, "Slow down, you're making too many requests.", {"Retry-After": "7"}, RateLimitedError, 7.0),
        (429, "Slow down", {"Retry-After": "86400"}, RateLimitedError, 3600.0),
        (403, {"errors": ["The API username or key is invalid."], "error_type": "invalid_access"}, {}, CredentialsRefusedError, None),
        (403, {"errors": ["Der API-Benutzername ist ungültig."], "error_type": "invalid_access"}, {}, CredentialsRefusedError, None),
        (403, {"errors": ["You need to be logged in."], "error_type": "not_logged_in"}, {}, CredentialsRefusedError, None),
        (403, {"errors": ["You are not permitted."], "error_type": "invalid_access"}, {}, NotPermittedError, None),
        (403, "<html>Forbidden by the proxy</html>", {}, NotPermittedError, None),
        (404, {"errors": ["not found"], "error_type": "not_found"}, {}, GoneError, None),
        (404, "<!DOCTYPE html><html>", {}, GoneError, None),
        (422, {"action": "create_post", "errors": ["Body is too short", "Really"]}, {}, RejectedError, None),
        (400, {"error": "already assigned"}, {}, RejectedError, None),
        (400, ["odd"], {}, RejectedError, None),
        (503, "<html>The site is in read-only mode</html>", {}, VendorBrokenError, None),
    ],
)
def test_what_a_refusal_means(
    httpserver: HTTPServer, site: Site, status: int, data: Any, headers: dict[str, str], error: type[IntegrationError], wait: float | None
) -> None:
    handler = httpserver.expect_request("/a.json")
    if isinstance(data, str):
        handler.respond_with_data(data, status, headers, "text/html" if "<" in data else "text/plain")
    else:
        handler.respond_with_json(data, status, headers)
    with pytest.raises(error) as caught:
        site.get("/a.json")
    assert type(caught.value) is error
    assert caught.value.retry_after == wait
    assert caught.value.reconnect is (error is CredentialsRefusedError)
    assert caught.value.permanent is (400 <= status < 429)
    if status == 422:
        assert "Body is too short Really" in caught.value.detail


# ---- notes that must not become public

ME = {"/session/current.json": {"current_user": {"id": 1, "username": "ada", "admin": True, "whisperer": True}}}


def test_a_note_is_not_written_where_whispers_are_off(httpserver: HTTPServer, forum: Discourse) -> None:
    serve(httpserver, {"/session/current.json": {"current_user": {"id": 1, "username": "ada", "admin": True, "whisperer": False}}})
    with pytest.raises(NotPermittedError, match="switched off"):
        forum.post("42", Draft("for us only", True, "m1"), look_first=False)
    assert not [request for request, _ in httpserver.log if request.method == "POST"]


@pytest.mark.parametrize(
    ("settings", "allowed"), [({"enable_whispers": True}, True), ({"whispers_allowed_groups": "3"}, True), ({}, False)]
)
def test_older_versions_say_it_in_their_settings(httpserver: HTTPServer, forum: Discourse, settings: dict[str, Any], allowed: bool) -> None:
    serve(httpserver, {"/session/current.json": {"current_user": {"id": 1, "username": "ada", "moderator": True}}})
    serve(httpserver, {"/site/settings.json": settings, "/posts.json": {**POST, "post_type": 4}})
    if allowed:
        assert forum.post("42", Draft("for us only", True, "m1"), look_first=False).external_id == "7"
    else:
        with pytest.raises(NotPermittedError):
            forum.post("42", Draft("for us only", True, "m1"), look_first=False)


@pytest.mark.parametrize("deletable", [True, False])
def test_a_note_that_came_out_public_is_taken_back(httpserver: HTTPServer, forum: Discourse, deletable: bool) -> None:
    serve(httpserver, ME)
    httpserver.expect_request("/posts.json", method="POST").respond_with_json(POST)
    httpserver.expect_request("/posts/7.json", method="DELETE").respond_with_data("", 200 if deletable else 403)
    with pytest.raises(NotPermittedError, match="deleted again" if deletable else "delete it on the forum now") as caught:
        forum.post("42", Draft("for us only", True, "m1"), look_first=False)
    assert caught.value.permanent
    assert [request.method for request, _ in httpserver.log][-1] == "DELETE"


# ---- replies


def test_a_queued_reply_waits_for_approval(httpserver: HTTPServer, forum: Discourse) -> None:
    queued = {"success": True, "action": "enqueued", "pending_post": {"id": 5}, "pending_count": 1}
    httpserver.expect_request("/posts.json", method="POST").respond_with_json(queued)
    posted = forum.post("42", Draft("hello", False, "m1"), look_first=False)
    assert (posted.external_id, posted.awaiting_approval) == ("pending:5", True)


@pytest.mark.parametrize("there", [True, False])
def test_too_similar_means_that_it_may_be_there_already(httpserver: HTTPServer, forum: Discourse, there: bool) -> None:
    similar = {"action": "create_post", "errors": ["Body is too similar to what you recently posted"]}
    httpserver.expect_request("/posts.json", method="POST").respond_with_json(similar, 422)
    raw = "hello\n\n<!-- m1 -->" if there else "hello"
    serve(httpserver, {"/t/42.json": {**TOPIC, "post_stream": {"posts": [{**POST, "raw": raw}], "stream": [7]}}})
    if there:
        posted = forum.post("42", Draft("hello", False, "m1"), look_first=False)
        assert (posted.external_id, posted.found_again) == ("7", True)
    else:
        with pytest.raises(RejectedError, match="too similar"):
            forum.post("42", Draft("hello", False, "m1"), look_first=False)


def test_a_reply_carries_its_marker_invisibly(httpserver: HTTPServer, forum: Discourse) -> None:
    httpserver.expect_request("/posts.json", method="POST").respond_with_json(POST)
    posted = forum.post("42", Draft("hello\n", False, "closeloop:d-1"), look_first=False)
    assert httpserver.log[0][0].json == {"topic_id": 42, "raw": "hello\n\n<!-- closeloop:d-1 -->"}
    assert posted.url.endswith("/t/my-step-fails/42/2")


# ---- owners


def test_already_assigned_to_the_same_person_is_success(httpserver: HTTPServer, forum: Discourse) -> None:
    httpserver.expect_ordered_request("/t/42.json").respond_with_json(TOPIC)
    httpserver.expect_ordered_request("/assign/assign.json").respond_with_json({"error": "bereits zugewiesen"}, 400)
    httpserver.expect_ordered_request("/t/42.json").respond_with_json({**TOPIC, "assigned_to_user": {"username": "Ben"}})
    forum.assign("42", person="ben", team=None)
    httpserver.check_assertions()


def test_another_reason_is_told_in_the_sites_words(httpserver: HTTPServer, forum: Discourse) -> None:
    serve(httpserver, {"/t/42.json": TOPIC})
    httpserver.expect_request("/assign/assign.json").respond_with_json({"error": "ben has too many assignments"}, 400)
    with pytest.raises(RejectedError, match="too many assignments"):
        forum.assign("42", person="ben", team=None)


# ---- reading


MAIL = {"archetype": "private_message", "details": {"allowed_groups": [{"id": 41, "name": "Support"}]}}


def test_a_private_message_outside_of_the_inboxes_stays_private(httpserver: HTTPServer, forum: Discourse) -> None:
    serve(httpserver, {"/t/42.json": {**TOPIC, "archetype": "private_message"}})
    with pytest.raises(GoneError, match="private message"):
        forum.read("42")


def test_whispers_actions_and_what_is_hidden(httpserver: HTTPServer) -> None:
    closed = {**POST, "id": 8, "post_number": 3, "post_type": 3, "action_code": "closed.enabled", "cooked": ""}
    assigned = {**POST, "id": 9, "post_number": 4, "post_type": 4, "action_code": "assigned", "action_code_who": "b<en", "cooked": ""}
    hidden = {**POST, "id": 10, "post_number": 5, "hidden": True}
    orphan = {**POST, "id": 11, "post_number": 6, "user_id": None, "username": None, "name": None}
    posts = [POST, closed, assigned, hidden, orphan]
    topic = {**TOPIC, "closed": True, **MAIL, "post_stream": {"posts": posts, "stream": [7, 8, 9, 10, 11]}}
    serve(httpserver, {"/t/42.json": topic})
    with Discourse(config(httpserver, KEYS | {"inboxes": "support, other"}), policy(httpserver)) as forum:
        thread = forum.read("42")
    assert [(m.system, m.visibility, m.deleted) for m in thread.messages] == [
        (False, "public", False), (True, "public", False), (True, "internal", False), (False, "public", True), (False, "public", False)
    ]  # fmt: skip
    assert "closed this thread" in thread.messages[1].html
    assert "assigned this to b&lt;en" in thread.messages[2].html
    assert thread.messages[3].html == ""
    assert thread.messages[4].author.username == "deleted"
    assert (thread.private, thread.state) == (True, "closed")


@pytest.mark.parametrize(
    "broken", [{"id": "42"}, {"title": None}, {"created_at": "yesterday"}, {"post_stream": []}, {"post_stream": {"posts": [1]}}]
)
def test_a_broken_field_is_named(httpserver: HTTPServer, forum: Discourse, broken: dict[str, Any]) -> None:
    serve(httpserver, {"/t/42.json": {**TOPIC, **broken}})
    with pytest.raises(VendorBrokenError, match=next(iter(broken))):
        forum.read("42")


def test_members_of_staff_groups_are_fetched_once_over_all_pages(httpserver: HTTPServer) -> None:
    def page(start: int, size: int) -> dict[str, Any]:
        return {"members": [{"username": f"user{start + n}"} for n in range(size)], "meta": {"total": 120, "limit": 100, "offset": start}}

    for start, size in ((0, 100), (100, 20)):
        query = {"limit": "100", "offset": str(start)}
        httpserver.expect_request("/groups/support/members.json", query_string=query).respond_with_json(page(start, size))
    names = ((1, "mei"), (2, "USER119"), (3, "user120"))
    posts = [{**POST, "id": n, "post_number": n, "user_id": n, "username": name} for n, name in names]
    serve(httpserver, {"/t/42.json": {**TOPIC, "post_stream": {"posts": posts, "stream": [1, 2, 3]}}})
    with Discourse(config(httpserver, {}, frozenset({"Support"})), policy(httpserver)) as forum:
        for _ in range(2):
            assert [message.author.role for message in forum.read("42").messages] == ["customer", "staff", "customer"]
    assert len([request for request, _ in httpserver.log if "members" in request.path]) == 2


def test_group_inboxes_are_read_beside_the_list(httpserver: HTTPServer) -> None:
    item = {name: value for name, value in TOPIC.items() if name != "post_stream"}
    serve(httpserver, {"/latest.json": {"topic_list": {"topics": [item]}}, "/posts.json": {"latest_posts": []}})
    inbox = {"topic_list": {"topics": [{**item, "id": 43, "archetype": "private_message"}]}}
    serve(httpserver, {"/topics/private-messages-group/ada/support.json": inbox})
    with Discourse(config(httpserver, {**KEYS, "inboxes": " support, "}), policy(httpserver)) as forum:
        page = forum.changed_since(None)
        assert {stub.external_id for stub in page.stubs} == {"42", "43"}
        assert not page.more
        assert forum.changed_since(page.cursor).stubs == ()
