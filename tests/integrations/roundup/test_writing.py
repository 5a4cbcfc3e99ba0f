"""What is particular to writing: a message in two steps, the ETag, and headers that every write wants."""

from collections.abc import Callable

import pytest
import requests

from powerup.integrations.errors import IntegrationError, NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, Feature, ForumConfig, ThreadState
from powerup.integrations.forums.roundup import Roundup, changing, writing
from powerup.integrations.forums.roundup.site import Site
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.roundup.double import RoundupDouble
from tests.integrations.roundup.conftest import POLICY, answered, asked

DRAFT = Draft("Hello.", False, "closeloop:d-1")


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], *, times: int = 1) -> None:
    """`act` happens between our reading of an issue and our change of it."""
    patch, left = Site.patch, [times]

    def later(site: Site, *given: object, **named: object) -> object:
        if left[0]:
            left[0] -= 1
            act()
        return patch(site, *given, **named)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(Site, "patch", later)


def test_a_message_that_was_made_and_came_into_no_issue_is_put_there_by_the_next_try(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    double.faults.set(FaultPlan(fail_every=1, methods=("PATCH",)))
    with pytest.raises(IntegrationError):
        forum.post(thread_id, DRAFT, look_first=False)
    double.faults.clear()
    assert len(forum.read(thread_id).messages) == 1
    made = len(double.store.posts)
    posted = forum.post(thread_id, DRAFT, look_first=True)
    assert posted.found_again
    assert [message.external_id for message in forum.read(thread_id).messages][1:] == [posted.external_id]
    assert len(double.store.posts) == made


def test_one_that_was_left_over_and_says_something_else_stays_where_it_is(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    double.faults.set(FaultPlan(fail_every=1, methods=("PATCH",)))
    with pytest.raises(IntegrationError):
        forum.post(thread_id, DRAFT, look_first=False)
    double.faults.clear()
    assert not forum.post(thread_id, Draft("Better.", False, DRAFT.marker), look_first=True).found_again
    assert [message.html for message in forum.read(thread_id).messages] == ["<p>Text.</p>", "<p>Better.</p>"]


@pytest.mark.parametrize("may_retire", [True, False])
def test_somebody_who_writes_between_our_two_steps_stops_us(
    double: RoundupDouble, forum: Roundup, monkeypatch: pytest.MonkeyPatch, may_retire: bool
) -> None:
    """The ETag of the issue is another one then (412), and we look again."""
    thread_id = asked(double)
    seen = forum.read(thread_id).messages[-1].external_id
    double.denied |= set() if may_retire else {"Retire msg"}
    meanwhile(monkeypatch, lambda: answered(double, thread_id, "It works now.", by="mei"))
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Hello.", False, "closeloop:d-1", after=seen), look_first=False)
    assert [message.html for message in forum.read(thread_id).messages] == ["<p>Text.</p>", "<p>It works now.</p>"]
    # What we had made was retired, where we may.
    assert bool(double.retired) is may_retire


def test_a_change_in_between_is_no_reason_to_give_up(double: RoundupDouble, forum: Roundup, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = asked(double)
    meanwhile(monkeypatch, lambda: double.store.change(int(thread_id), tags=["theirs"]))
    forum.tag(thread_id, add=["ours"], remove=[])
    assert set(forum.read(thread_id).tags) == {"theirs", "ours"}


def test_an_issue_that_never_keeps_still_is_given_up(double: RoundupDouble, forum: Roundup, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id, count = asked(double), iter(range(100))
    meanwhile(monkeypatch, lambda: double.store.change(int(thread_id), subject=f"Title {next(count)}"), times=100)
    with pytest.raises(RejectedError, match="If-Match") as caught:
        forum.assign(thread_id, person="ben", team=None)
    assert caught.value.http_status == 412
    assert next(count) == changing._TRIES


@pytest.mark.parametrize("etag", ["", '"stale"'])
def test_the_double_wants_the_etag(double: RoundupDouble, config: ForumConfig, etag: str) -> None:
    thread_id = asked(double)
    with Site(config, POLICY) as site, pytest.raises(RejectedError) as caught:
        site.patch(f"/issue/{thread_id}", {"title": "x"}, etag=etag)
    assert caught.value.http_status == 412


@pytest.mark.parametrize("without", ["X-Requested-With", "Origin"])
def test_the_double_wants_the_headers_that_we_send(double: RoundupDouble, without: str) -> None:
    headers = {"X-Requested-With": "x", "Origin": double.url}
    headers.pop(without)
    auth = ("ada", double.password("ada"))
    answer = requests.post(f"{double.url}/rest/data/msg", json={"content": "x"}, headers=headers, auth=auth, timeout=5)
    assert (answer.status_code, answer.json()["error"]["msg"]) == (400, "Required Header Missing")


def test_an_address_that_is_not_the_trackers_own_is_told_before_anything_is_written(double: RoundupDouble, forum: Roundup) -> None:
    double.web = "https://bugs.example.org"
    (problem,) = forum.check().problems
    assert "config.ini" in problem
    with pytest.raises(RejectedError, match="another address"):
        forum.read(asked(double))


def test_our_marker_is_the_name_of_the_mail(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    posted = forum.post(thread_id, DRAFT, look_first=False)
    post = double.post_of(posted.external_id)
    assert post.extra["messageid"] == f"<closeloop.3a.d-1.issue{thread_id}@closeloop.invalid>"
    assert (post.text, post.extra["author"]) == ("Hello.", True)
    names = {writing.message_name(marker, "7") for marker in ("a:b", "a.b", "a.3a.b", "a b", "aäb")}
    assert len(names) == 5 and all(name.isascii() and " " not in name for name in names)


def test_a_message_with_our_marker_in_another_issue_stays_there(double: RoundupDouble, forum: Roundup) -> None:
    """Two installations may write with one account."""
    one, other = asked(double), asked(double)
    forum.post(one, DRAFT, look_first=False)
    assert not forum.post(other, DRAFT, look_first=True).found_again
    assert [len(forum.read(thread_id).messages) for thread_id in (one, other)] == [2, 2]


@pytest.mark.parametrize("denied", ["Create msg", "Edit issue"])
def test_a_permission_that_is_missing_is_told_in_roundups_words(double: RoundupDouble, forum: Roundup, denied: str) -> None:
    double.denied.add(denied)
    with pytest.raises(NotPermittedError, match="Permission to"):
        forum.post(asked(double), DRAFT, look_first=False)


def test_a_status_of_another_name_can_be_the_one_for_what_is_resolved(double: RoundupDouble, config: ForumConfig) -> None:
    double.statuses = ("new", "solved")
    thread_id = asked(double)
    double.store.threads[int(thread_id)].extra["status"] = "new"
    with Roundup(config, POLICY) as forum:
        assert "“solved”" in forum.check().missing[Feature.resolve]
        with pytest.raises(NotPermittedError, match="“new”, “solved”"):
            forum.resolve(thread_id, message_id=None)
    named = ForumConfig(config.base_url, {**config.credentials, "resolved": "Solved"})
    with Roundup(named, POLICY) as forum:
        assert Feature.resolve in forum.check().features
        forum.resolve(thread_id, message_id=None)
        assert forum.read(thread_id).state is ThreadState.resolved


def test_a_trackers_own_rules_that_make_something_else_of_a_change_are_told(double: RoundupDouble, forum: Roundup) -> None:
    """A detector may do so, with a 200."""
    double.rule = {"resolved": "testing"}
    with pytest.raises(RejectedError, match="rules of its own"):
        forum.resolve(asked(double), message_id=None)


def test_keywords_are_those_that_exist_in_whichever_case(double: RoundupDouble, forum: Roundup) -> None:
    double.keyword_id("Billing")
    thread_id = asked(double)
    forum.tag(thread_id, add=["billing", "BILLING"], remove=["Other"])
    assert forum.read(thread_id).tags == ("Billing",)
    assert double.keywords == ["Billing"]
    double.denied.add("Create keyword")
    with pytest.raises(NotPermittedError):
        forum.tag(thread_id, add=["new"], remove=[])


def test_who_is_named_in_another_case_or_with_a_dot_is_found(double: RoundupDouble, forum: Roundup) -> None:
    """A name behind a slash would lose what follows the dot: it is taken for a format."""
    double.store.add_person("ann.smith", "Ann", staff=True)
    double.store.add_person("joann.smith", "Joann", staff=True)
    thread_id = asked(double)
    forum.assign(thread_id, person="Ann.Smith", team=None)
    assert forum.read(thread_id).assigned_person == "ann.smith"


def test_an_issue_that_was_retired_is_not_written_to(double: RoundupDouble, forum: Roundup) -> None:
    """Its number alone would still bring it."""
    thread_id = asked(double)
    double.store.delete_thread(int(thread_id))
    url = f"{double.url}/rest/data/issue/{thread_id}"
    assert requests.get(url, auth=("ada", double.password("ada")), timeout=5).status_code == 200
    for act in (
        lambda: forum.post(thread_id, DRAFT, look_first=True),
        lambda: forum.assign(thread_id, person="ben", team=None),
        lambda: forum.resolve(thread_id, message_id=None),
        lambda: forum.tag(thread_id, add=["x"], remove=[]),
    ):
        with pytest.raises(IntegrationError) as caught:
            act()
        assert caught.value.permanent
    assert len(double.store.posts_of(int(thread_id))) == 1
