"""Replies, notes, owners, tags: what Zendesk refuses, and what it does without a word."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import request
from pytest_httpserver import HTTPServer

from powerup import clock
from powerup.integrations.errors import NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, ForumConfig
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.forums.zendesk.owning import tag_name
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.integrations.zendesk.conftest import Open
from tests.integrations.zendesk.samples import AUDIT

DRAFT = Draft("Try *again*.\n\n<script>x</script>", False, "closeloop:d-1")


def before_writing(desk: ZendeskDouble, act: Callable[[], object], times: int = 1) -> None:
    """Do something between what the adapter read and what it writes."""
    done: list[object] = []

    @desk.app.before_request
    def meanwhile() -> None:
        if request.method in ("PUT", "DELETE") and len(done) < times:
            done.append(act())


def asked(desk: ZendeskDouble) -> str:
    return str(desk.store.open_thread("Question", NewPost("mei", "Text.", clock.now() - timedelta(minutes=5))).id)


def first_of(desk: ZendeskDouble, thread_id: str) -> str:
    return str(desk.store.posts_of(int(thread_id))[0].id)


def said(desk: ZendeskDouble, thread_id: str) -> list[tuple[str, bool]]:
    return [(post.username, post.internal) for post in desk.store.posts_of(int(thread_id))]


def test_a_reply_is_html_and_holds_no_marker(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread_id = asked(desk)
    posted = forum.post(thread_id, DRAFT, look_first=True)
    post = desk.store.posts[int(posted.external_id)]
    assert "<em>again</em>" in post.html and "&lt;script&gt;" in post.html
    assert "closeloop" not in post.html + post.text
    assert post.extra["metadata"] == {"closeloop": "closeloop:d-1"}


@pytest.mark.parametrize("at_hand", [True, False])
def test_a_reply_is_found_again_by_its_metadata(desk: ZendeskDouble, forum: Zendesk, at_hand: bool) -> None:
    desk.comments_have_metadata = at_hand
    thread_id = asked(desk)
    posted = forum.post(thread_id, DRAFT, look_first=True)
    desk.store.add_post(int(thread_id), NewPost("mei", "closeloop:d-1"))
    again = forum.post(thread_id, DRAFT, look_first=True)
    assert again.found_again and again.external_id == posted.external_id
    assert not forum.post(thread_id, Draft("Other.", True, "closeloop:d-2"), look_first=True).found_again


def test_somebody_who_speaks_just_before_us_is_not_spoken_over(desk: ZendeskDouble, opened_forum: Zendesk) -> None:
    thread_id = asked(desk)
    with pytest.raises(OvertakenError):
        opened_forum.post(thread_id, Draft("Answer.", False, "m", after=first_of(desk, thread_id)), look_first=False)
    assert said(desk, thread_id) == [("mei", False), ("mei", False)]


@pytest.fixture
def opened_forum(desk: ZendeskDouble, opened: Open) -> Zendesk:
    """A customer writes at the very moment of our first write."""
    later = clock.now() + timedelta(seconds=3)
    before_writing(desk, lambda: desk.store.add_post(max(desk.store.threads), NewPost("mei", "Wait!", later)))
    return opened()


def test_a_collision_that_is_no_message_delays_nothing(desk: ZendeskDouble, opened: Open) -> None:
    thread_id = asked(desk)
    desk.store.now = lambda: clock.now() + timedelta(seconds=3)
    before_writing(desk, lambda: desk.store.change(int(thread_id), tags=["vip"]))
    draft = Draft("Answer.", False, "m", after=first_of(desk, thread_id))
    assert not opened().post(thread_id, draft, look_first=False).found_again
    assert said(desk, thread_id) == [("mei", False), ("ada", False)]


def test_a_ticket_that_never_rests_is_left_for_later(desk: ZendeskDouble, opened: Open) -> None:
    thread_id, ticks = asked(desk), iter(range(3, 99, 2))

    def tick() -> None:
        at = clock.now() + timedelta(seconds=next(ticks))
        desk.store.now = lambda: at
        desk.store.change(int(thread_id), tags=[str(at)])

    before_writing(desk, tick, times=9)
    with pytest.raises(RejectedError) as caught:
        opened().post(thread_id, Draft("Answer.", False, "m", after=first_of(desk, thread_id)), look_first=False)
    assert not caught.value.permanent and not isinstance(caught.value, OvertakenError)
    assert said(desk, thread_id) == [("mei", False)]


def test_a_light_agents_reply_that_became_a_note_is_told(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread_id = asked(desk)
    desk.light_agents.add("ada")
    with pytest.raises(NotPermittedError) as caught:
        forum.post(thread_id, DRAFT, look_first=False)
    assert "light agent" in caught.value.detail
    assert forum.post(thread_id, Draft("Note.", True, "n"), look_first=False)


def test_a_note_that_came_out_public_is_taken_back_and_told(httpserver: HTTPServer) -> None:
    audit = {**AUDIT, "events": [{"id": 1, "type": "Notification"}, *AUDIT["events"]]}
    httpserver.expect_request("/api/v2/tickets/47.json", method="PUT").respond_with_json({"ticket": {"id": 47}, "audit": audit})
    httpserver.expect_request("/api/v2/tickets/47/comments/1564245/make_private.json", method="PUT").respond_with_data("")
    config = ForumConfig(httpserver.url_for("").rstrip("/"), {"email": "a@b.example", "api_token": "t"})
    with Zendesk(config, HttpPolicy(1, 2, (httpserver.host,), retry_pause=0.001)) as forum:
        with pytest.raises(NotPermittedError) as caught:
            forum.post("47", Draft("Note.", True, "n"), look_first=False)
        assert "made internal again" in caught.value.detail
        assert [answer.status_code for _, answer in httpserver.log] == [200, 200]
        assert forum.post("47", DRAFT, look_first=False).external_id == "1564245"


def test_a_closed_ticket_says_that_it_can_never_change(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread_id = asked(desk)
    desk.store.change(int(thread_id), state="closed")
    for act in (
        lambda: forum.post(thread_id, DRAFT, look_first=False),
        lambda: forum.assign(thread_id, person="ben", team=None),
        lambda: forum.tag(thread_id, add=["x"], remove=[]),
    ):
        with pytest.raises(RejectedError) as caught:
            act()
        assert "follow-up" in caught.value.detail and caught.value.permanent
    forum.resolve(thread_id, message_id=None)


def test_an_owner_is_named_by_address_number_alias_or_name(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread_id = asked(desk)
    number = str(desk.shapes.user_id("ben"))
    for person in ("BEN@customers.example", number, "ben", " Ben "):
        forum.assign(thread_id, person=None, team=None)
        forum.assign(thread_id, person=person, team="Support")
        thread = forum.read(thread_id)
        assert (thread.assigned_person, thread.assigned_team) == ("ben", "support")


@pytest.mark.parametrize(
    ("person", "team", "word"),
    [
        ("nobody", None, "no agent “nobody”"),
        (None, "nowhere", "no group “nowhere”"),
        ("ada", "support", "not in Zendesk's group “support”"),
        ("mei", None, "no agent “mei”"),
        ("Twin", None, "several agents"),
    ],
)
def test_an_owner_who_cannot_be_is_named(desk: ZendeskDouble, forum: Zendesk, person: str | None, team: str | None, word: str) -> None:
    for name in ("twin1", "twin2"):
        desk.store.add_person(name, "Twin", staff=True)
    with pytest.raises(RejectedError) as caught:
        forum.assign(asked(desk), person=person, team=team)
    assert word in caught.value.detail and caught.value.permanent


def test_an_agent_keeps_the_group_that_both_share(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread_id = asked(desk)
    forum.assign(thread_id, person=None, team="support")
    forum.assign(thread_id, person="ben", team=None)
    assert forum.read(thread_id).assigned_team == "support"


def test_solving_what_nobody_owns_makes_it_ours_where_zendesk_wants_that(desk: ZendeskDouble, forum: Zendesk) -> None:
    desk.assignee_required = True
    mine, bens = asked(desk), asked(desk)
    forum.assign(bens, person="ben", team=None)
    for thread_id, owner in ((mine, "ada"), (bens, "ben")):
        forum.resolve(thread_id, message_id=None)
        thread = desk.store.threads[int(thread_id)]
        assert (thread.state, thread.assigned_person) == ("resolved", owner)


def test_tags_survive_what_happens_meanwhile(desk: ZendeskDouble, opened: Open) -> None:
    thread_id = asked(desk)
    desk.store.change(int(thread_id), tags=["old", "vip"])
    desk.store.now = lambda: clock.now() + timedelta(seconds=3)
    before_writing(desk, lambda: desk.store.change(int(thread_id), tags=["old", "vip", "theirs"]))
    opened().tag(thread_id, add=["Bug Fix"], remove=["old"])
    assert sorted(desk.store.threads[int(thread_id)].tags) == ["bug_fix", "theirs", "vip"]
    assert desk.faults.requests.count("PUT", "/tags.json", 409) == 1


@pytest.mark.parametrize(
    ("given", "kept"), [("Bug Fix", "bug_fix"), ("área/ui", "área/ui"), ("a,b;c", "a_b_c"), ("  ", ""), ("#42!", "42")]
)
def test_a_tag_is_of_one_piece(given: str, kept: str) -> None:
    assert tag_name(given) == kept
