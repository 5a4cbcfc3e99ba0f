"""Customers' e-mail addresses: only where they were asked for, only the opener's, only verified ones, and each look is logged there."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import RateLimitedError, VendorBrokenError
from powerup.integrations.forums.base import Forum
from powerup.integrations.forums.discourse import Discourse
from powerup.integrations.forums.discourse import emails as module
from tests.contract.forum.discourse import DiscourseCase
from tests.integrations.discourse.a_site import KEYS, POST, TOPIC, config, policy, serve

MEI = {"id": 5, "username": "mei", "active": True, "staged": False}
ADDRESS = "mei@customers.example"


@pytest.fixture
def case() -> Iterator[DiscourseCase]:
    with DiscourseCase() as made:
        yield made


@pytest.fixture
def forum(case: DiscourseCase) -> Iterator[Forum]:
    with case.open() as opened:
        yield opened


def looks(case: DiscourseCase) -> list[tuple[str, str]]:
    with case.store.lock:
        return list(case.store.rows.looks)


def requests_for(case: DiscourseCase, forum: Forum) -> int:
    """What it takes to read a thread by somebody new, when it is known who is staff: 1 where only the thread is asked for."""
    thread_id, before = case.thread("Another thread", "Text.", author="dave"), case.requests() or 0
    forum.read(thread_id)
    return (case.requests() or 0) - before


# ---- whose


def test_only_the_opener_is_looked_up(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("A thread", "Text.")
    case.reply(thread_id, "Me too.", author="dave")
    case.reply(thread_id, "We look into it.", author="ada")
    case.reply(thread_id, "Thanks.")
    thread = forum.read(thread_id)
    assert thread.customer.verified_email == ADDRESS
    assert [message.author.verified_email for message in thread.messages] == [ADDRESS, None, None, ADDRESS]
    assert looks(case) == [("ada", "mei")]


def test_an_address_is_looked_up_once(case: DiscourseCase, forum: Forum) -> None:
    for thread_id in (case.thread("One", "Text."), case.thread("Two", "Text.")):
        assert forum.read(thread_id).customer.verified_email == ADDRESS
    assert looks(case) == [("ada", "mei")]


def test_what_is_remembered_is_bounded(case: DiscourseCase, forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 1)
    one, two = case.thread("One", "Text."), case.thread("Two", "Text.", author="dave")
    found = [forum.read(thread_id).customer.verified_email for thread_id in (one, two, one)]
    assert found == [ADDRESS, "dave@customers.example", ADDRESS]
    assert len(looks(case)) == 3


@pytest.mark.parametrize("choice", ["", "no", "certainly"])
def test_nobody_is_looked_up_unless_an_admin_chose_so(case: DiscourseCase, choice: str) -> None:
    thread_id = case.thread("A thread", "Text.")
    with case.open(emails=choice) as forum:
        assert forum.read(thread_id).customer.verified_email is None
        assert requests_for(case, forum) == 1
        assert forum.check().warnings == ()


def test_a_passer_by_asks_nothing(case: DiscourseCase) -> None:
    thread_id = case.thread("A thread", "Text.")
    with case.opened({"emails": "yes"}) as forum:
        assert forum.read(thread_id).customer.verified_email is None
        assert requests_for(case, forum) == 1
        assert "enter an admin's API key" in forum.check().warnings[0]


@pytest.mark.parametrize("change", [{"staged": True, "active": True}, {"active": False}])
def test_an_address_that_nobody_made_sure_of_is_not_even_looked_at(case: DiscourseCase, forum: Forum, change: dict[str, bool]) -> None:
    user = case.store.rows.users["mei"]
    for name, value in change.items():
        setattr(user, name, value)
    assert forum.read(case.thread("A thread", "Text.")).customer.verified_email is None
    assert looks(case) == []


# ---- who may


@pytest.mark.parametrize("rights", [{}, {"moderator": True}])
def test_a_key_that_may_not_look_reads_all_the_same(case: DiscourseCase, rights: dict[str, bool]) -> None:
    case.store.add_user("ivy", **rights)  # type: ignore[arg-type]
    with case.open(api_username="ivy") as forum:
        assert forum.read(case.thread("A thread", "Text.")).customer.verified_email is None
        check = forum.check()
    assert looks(case) == []
    assert check.problems == ()
    assert len(check.warnings) == 1
    assert "ivy may not see e-mail addresses" in check.warnings[0]
    assert "make it an admin" in check.warnings[0]


def test_who_was_refused_once_does_not_ask_again(case: DiscourseCase) -> None:
    case.store.add_user("ivy", moderator=True)
    with case.open(api_username="ivy") as forum:
        forum.read(case.thread("A thread", "Text."))
        assert requests_for(case, forum) == 1


def test_a_moderator_may_where_the_site_lets_moderators(case: DiscourseCase) -> None:
    case.store.add_user("ivy", moderator=True)
    case.store.options = case.store.options.model_copy(update={"moderators_view_emails": True})
    with case.open(api_username="ivy") as forum:
        assert forum.read(case.thread("A thread", "Text.")).customer.verified_email == ADDRESS
        assert forum.check().warnings == ()


def test_an_admins_check_warns_of_nothing_and_looks_at_nobody(case: DiscourseCase, forum: Forum) -> None:
    check = forum.check()
    assert (check.problems, check.warnings) == ((), ())
    assert looks(case) == []


# ---- what a site may answer


def a_thread(server: HTTPServer, account: Any, addresses: Any) -> Discourse:
    posts = {"posts": [POST | {"post_number": 1, "username": "mei", "user_id": 5}], "stream": [7]}
    serve(server, {"/t/42.json": TOPIC | {"post_stream": posts, "details": {"created_by": {"id": 5, "username": "mei"}}}})
    serve(server, {"/admin/users/5.json": account, "/u/mei/emails.json": addresses})
    return Discourse(config(server, KEYS | {"emails": "yes"}), policy(server))


@pytest.mark.parametrize(
    ("account", "addresses", "expected"),
    [
        (MEI, {"email": ADDRESS, "unconfirmed_emails": ["new@elsewhere.example"]}, ADDRESS),
        (MEI | {"id": 6}, {"email": ADDRESS}, None),
        (MEI | {"active": "true"}, {"email": ADDRESS}, None),
        ({"id": 5, "username": "mei", "staged": False}, {"email": ADDRESS}, None),
        ({"id": 5, "username": "mei", "active": True}, {"email": ADDRESS}, None),
        (MEI, {"email": None, "secondary_emails": [ADDRESS]}, None),
        (MEI, {"email": "anon3@anonymized.invalid"}, None),
        (MEI, {"email": "none"}, None),
    ],
)
def test_only_a_clear_answer_is_believed(httpserver: HTTPServer, account: Any, addresses: Any, expected: str | None) -> None:
    with a_thread(httpserver, account, addresses) as forum:
        assert forum.read("42").customer.verified_email == expected


@pytest.mark.parametrize("path", ["/admin/users/5.json", "/u/mei/emails.json"])
@pytest.mark.parametrize(("status", "error"), [(429, RateLimitedError), (500, VendorBrokenError)])
def test_a_site_in_trouble_is_asked_again_later(httpserver: HTTPServer, path: str, status: int, error: type[Exception]) -> None:
    """Not knowing an address and there being none are two things: what is known of a customer must not be forgotten by it."""
    httpserver.expect_request(path).respond_with_json({}, status)
    with a_thread(httpserver, MEI, {"email": ADDRESS}) as forum, pytest.raises(error):
        forum.read("42")


@pytest.mark.parametrize("path", ["/admin/users/1.json", "/u/ada/emails.json", "/admin/users/5.json", "/u/mei/emails.json"])
def test_a_key_limited_in_scope_is_no_wrong_key(httpserver: HTTPServer, path: str) -> None:
    """Discourse has the same words for both; a thread that was read with it shows that it is good."""
    words = {"errors": ["The API username or key is invalid."], "error_type": "invalid_access"}
    httpserver.expect_request(path).respond_with_json(words, 403)
    ada = {"id": 1, "username": "ada", "admin": True}
    serve(httpserver, {"/site/basic-info.json": {"title": "Northwind"}, "/session/current.json": {"current_user": ada}})
    serve(httpserver, {"/latest.json": {"topic_list": {"topics": []}}, "/site/settings.json": {}})
    serve(httpserver, {"/admin/users/1.json": ada, "/u/ada/emails.json": {"email": "ada@northwind.example"}})
    with a_thread(httpserver, MEI, {"email": ADDRESS}) as forum:
        ours = path in ("/admin/users/1.json", "/u/ada/emails.json")
        assert forum.read("42").customer.verified_email == (ADDRESS if ours else None)
        check = forum.check()
    assert check.problems == ()
    assert ["scope “Global”" in warning for warning in check.warnings] == ([True] if ours else [])
