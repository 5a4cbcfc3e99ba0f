"""Changes and history, beyond what the site-wide list shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from powerup import clock
from powerup.integrations.forums.nodebb import NodeBB
from powerup.sandbox.desk.store import NewPost
from tests.integrations.nodebb.conftest import Desk

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def changes(forum: NodeBB, cursor: Any = None) -> tuple[list[str], Any]:
    found: list[str] = []
    for _ in range(200):
        page = forum.changed_since(cursor)
        found, cursor = [*found, *(stub.external_id for stub in page.stubs)], page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("the reading does not come to an end")


def past(forum: NodeBB, since: datetime = LONG_AGO) -> list[str]:
    found: list[str] = []
    cursor: Any = None
    for _ in range(200):
        page = forum.history(cursor, since=since)
        found, cursor = [*found, *(stub.external_id for stub in page.stubs)], page.cursor
        if not page.more:
            return found
    raise AssertionError("the reading does not come to an end")


def test_more_changes_than_the_list_shows_are_found_in_the_categories(desk: Desk, forum: NodeBB) -> None:
    """`/api/recent` ends after so many topics; a long silence must lose none."""
    desk.double.options.recent_max = 30
    start = clock.now() - timedelta(days=3)
    places = ["", "Blogs", "Announcements"]

    def opened(number: int, at: datetime) -> str:
        thread = desk.store.open_thread(f"Thread {number}", NewPost("mei", "Text.", at=at), category=places[number % 3])
        return str(thread.id)

    for number in range(40):
        opened(number, start + timedelta(minutes=number))
    _, cursor = changes(forum)
    later = [opened(number, start + timedelta(days=1, minutes=number)) for number in range(100)]
    found, cursor = changes(forum, cursor)
    assert set(later) <= set(found)
    assert len(found) == len(set(found))
    assert changes(forum, cursor)[0] == []


def test_a_small_site_is_not_read_category_by_category_at_every_poll(desk: Desk, forum: NodeBB) -> None:
    for number in range(3):
        desk.thread(f"Thread {number}")
    _, cursor = changes(forum)
    desk.double.faults.requests.clear()
    for _ in range(3):
        found, cursor = changes(forum, cursor)
        assert found == []
    assert desk.double.faults.requests.count(path="/api/category/") == 0


def test_history_goes_through_every_category_the_latest_first(desk: Desk, forum: NodeBB) -> None:
    start = clock.now() - timedelta(days=9)
    ids = []
    for number in range(70):
        category = ("", "Blogs", "Announcements")[number % 3]
        new = NewPost("mei", "Text.", at=start + timedelta(hours=number))
        ids.append(str(desk.store.open_thread(f"Thread {number}", new, category=category).id))
    desk.store.threads[int(ids[0])].extra["pinned"] = True
    found = past(forum)
    assert sorted(found) == sorted(ids)
    recent = past(forum, since=start + timedelta(hours=59, minutes=30))
    assert sorted(recent) == sorted(ids[60:])
    page = forum.history(None, since=LONG_AGO)
    assert page.total == 70
    assert [stub.changed_at for stub in page.stubs] == sorted((stub.changed_at for stub in page.stubs), reverse=True)


def test_an_edit_of_the_newest_message_is_found(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    first = desk.store.posts_of(int(thread_id))[0]
    newest = desk.reply(thread_id, "It fails.")
    _, cursor = changes(forum)
    desk.store.edit_post(int(newest), "It fails on Mondays.")
    found, cursor = changes(forum, cursor)
    assert found == [thread_id]
    desk.store.edit_post(first.id, "Since last week.")
    assert changes(forum, cursor)[0] == []


def test_whatever_a_cursor_holds_an_accounts_own_page_size_is_respected(desk: Desk, forum: NodeBB) -> None:
    """ "Posts per page" and "topics per page" are settings of our account."""
    desk.double.options.per_page = 7
    ids = [desk.thread(f"Thread {number}") for number in range(30)]
    for number in range(20):
        desk.reply(ids[0], f"Reply {number}.")
    assert sorted(past(forum)) == sorted(ids)
    assert len(forum.read(ids[0]).messages) == 21
