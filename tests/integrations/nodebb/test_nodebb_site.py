"""What NodeBB's refusals mean, and who we are there."""

import time

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import Draft, Feature, ForumConfig
from powerup.integrations.forums.nodebb import NodeBB
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import maybe_ident
from powerup.integrations.http import HttpPolicy
from tests.integrations.nodebb.conftest import Desk

DRAFT = Draft("Please update to 3.2.", False, "d1")


def test_a_busy_server_is_left_alone_for_a_while(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    desk.double.options.busy = True
    for act in (lambda: forum.read(thread_id), lambda: forum.post(thread_id, DRAFT, look_first=False)):
        with pytest.raises(RateLimitedError) as caught:
            act()
        assert not caught.value.permanent
        assert caught.value.retry_after == 10
    desk.double.options.busy = False
    assert len(forum.read(thread_id).messages) == 1


def test_a_withdrawn_token_is_told_from_a_lack_of_permission(desk: Desk) -> None:
    """The write API says the same of both."""
    thread_id = desk.thread()
    plain = desk.forum("dave")
    with pytest.raises(NotPermittedError):
        plain.resolve(thread_id, message_id=None)
    desk.double.refused.add(desk.double.token("dave"))
    with pytest.raises(CredentialsRefusedError) as caught:
        plain.post(thread_id, DRAFT, look_first=False)
    assert caught.value.reconnect
    with pytest.raises(CredentialsRefusedError):
        plain.read(thread_id)


def test_a_master_token_acts_as_the_user_that_is_named(desk: Desk) -> None:
    thread_id = desk.thread()
    ben = desk.store.people["ben"].id
    forum = desk.forum(token=desk.double.master_token, uid=str(ben))
    assert forum.check().acting_as == "ben"
    posted = forum.post(thread_id, DRAFT, look_first=True)
    assert (forum.read(thread_id).messages[-1].author.username, posted.found_again) == ("ben", False)
    assert forum.post(thread_id, DRAFT, look_first=True).found_again


@pytest.mark.parametrize("uid", ["", "99999", "ada"])
def test_a_master_token_without_a_user_is_explained(desk: Desk, uid: str) -> None:
    thread_id = desk.thread()
    forum = desk.forum(token=desk.double.master_token, uid=uid)
    check = forum.check()
    assert (check.acting_as, check.features) == (None, frozenset())
    assert "token" in check.problems[0]
    with pytest.raises(CredentialsRefusedError):
        forum.post(thread_id, DRAFT, look_first=False)


def test_writing_too_often_waits_as_long_as_the_site_says(desk: Desk) -> None:
    thread_id = desk.thread()
    desk.double.options.post_delay = 120
    with pytest.raises(RateLimitedError) as caught:
        desk.forum("dave").post(thread_id, DRAFT, look_first=False)
    assert caught.value.retry_after == 120


def test_the_sites_own_words_are_passed_on(desk: Desk) -> None:
    thread_id = desk.thread()
    desk.store.change(int(thread_id), state="closed")
    with pytest.raises(RejectedError, match="Topic locked") as caught:
        desk.forum("dave").post(thread_id, DRAFT, look_first=False)
    assert caught.value.permanent
    desk.forum("ada").post(thread_id, DRAFT, look_first=False)
    assert len(desk.store.posts_of(int(thread_id))) == 2


def test_success_is_looked_for_inside_the_envelope(httpserver: HTTPServer) -> None:
    answer = {"status": {"code": "internal-server-error", "message": "x"}, "response": {"pid": 7, "tid": 2}}
    httpserver.expect_request("/api/v3/topics/2").respond_with_json(answer)
    policy = HttpPolicy(1, 2, (f"{httpserver.host}:{httpserver.port}",), retry_pause=0.001)
    with NodeBB(ForumConfig(httpserver.url_for("").rstrip("/"), {"token": "t"}), policy) as forum, pytest.raises(VendorBrokenError):
        forum.post("2", DRAFT, look_first=False)


def test_an_account_that_moderates_nothing_is_told_what_it_lacks(desk: Desk) -> None:
    check = desk.forum("dave").check()
    assert check.acting_as == "dave"
    assert Feature.reply in check.features
    assert "dave moderates no category" in check.missing[Feature.resolve]
    assert check.missing[Feature.tag] == check.missing[Feature.resolve]
    assert {Feature.internal_note, Feature.assign_person, Feature.assign_team, Feature.acknowledge} <= check.missing.keys()
    assert check.features | check.missing.keys() == set(Feature)


def test_a_site_without_search_says_so(desk: Desk, forum: NodeBB) -> None:
    desk.double.options.search = False
    assert "search plug-in" in forum.check().missing[Feature.search]
    with pytest.raises(NotPermittedError, match="search plug-in"):
        forum.search("wildcard", limit=5)


def test_a_site_that_shows_nothing_to_passers_by_says_so(desk: Desk) -> None:
    desk.double.options.guests_read = False
    thread_id = desk.thread()
    stranger = desk.forum(token="")
    assert stranger.check().problems == ("This site shows nothing to passers-by: enter a token.",)
    with pytest.raises(GoneError):
        stranger.read(thread_id)


def test_hidden_groups_are_a_problem_unless_staff_are_named(desk: Desk) -> None:
    desk.double.options.show_groups = False
    assert desk.forum().check().problems == ()
    config = ForumConfig(desk.double.url, desk.double.credentials())
    with NodeBB(config, HttpPolicy(1, 2, ("127.0.0.1",))) as unnamed:
        assert "View Groups" in unnamed.check().problems[0]


def test_settings_that_mean_nothing_are_named(desk: Desk) -> None:
    problems = desk.forum(categories="5, support").check().problems
    assert len(problems) == 1
    assert "“support”" in problems[0]
    assert "without a token" in desk.forum(token="", uid="5").check().problems[0]


def test_the_address_of_another_servers_post_fits_where_ids_are_kept() -> None:
    one, other = (maybe_ident({"pid": f"https://far.example/{'a' * 3_000}/{number}"}, "pid") for number in (1, 2))
    assert one and other and one != other and len(one) < 255
    assert maybe_ident({"pid": "https://far.example/1"}, "pid") == "https://far.example/1"


def test_settings_of_any_length_are_read_at_once() -> None:
    began = time.process_time()
    scope = Scope.of({"categories": "5, https://forum.example/category/7/support?x," + "/category/" * 100_000 + "x"})
    assert time.process_time() - began < 2
    assert scope.only == {"5", "7"} and len(scope.nonsense) == 1
