"""Every forum adapter: owners, ends, tags and search; each may be set twice, and what a kind cannot do it refuses in words."""

from collections.abc import Callable

import pytest

from powerup.integrations.errors import IntegrationError, NotPermittedError
from powerup.integrations.forums.base import Draft, Feature, Forum, HookRefusedError, HookUnreadableError, Thread, ThreadState
from tests.contract.forum.case import Fault, ForumCase
from tests.contract.forum.cases import for_features, for_kinds_that

ENDED = (ThreadState.resolved, ThreadState.closed)
WRITES: dict[Feature, Callable[[Forum, str], object]] = {
    Feature.reply: lambda forum, thread_id: forum.post(thread_id, Draft("Answer.", False, "closeloop:d-1"), look_first=False),
    Feature.internal_note: lambda forum, thread_id: forum.post(thread_id, Draft("Note.", True, "closeloop:d-2"), look_first=False),
    Feature.assign_person: lambda forum, thread_id: forum.assign(thread_id, person="ben", team=None),
    Feature.assign_team: lambda forum, thread_id: forum.assign(thread_id, person=None, team="support"),
    Feature.resolve: lambda forum, thread_id: forum.resolve(thread_id, message_id=None),
    Feature.acknowledge: lambda forum, thread_id: forum.acknowledge(thread_id),
    Feature.tag: lambda forum, thread_id: forum.tag(thread_id, add=["billing"], remove=[]),
    Feature.search: lambda forum, thread_id: forum.search("word", limit=3),
    Feature.attachments: lambda forum, thread_id: forum.file("1"),
}
"""A call for each feature that is one."""
MARKS = (Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.acknowledge, Feature.tag)


@for_features(WRITES, possible=False)
def test_what_a_kind_cannot_do_is_refused_in_words_before_anything_is_sent(case: ForumCase, forum: Forum, feature: Feature) -> None:
    thread_id = case.thread("Question", "Text.")
    before = case.requests()
    with pytest.raises(NotPermittedError) as caught:
        WRITES[feature](forum, thread_id)
    assert caught.value.permanent and not caught.value.sent
    assert caught.value.detail == forum.cannot[feature]
    assert case.requests() == before
    assert case.count(thread_id) == 1


@for_features([Feature.webhook], possible=False)
def test_a_kind_without_webhooks_understands_none(forum: Forum, feature: Feature) -> None:
    with pytest.raises((HookUnreadableError, HookRefusedError)):
        forum.hook({"content-type": "application/json"}, b'{"id": 1}')


