"""Changes by the export and, for agents who may not use it, by the listing; and what is past."""

import json
from datetime import timedelta
from typing import Any

import pytest

from powerup import clock
from powerup.integrations.errors import GoneError, RateLimitedError
from powerup.integrations.forums.zendesk import Zendesk
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.integrations.zendesk.conftest import Open


def thread(desk: ZendeskDouble, subject: str = "Question", **ago: float) -> int:
    at = clock.now().replace(microsecond=0) - timedelta(**(ago or {"hours": 1}))
    return desk.store.open_thread(subject, NewPost("mei", "Text.", at)).id


def poll(forum: Zendesk, cursor: Any = None) -> tuple[list[str], Any]:
    found: list[str] = []
    for _ in range(50):
        page = forum.changed_since(cursor)
        found += [stub.external_id for stub in page.stubs]
        cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            return found, cursor
    raise AssertionError("no end")


def asked(desk: ZendeskDouble, path: str) -> int:
    return desk.faults.requests.count(path=path)


def test_an_admin_exports_and_an_agent_lists(desk: ZendeskDouble, opened: Open) -> None:
    number = thread(desk)
    for name, path, other in (("ada", "/incremental/", "page"), ("ben", "/tickets.json", "/incremental/")):
        forum = opened(name)
        found, cursor = poll(forum)
        assert found == [str(number)]
        desk.faults.requests.clear()
        desk.store.add_post(number, NewPost("mei", "More."))
        assert poll(forum, cursor)[0] == [str(number)]
        assert asked(desk, path) and not asked(desk, other)


def test_an_agent_finds_every_change_once(desk: ZendeskDouble, opened: Open) -> None:
    numbers = [thread(desk, minutes=400 - number) for number in range(230)]
    forum = opened("ben")
    found, cursor = poll(forum)
    assert str(numbers[-1]) in found
    for number in numbers[10:150]:
        desk.store.add_post(number, NewPost("mei", "More."))
    desk.store.change(numbers[160], state="resolved")
    found, cursor = poll(forum, cursor)
    assert sorted(found) == sorted(map(str, [*numbers[10:150], numbers[160]]))
    assert poll(forum, cursor)[0] == []


def test_an_admin_who_becomes_an_agent_misses_nothing(desk: ZendeskDouble, opened: Open) -> None:
    number, other = thread(desk, minutes=30), thread(desk, minutes=20)
    forum = opened()
    _, cursor = poll(forum)
    desk.store.people["ada"].extra["role"] = "agent"
    desk.store.add_post(number, NewPost("mei", "More."))
    found, cursor = poll(forum, cursor)
    assert str(number) in found and cursor["mode"] == "list"
    desk.store.add_post(other, NewPost("mei", "More."))
    assert poll(forum, cursor)[0] == [str(other)]


def test_the_last_minute_comes_later_and_only_once(desk: ZendeskDouble, forum: Zendesk) -> None:
    number = thread(desk)
    _, cursor = poll(forum)
    desk.export_lag = timedelta(minutes=1)
    desk.store.add_post(number, NewPost("mei", "Just now."))
    found, cursor = poll(forum, cursor)
    assert found == []
    desk.store.now = lambda: clock.now() + timedelta(minutes=2)
    found, cursor = poll(forum, cursor)
    assert found == [str(number)]
    assert poll(forum, cursor)[0] == []


def test_a_ticket_that_the_export_gives_twice_is_found_once(desk: ZendeskDouble, forum: Zendesk) -> None:
    number = thread(desk)
    _, cursor = poll(forum)
    desk.store.add_post(number, NewPost("mei", "More."))
    found, after = poll(forum, cursor)
    assert found == [str(number)]
    # The place of before with the memory of after: what a second time looks like.
    assert poll(forum, {**after, "cursor": cursor.get("cursor"), "since": cursor["since"]})[0] == []


def test_a_deleted_ticket_is_exported_and_then_gone(desk: ZendeskDouble, forum: Zendesk) -> None:
    number = thread(desk)
    _, cursor = poll(forum)
    desk.store.delete_thread(number)
    assert poll(forum, cursor)[0] == [str(number)]
    with pytest.raises(GoneError):
        forum.read(str(number))


def test_a_cursor_that_expired_is_taken_up_by_time(desk: ZendeskDouble, forum: Zendesk) -> None:
    number = thread(desk, minutes=3)
    _, cursor = poll(forum)
    desk.store.add_post(number, NewPost("mei", "More."))
    _, cursor = poll(forum, cursor)
    desk.cursors_expired = True
    desk.store.add_post(number, NewPost("mei", "Still more."))
    assert poll(forum, cursor)[0] == [str(number)]


def test_polling_too_often_is_told_with_the_time_to_wait(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread(desk)
    desk.export_limit = 3
    _, cursor = poll(forum)
    with pytest.raises(RateLimitedError) as caught:
        for _ in range(5):
            _, cursor = poll(forum, cursor)
    assert 0 < (caught.value.retry_after or 0) <= 61


def test_a_poll_of_the_export_is_one_request(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread(desk)
    _, cursor = poll(forum)
    desk.faults.requests.clear()
    poll(forum, cursor)
    assert desk.faults.requests.count() == 1


def test_archived_tickets_are_past_too(desk: ZendeskDouble, forum: Zendesk) -> None:
    fresh, old = thread(desk, "Fresh", hours=1), thread(desk, "Old", days=200)
    desk.store.threads[old].state = "closed"
    assert forum.changed_since(None).stubs[-1].external_id == str(fresh)
    found: list[str] = []
    cursor: Any = None
    for _ in range(10):
        page = forum.history(cursor, since=clock.now() - timedelta(days=300))
        found += [stub.external_id for stub in page.stubs]
        cursor = page.cursor
        if not page.more:
            break
    assert found == [str(fresh), str(old)]


def test_recent_history_asks_no_archive(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread(desk)
    assert not forum.history(None, since=clock.now() - timedelta(days=90)).more
    assert not asked(desk, "/search")


def test_search_takes_words_for_words(desk: ZendeskDouble, forum: Zendesk) -> None:
    number = thread(desk, "The certificate expired")
    assert [stub.external_id for stub in forum.search("certificate", limit=5)] == [str(number)]
    assert forum.search("type:user", limit=5) == []
    assert forum.search("   ", limit=5) == []
