"""Every forum adapter: what changed is found, each change once, whatever page borders, equal times and clocks do."""

from datetime import timedelta

import pytest

from powerup.integrations.forums.base import Forum
from tests.contract.forum.asking import everything, past, recently
from tests.contract.forum.case import Act, ForumCase
from tests.contract.forum.cases import for_kinds_that


def opened(case: ForumCase, count: int) -> list[str]:
    """So many threads, oldest first; twenty in the same moment where that can be."""
    at, together = recently(days=2), 1 if Act.equal_times in case.cannot else 20
    return [case.thread(f"Thread number {number}", "Text.", at=at + timedelta(minutes=number // together)) for number in range(count)]


def test_from_nothing_changes_and_history_together_bring_everything(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, 2 * case.listing + 15)
    found, cursor = everything(forum)
    assert len(found) == len(set(found))
    assert ids[-1] in found
    assert sorted(stub.external_id for stub in past(forum)) == sorted(ids)
    assert everything(forum, cursor)[0] == []


def test_each_change_is_found_once_across_pages(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, 2 * case.listing + 15)
    _, cursor = everything(forum)
    assert everything(forum, cursor)[0] == []
    changed = ids[3 : case.listing * 2 : 2]
    for thread_id in changed:
        case.reply(thread_id, "More.")
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted(changed)
    found, cursor = everything(forum, cursor)
    assert found == []
    case.reply(changed[0], "Still more.")
    fresh = case.thread("A new one", "Text.")
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted([changed[0], fresh])
    assert everything(forum, cursor)[0] == []


def test_an_empty_forum_and_its_first_thread(case: ForumCase, forum: Forum) -> None:
    found, cursor = everything(forum)
    assert found == []
    assert past(forum) == []
    thread_id = case.thread("The first", "Text.")
    found, cursor = everything(forum, cursor)
    assert found == [thread_id]
    assert everything(forum, cursor)[0] == []


@for_kinds_that(Act.equal_times, Act.set_times)
def test_many_changes_in_one_moment_are_all_found_and_late_ones_too(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, case.listing + 8)
    _, cursor = everything(forum)
    moment = recently(minutes=1)
    for thread_id in ids[: case.listing + 3]:
        case.reply(thread_id, "More.", at=moment)
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted(ids[: case.listing + 3])
    late = ids[case.listing + 3]
    case.reply(late, "In the very same moment, seen a little later.", at=moment)
    found, cursor = everything(forum, cursor)
    assert found == [late]
    assert everything(forum, cursor)[0] == []


@for_kinds_that(Act.equal_times, Act.set_times)
def test_a_change_that_shows_a_little_late_is_found_however_many_came_before_it(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, case.listing + 8)
    _, cursor = everything(forum)
    moment = recently(minutes=1)
    for thread_id in ids[1 : case.listing + 4]:
        case.reply(thread_id, "More.", at=moment)
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted(ids[1 : case.listing + 4])
    # A database shows what is committed, and a slow transaction is committed after a quick one that began later.
    case.reply(ids[0], "Written before those, seen after them.", at=moment - timedelta(seconds=10))
    # Where an unchanged first page is taken for "nothing new" it is found with the next change.
    case.reply(ids[-1], "Something newer.", at=moment + timedelta(seconds=1))
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted([ids[0], ids[-1]])
    assert everything(forum, cursor)[0] == []


@for_kinds_that(Act.set_times)
def test_stubs_come_oldest_change_first_and_tell_what_a_listing_knows(case: ForumCase, forum: Forum) -> None:
    at = recently(days=1)
    ids = [case.thread(f"Thread number {number}", "Text.", at=at + timedelta(minutes=number)) for number in range(5)]
    stubs = forum.changed_since(None).stubs
    assert [stub.external_id for stub in stubs] == ids
    assert [stub.subject for stub in stubs] == [f"Thread number {number}" for number in range(5)]
    assert stubs[0].changed_at == stubs[0].created_at == at
    assert stubs[0].url == case.thread_url(ids[0])


@for_kinds_that(Act.close, Act.close_is_listed)
def test_a_close_that_moves_nothing_is_found(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Quiet change", "Text.", at=recently(days=1))
    case.thread("Another", "Text.", at=recently(hours=1))
    _, cursor = everything(forum)
    case.close(thread_id)
    found, cursor = everything(forum, cursor)
    assert found == [thread_id]
    assert everything(forum, cursor)[0] == []


@for_kinds_that(Act.edit, Act.edit_is_listed)
def test_an_edit_that_moves_nothing_is_found(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Quiet change", "Text.", at=recently(days=1))
    message_id = case.reply(thread_id, "Reply.", at=recently(days=1))
    case.thread("Another", "Text.", at=recently(hours=1))
    _, cursor = everything(forum)
    case.edit(message_id, "Reply, better.")
    found, cursor = everything(forum, cursor)
    assert found == [thread_id]
    assert everything(forum, cursor)[0] == []


@for_kinds_that(Act.set_times)
@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(hours=-3), timedelta(days=400), timedelta(seconds=-1)], ids=str)
def test_a_clock_that_is_not_ours_loses_nothing(case: ForumCase, forum: Forum, ahead: timedelta) -> None:
    case.skew(ahead)
    old = [case.thread(f"Thread number {number}", "Text.") for number in range(4)]
    found, cursor = everything(forum)
    assert sorted(found) == sorted(old)
    assert everything(forum, cursor)[0] == []
    case.reply(old[1], "More.")
    fresh = case.thread("A new one", "Text.")
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted([old[1], fresh])
    assert everything(forum, cursor)[0] == []
    assert sorted(stub.external_id for stub in past(forum)) == sorted([*old, fresh])


@for_kinds_that(Act.set_times)
@pytest.mark.parametrize("corrected", [timedelta(hours=3), timedelta(hours=-3)], ids=str)
def test_a_clock_that_is_set_right_between_two_polls_loses_nothing_new(case: ForumCase, forum: Forum, corrected: timedelta) -> None:
    case.skew(-corrected)
    old = [case.thread(f"Thread number {number}", "Text.") for number in range(3)]
    found, cursor = everything(forum)
    case.skew(timedelta(0))
    fresh = case.thread("A new one", "Text.")
    found, cursor = everything(forum, cursor)
    assert fresh in found
    assert set(found) <= {fresh, *old}


@pytest.mark.parametrize("cursor", [{"v": 99, "x": 1}, {}, {"v": 1}], ids=str)
def test_a_strange_cursor_begins_anew(case: ForumCase, forum: Forum, cursor: dict[str, object]) -> None:
    thread_id = case.thread("A thread", "Text.")
    assert everything(forum, cursor)[0] == [thread_id]
    page = forum.history(cursor, since=recently(days=9))
    assert [stub.external_id for stub in page.stubs] == [thread_id]


def test_a_quiet_poll_asks_little(case: ForumCase, forum: Forum) -> None:
    for number in range(case.listing + 15):
        case.thread(f"Thread number {number}", "Text.", at=recently(days=2) + timedelta(minutes=number))
    _, cursor = everything(forum)
    _, cursor = everything(forum, cursor)
    before = case.requests()
    everything(forum, cursor)
    after = case.requests()
    if before is not None and after is not None:
        assert after - before <= 6