@for_kinds_that(can=[Feature.assign_person])
def test_a_person_owns_a_thread_any_number_of_times(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Whose", "Text.")
    for person in ("ben", "ben", "ada", None, None):
        forum.assign(thread_id, person=case.known_as(person) if person else None, team=None)
        assert forum.read(thread_id).assigned_person == (case.known_as(person) if person else None)


@for_kinds_that(can=[Feature.assign_team])
def test_a_team_owns_a_thread_any_number_of_times(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Whose", "Text.")
    for team in ("support", "support"):
        forum.assign(thread_id, person=None, team=case.known_as(team))
        thread = forum.read(thread_id)
        assert (thread.assigned_person, thread.assigned_team) == (None, case.known_as(team))
    for _ in range(2):
        forum.assign(thread_id, person=None, team=None)
        assert forum.read(thread_id).assigned_person is None


@for_kinds_that(can=[Feature.assign_person])
def test_nobody_of_that_name_owns_nothing(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Whose", "Text.")
    forum.assign(thread_id, person=case.known_as("ben"), team=None)
    with pytest.raises(IntegrationError) as caught:
        forum.assign(thread_id, person="nobody-of-that-name", team=None)
    assert caught.value.permanent
    assert forum.read(thread_id).assigned_person == case.known_as("ben")


@for_kinds_that(can=[Feature.resolve])
def test_resolving_twice_is_resolving_once(case: ForumCase, forum: Forum) -> None:
    solved, closed = case.thread("Solved", "Text."), case.thread("Closed", "Text.")
    message_id = case.reply(solved, "This helps.", author="ada")
    for _ in range(2):
        forum.resolve(solved, message_id=message_id)
        forum.resolve(closed, message_id=None)
        assert forum.read(solved).state in ENDED
        assert forum.read(closed).state in ENDED
    assert (case.count(solved), case.count(closed)) == (2, 1)


@for_kinds_that(can=[Feature.resolve])
def test_resolving_by_a_message_that_is_not_of_this_thread_breaks_nothing(case: ForumCase, forum: Forum) -> None:
    thread_id, other = case.thread("One", "Text."), case.thread("Other", "Text.")
    foreign = case.reply(other, "This helps somebody else.", author="ada")
    for message_id in (foreign, "no-such", "../1", "999999"):
        forum.resolve(thread_id, message_id=message_id)
        assert forum.read(thread_id).state in ENDED
    assert forum.read(other).state is ThreadState.open


@for_kinds_that(can=[Feature.acknowledge])
def test_acknowledging_twice_is_acknowledging_once(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Waiting", "Text.")
    for _ in range(2):
        forum.acknowledge(thread_id)
    thread = forum.read(thread_id)
    assert thread.state not in ENDED
    assert case.count(thread_id) == 1


@for_kinds_that(can=[Feature.tag])
def test_tags_come_and_go_and_leave_others_alone(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Tagged", "Text.")
    before = set(forum.read(thread_id).tags)
    for _ in range(2):
        forum.tag(thread_id, add=["urgent"], remove=["never-there"])
        assert set(forum.read(thread_id).tags) == before | {"urgent"}
    for _ in range(2):
        forum.tag(thread_id, add=[case.tag], remove=[])
        assert set(forum.read(thread_id).tags) == before | {"urgent", case.tag}
    for _ in range(2):
        forum.tag(thread_id, add=[], remove=["urgent"])
        assert set(forum.read(thread_id).tags) == before | {case.tag}
    forum.tag(thread_id, add=[], remove=[])


@for_features(MARKS, possible=True, suffer=[Fault.lost_answer])
def test_a_mark_whose_answer_was_lost_is_set_again_and_stands_once(case: ForumCase, forum: Forum, feature: Feature) -> None:
    thread_id = case.thread("Question", "Text.")
    mark = _marks(case)[feature]
    case.fault(Fault.lost_answer, writes_only=True)
    with pytest.raises(IntegrationError) as caught:
        mark(forum, thread_id)
    assert not caught.value.permanent
    case.well()
    mark(forum, thread_id)
    assert _stands(case, feature)(forum.read(thread_id))
    assert case.count(thread_id) == 1


@for_features(MARKS, possible=True)
@pytest.mark.parametrize("thread_id", ["999999", "../about", "1 OR 1=1", ""])
def test_what_is_not_there_cannot_be_marked(case: ForumCase, forum: Forum, feature: Feature, thread_id: str) -> None:
    case.thread("A thread", "Text.")
    with pytest.raises(IntegrationError) as caught:
        _marks(case)[feature](forum, thread_id)
    assert caught.value.permanent


@for_kinds_that(can=[Feature.search])
def test_search_finds_what_matches(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Certificates expire", "The wildcard certificate.")
    case.thread("Something else", "Text.")
    assert [stub.external_id for stub in forum.search("wildcard", limit=5)] == [thread_id]
    assert list(forum.search("no-such-word-anywhere", limit=5)) == []
    assert forum.search('") OR 1=1 --', limit=5) is not None


@for_kinds_that(can=[Feature.search])
def test_search_gives_no_more_than_asked_for(case: ForumCase, forum: Forum) -> None:
    for number in range(6):
        case.thread(f"Wildcard number {number}", "The wildcard certificate.")
    found = [stub.external_id for stub in forum.search("wildcard", limit=4)]
    assert len(found) == len(set(found)) == 4


def _marks(case: ForumCase) -> dict[Feature, Callable[[Forum, str], object]]:
    return WRITES | {
        Feature.assign_person: lambda forum, thread_id: forum.assign(thread_id, person=case.known_as("ben"), team=None),
        Feature.assign_team: lambda forum, thread_id: forum.assign(thread_id, person=None, team=case.known_as("support")),
        Feature.tag: lambda forum, thread_id: forum.tag(thread_id, add=[case.tag], remove=[]),
    }


def _stands(case: ForumCase, feature: Feature) -> Callable[[Thread], bool]:
    stands: dict[Feature, Callable[[Thread], bool]] = {
        Feature.assign_person: lambda thread: thread.assigned_person == case.known_as("ben"),
        Feature.assign_team: lambda thread: thread.assigned_team == case.known_as("support"),
        Feature.resolve: lambda thread: thread.state in ENDED,
        Feature.acknowledge: lambda thread: thread.state not in ENDED,
        Feature.tag: lambda thread: case.tag in thread.tags,
    }
    return stands[feature]
