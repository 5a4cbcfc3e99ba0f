"""Every forum adapter: what is past is read back to the end, newest first, each thread once, while the forum lives on."""

from datetime import timedelta

import pytest

from powerup.integrations.forums.base import Forum
from tests.contract.forum.asking import everything, past, recently, steps_back
from tests.contract.forum.case import Act, ForumCase
from tests.contract.forum.cases import for_kinds_that


def opened(case: ForumCase, count: int) -> list[str]:
    """So many threads, oldest first, a minute apart."""
    at = recently(days=3)
    return [case.thread(f"Thread number {number}", "Text.", at=at + timedelta(minutes=number)) for number in range(count)]


@pytest.mark.parametrize("over", [-1, 0, 1, 5])
@pytest.mark.parametrize("pages", [1, 2])
def test_everything_comes_once_around_the_borders_of_pages(case: ForumCase, forum: Forum, pages: int, over: int) -> None:
    ids = opened(case, case.listing * pages + over)
    assert sorted(stub.external_id for stub in past(forum)) == sorted(ids)


@for_kinds_that(Act.set_times)
def test_the_newest_come_first_and_page_by_page(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, case.listing * 2 + 5)
    case.reply(ids[4], "Active again.", at=recently(days=1))
    pages = steps_back(forum)
    assert len([page for page in pages if page.stubs]) >= 2
    given = [stub.external_id for page in pages for stub in page.stubs]
    assert given == [ids[4], *reversed([one for one in ids if one != ids[4]])]
    assert all(page.total is None or page.total >= 0 for page in pages)


@for_kinds_that(Act.set_times)
def test_only_what_was_active_since_is_read(case: ForumCase, forum: Forum) -> None:
    old = [
        case.thread(f"Old number {number}", "Text.", at=recently(days=40) + timedelta(minutes=number)) for number in range(case.listing + 4)
    ]
    new = [
        case.thread(f"New number {number}", "Text.", at=recently(days=4) + timedelta(minutes=number)) for number in range(case.listing + 4)
    ]
    case.reply(old[2], "Active again.", at=recently(days=2))
    assert sorted(stub.external_id for stub in past(forum, since=recently(days=10))) == sorted([*new, old[2]])
    assert past(forum, since=recently(hours=1)) == []


@for_kinds_that(Act.equal_times, Act.set_times)
def test_threads_of_one_and_the_same_moment_all_come_once(case: ForumCase, forum: Forum) -> None:
    at = recently(days=3)
    ids = [case.thread(f"Imported number {number}", "Text.", at=at) for number in range(case.listing * 2 + 7)]
    assert sorted(stub.external_id for stub in past(forum)) == sorted(ids)


def test_nothing_is_missed_while_threads_come_and_become_active(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, case.listing * 3 + 5)
    _, cursor = everything(forum)
    bumped: list[str] = []

    def meanwhile(step: int) -> None:
        if step < 6:
            for number in (step, step + 12):
                if ids[number] not in bumped:
                    bumped.append(ids[number])
                    case.reply(ids[number], f"Active again {step}.")
            bumped.append(case.thread(f"New while reading {step}", "Text."))

    given = [stub.external_id for stub in past(forum, meanwhile=meanwhile)]
    quiet = set(ids) - set(bumped)
    assert quiet <= set(given)
    assert all(given.count(one) == 1 for one in quiet)
    changed, _ = everything(forum, cursor)
    assert set(bumped) <= set(changed)


@for_kinds_that(Act.delete)
def test_nothing_is_missed_while_threads_vanish(case: ForumCase, forum: Forum) -> None:
    ids = opened(case, case.listing * 3 + 5)
    newest = list(reversed(ids))
    gone: list[str] = []

    def meanwhile(step: int) -> None:
        if step < 3:
            for thread_id in newest[step * 4 : step * 4 + 4]:
                gone.append(thread_id)
                case.delete(thread_id)

    given = [stub.external_id for stub in past(forum, meanwhile=meanwhile)]
    kept = set(ids) - set(gone)
    assert kept <= set(given)
    assert all(given.count(one) == 1 for one in kept)


def test_a_reading_that_is_over_stays_over(case: ForumCase, forum: Forum) -> None:
    opened(case, 3)
    last = steps_back(forum)[-1]
    again = forum.history(last.cursor, since=recently(days=900))
    assert (again.stubs, again.more) == ((), False)
