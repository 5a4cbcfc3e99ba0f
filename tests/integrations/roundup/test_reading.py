"""What is particular to reading: retired things, plain text, files of the web form, roles, and who is asking."""

from dataclasses import replace
from datetime import timedelta

import pytest

from powerup import clock
from powerup.integrations.errors import CredentialsRefusedError, GoneError, NotPermittedError, RateLimitedError, VendorBrokenError
from powerup.integrations.forums.base import ForumConfig, Role, ThreadState
from powerup.integrations.forums.roundup import Roundup
from powerup.integrations.forums.roundup.site import date
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.roundup.double import RoundupDouble
from tests.integrations.roundup.conftest import POLICY, answered, asked


def words(forum: Roundup, thread_id: str) -> list[str]:
    return [message.html for message in forum.read(thread_id).messages]


def test_a_message_that_was_retired_is_not_shown_though_it_hangs_in_the_issue(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    double.retired.add(int(answered(double, thread_id, "Spam.")))
    answered(double, thread_id, "Third.")
    assert words(forum, thread_id) == ["<p>Text.</p>", "<p>Third.</p>"]


def test_plain_text_is_shown_as_it_is(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double, "A <b>bold</b> & line\r\nnext\r\n\r\n> quoted")
    assert words(forum, thread_id) == ["<p>A &lt;b&gt;bold&lt;/b&gt; &amp; line<br>next</p>\n<p>&gt; quoted</p>"]


def test_a_message_without_an_author_is_of_whoever_wrote_it(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    answered(double, thread_id, by="ben", extra={"author": False, "date": None})
    assert forum.read(thread_id).messages[-1].author.username == "ben"


def test_a_date_later_than_the_writing_is_not_believed(double: RoundupDouble, forum: Roundup) -> None:
    thread_id, now = asked(double), clock.now().replace(microsecond=0)
    answered(double, thread_id, at=now, extra={"date": now + timedelta(days=300)})
    answered(double, thread_id, at=now, extra={"date": now - timedelta(days=3)})
    assert [message.created_at for message in forum.read(thread_id).messages[1:]] == [now, now - timedelta(days=3)]


def test_a_file_of_the_web_form_belongs_to_the_message_that_came_with_it(double: RoundupDouble, forum: Roundup) -> None:
    at = clock.now().replace(microsecond=0) - timedelta(hours=1)
    thread_id = asked(double, at=at)
    answered(double, thread_id, at=at + timedelta(minutes=10))
    early, late = (double.store.add_file(name, "text/plain", b"x").id for name in ("early.txt", "late.txt"))
    double.loose_files = {early: at + timedelta(minutes=5), late: at + timedelta(minutes=50)}
    double.store.threads[int(thread_id)].extra["files"] = [early, late]
    first, second = forum.read(thread_id).messages
    assert ([one.name for one in first.attachments], [one.name for one in second.attachments]) == ([], ["early.txt", "late.txt"])


def test_long_messages_are_read_in_smaller_portions(double: RoundupDouble, config: ForumConfig) -> None:
    thread_id = asked(double)
    for number in range(5):
        answered(double, thread_id, f"{number} " + "x" * 3_000)
    with Roundup(config, replace(POLICY, max_bytes=9_000)) as forum:
        assert [html[3:4] for html in words(forum, thread_id)] == ["T", "0", "1", "2", "3", "4"]


@pytest.mark.parametrize("status", ["unread", "deferred", "chatting", "need-eg", "in-progress", "testing"])
def test_these_statuses_are_open(double: RoundupDouble, forum: Roundup, status: str) -> None:
    thread_id = asked(double)
    double.store.threads[int(thread_id)].extra["status"] = status
    assert forum.read(thread_id).state is ThreadState.open


def test_a_message_opens_what_was_resolved(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    forum.resolve(thread_id, message_id=None)
    answered(double, thread_id, by="mei")
    assert forum.read(thread_id).state is ThreadState.open


def roles(forum: Roundup, thread_id: str) -> dict[str, Role]:
    return {message.author.username: message.author.role for message in forum.read(thread_id).messages}


def test_staff_are_administrators_and_the_roles_of_the_settings(double: RoundupDouble, forum: Roundup) -> None:
    thread_id = asked(double)
    for name in ("ada", "ben", "dave"):
        answered(double, thread_id, by=name)
    wanted = {"mei": Role.customer, "ada": Role.staff, "ben": Role.staff, "dave": Role.customer}
    assert roles(forum, thread_id) == wanted
    assert forum.check().warnings == ()


def test_roles_that_are_hidden_are_told_of_and_our_own_account_is_staff_all_the_same(double: RoundupDouble, config: ForumConfig) -> None:
    double.roles_shown = False
    thread_id = asked(double)
    for name in ("ada", "ben"):
        answered(double, thread_id, by=name)
    with Roundup(config, POLICY) as forum:
        assert roles(forum, thread_id) == {"mei": Role.customer, "ada": Role.staff, "ben": Role.customer}
        (warning,) = forum.check().warnings
        assert "roles" in warning
    with Roundup(replace(config, staff_groups=frozenset(), staff_usernames=frozenset({"BEN"})), POLICY) as forum:
        assert roles(forum, thread_id)["ben"] is Role.staff
        assert forum.check().warnings == ()


def test_refused_logins_are_429_after_a_while_and_say_how_long(double: RoundupDouble, config: ForumConfig, forum: Roundup) -> None:
    double.logins = 2
    with Roundup(replace(config, credentials={"username": "ada", "password": "wrong"}), POLICY) as stranger:
        for refused in (CredentialsRefusedError, CredentialsRefusedError, RateLimitedError):
            with pytest.raises(refused) as caught:
                stranger.changed_since(None)
        assert caught.value.retry_after == pytest.approx(150, abs=1)
    with pytest.raises(RateLimitedError):
        forum.changed_since(None)


@pytest.mark.parametrize(("denied", "words_"), [("Rest Access", "Rest Access"), ("View issue", "Permission to view issue denied")])
def test_what_we_may_not_is_told(double: RoundupDouble, forum: Roundup, denied: str, words_: str) -> None:
    double.denied.add(denied)
    (problem,) = forum.check().problems
    assert words_ in problem
    with pytest.raises(NotPermittedError):
        forum.changed_since(None)


def test_a_user_name_counts_as_it_is_written(config: ForumConfig) -> None:
    with Roundup(replace(config, credentials={**config.credentials, "username": "Ada"}), POLICY) as forum:
        assert forum.check().problems


def test_search_reads_titles_and_the_first_lines_of_messages(double: RoundupDouble, forum: Roundup) -> None:
    by_title = asked(double, subject="Wildcard certificate")
    by_text = asked(double, "The wildcard certificate expired.\nRollback helps.")
    asked(double, "Nothing of it.")
    assert [stub.external_id for stub in forum.search("CERTIFICATE wildcard", limit=5)] == [by_title, by_text]
    assert [stub.external_id for stub in forum.search("certificate", limit=1)] == [by_title]
    assert forum.search("rollback", limit=5) == []
    assert forum.search("  ", limit=5) == []


def test_two_changes_within_one_second_are_both_given_out(double: RoundupDouble, forum: Roundup) -> None:
    now = clock.now().replace(microsecond=0)
    double.store.now = lambda: now
    thread_id = asked(double)
    page = forum.changed_since(None)
    for act in (
        lambda: answered(double, thread_id),
        lambda: double.store.change(int(thread_id), assigned_person="ben"),
        lambda: double.store.change(int(thread_id), tags=["x"]),
        lambda: double.store.change(int(thread_id), state="resolved"),
    ):
        act()
        page = forum.changed_since(page.cursor)
        assert [stub.external_id for stub in page.stubs] == [thread_id]
        assert page.stubs[0].changed_at == now
    assert forum.changed_since(page.cursor).stubs == ()


def test_a_file_that_is_not_there_is_gone(double: RoundupDouble, forum: Roundup) -> None:
    double.store.open_thread("x", NewPost("mei", "x", file_ids=[double.store.add_file("a.bin", "application/json", b'{"a": 1}').id]))
    assert forum.file("1").content == b'{"a": 1}'
    for reference in ("2", "99999"):
        with pytest.raises(GoneError):
            forum.file(reference)


@pytest.mark.parametrize("given", ["2026-11-23.19:28:57", "2026-11-23.19:28:57.482"])
def test_a_time_is_read(given: str) -> None:
    assert clock.iso(date({"at": given}, "at")) == "2026-11-23T19:28:57.000Z"


@pytest.mark.parametrize("given", ["2026-11-23T19:28:57", "2026-13-23.19:28:57", "", None, "yesterday"])
def test_what_is_no_time_is_an_error_with_the_fields_name(given: str | None) -> None:
    with pytest.raises(VendorBrokenError, match="“at”"):
        date({"at": given}, "at")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://bugs.example.org/support/", "https://bugs.example.org/support"),
        ("https://bugs.example.org/support/rest/data", "https://bugs.example.org/support"),
        ("https://bugs.example.org/support/issue12?x=1#msg3", "https://bugs.example.org/support"),
        ("https://bugs.example.org/support/issue", "https://bugs.example.org/support"),
        ("https://issue.example.org", "https://issue.example.org"),
    ],
)
def test_the_address_is_that_of_the_tracker(given: str, address: str) -> None:
    assert Roundup.address(given) == address


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://bugs.example.org/support/issue12", "12"),
        ("http://bugs.example.org/support/issue12#msg3", "12"),
        ("https://bugs.example.org/support/issue12?@ok_message=x", "12"),
        ("https://bugs.example.org/support/msg12", None),
        ("https://bugs.example.org/other/issue12", None),
        ("https://bugs.example.org/support/issue0", None),
        ("https://bugs.example.org:8080/support/issue12", None),
    ],
)
def test_an_issues_address_is_known(url: str, number: str | None) -> None:
    with Roundup(ForumConfig("https://bugs.example.org/support"), HttpPolicy(1, 1, ())) as forum:
        assert forum.thread_id_of(url) == number
