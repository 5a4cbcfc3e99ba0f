"""Every forum adapter keeps the contract of `forums/base.py`, over real HTTP against its double."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    UnreachableError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.forums.base import (
    Draft,
    Feature,
    Forum,
    HookKind,
    HookRefusedError,
    HookUnreadableError,
    Role,
    ThreadState,
    Visibility,
)
from powerup.integrations.forums.registry import adapter_of, kinds
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.double import DiscourseDouble
from tests.contract.forum.case import ForumCase
from tests.contract.forum.discourse import HOOK_SECRET, DiscourseCase

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["discourse"])
def case(request: pytest.FixtureRequest) -> Iterator[ForumCase]:
    with DiscourseDouble() as double:
        yield DiscourseCase(double)


@pytest.fixture
def forum(case: ForumCase) -> Iterator[Forum]:
    with case.open() as opened:
        yield opened


def everything(forum: Forum, cursor: object = None) -> tuple[list[str], object]:
    """All that is new since the cursor, as one poll reads it."""
    found: list[str] = []
    for _ in range(200):
        page = forum.changed_since(cursor)  # type: ignore[arg-type]
        found += [stub.external_id for stub in page.stubs]
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("the reading does not come to an end")


def test_a_suite_for_every_kind() -> None:
    assert [adapter.kind for adapter in kinds()] == ["discourse"]
    for adapter in kinds():
        assert adapter_of(adapter.kind) is adapter
        assert adapter.label
        assert adapter.possible
        assert all(field.name and field.label and field.help for field in adapter.credential_fields)


# ---- reading


def test_a_thread_is_read_with_sides_times_and_order(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("My step fails", "It *fails*.", at=NOON)
    case.reply(thread_id, "Which version?", author="ada", at=NOON + timedelta(minutes=1))
    case.reply(thread_id, "I know this.", author="ben", at=NOON + timedelta(minutes=2))
    case.reply(thread_id, "Me too.", author="carla", at=NOON + timedelta(minutes=3))
    case.reply(thread_id, "Same here.", author="dave", at=NOON + timedelta(minutes=4))
    thread = forum.read(thread_id)
    assert (thread.external_id, thread.subject, thread.state, thread.private) == (thread_id, "My step fails", ThreadState.open, False)
    assert thread.customer.username == "mei"
    assert thread.created_at == NOON
    assert thread.changed_at == NOON + timedelta(minutes=4)
    roles = [(message.author.username, message.author.role) for message in thread.messages]
    assert roles == [
        ("mei", Role.customer), ("ada", Role.staff), ("ben", Role.staff), ("carla", Role.staff), ("dave", Role.customer)
    ]  # fmt: skip
    assert [message.number for message in thread.messages] == [1, 2, 3, 4, 5]
    assert {message.visibility for message in thread.messages} == {Visibility.public}
    assert thread.messages[0].created_at == NOON
    assert "<em>fails</em>" in thread.messages[0].html
    assert forum.thread_id_of(thread.url) == thread_id


def test_whoever_opens_a_thread_is_its_customer_even_when_staff(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Asked for a friend", "By phone: it fails.", author="ada")
    case.reply(thread_id, "One moment.", author="ben")
    thread = forum.read(thread_id)
    assert [message.author.role for message in thread.messages] == [Role.customer, Role.staff]
    assert thread.customer.role is Role.customer


@pytest.mark.parametrize("replies", [18, 19, 20, 45])
def test_a_long_thread_is_read_whole(case: ForumCase, forum: Forum, replies: int) -> None:
    thread_id = case.thread("Long", "0", at=NOON)
    for number in range(1, replies + 1):
        case.reply(thread_id, f"message {number}", at=NOON + timedelta(minutes=number))
    messages = forum.read(thread_id).messages
    assert [message.number for message in messages] == list(range(1, replies + 2))
    assert f"message {replies}" in messages[-1].html


def test_links_and_images_are_absolute(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Picture", "See below.")
    case.html(thread_id, '<p><img src="/uploads/a.png" srcset="/uploads/b.png 2x"><a href="/u/ben">@ben</a></p>')
    html = forum.read(thread_id).messages[-1].html
    assert f'src="{case.url}/uploads/a.png"' in html
    assert f'href="{case.url}/u/ben"' in html
    assert "srcset" not in html


def test_an_edit_is_seen(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Edited", "First.", at=NOON)
    message_id = case.reply(thread_id, "Second.", at=NOON)
    case.edit(message_id, "Second, better.")
    first, second = forum.read(thread_id).messages
    assert first.edited_at is None
    assert second.edited_at is not None
    assert "better" in second.html


def test_a_deleted_thread_is_deleted_or_gone(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Spam", "Buy.")
    case.delete(thread_id)
    try:
        assert forum.read(thread_id).state is ThreadState.deleted
    except GoneError as error:
        assert error.permanent
    with case.anonymous() as stranger, pytest.raises(GoneError):
        stranger.read(thread_id)


@pytest.mark.parametrize("thread_id", ["999999", "no-such", "../about"])
def test_a_thread_that_never_was_is_gone(forum: Forum, thread_id: str) -> None:
    with pytest.raises(GoneError):
        forum.read(thread_id)


def test_the_address_that_people_copy_is_recognised(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Über Größen & Ähnliches", "Text.")
    assert forum.thread_id_of(case.thread_url(thread_id)) == thread_id
    assert forum.thread_id_of("https://elsewhere.example.org/t/a/1") is None


# ---- incremental sync


def test_everything_is_found_once_across_pages_with_equal_times(case: ForumCase, forum: Forum) -> None:
    ids = [case.thread(f"Thread number {number}", "Text.", at=NOON + timedelta(minutes=number // 20)) for number in range(75)]
    found, cursor = everything(forum)
    assert sorted(found) == sorted(ids)
    again, cursor = everything(forum, cursor)
    assert again == []
    changed = ids[3:70:3]
    for thread_id in changed:
        case.reply(thread_id, "More.", at=NOON + timedelta(hours=2))
    found, cursor = everything(forum, cursor)
    assert sorted(found) == sorted(changed)
    assert everything(forum, cursor)[0] == []


def test_stubs_come_oldest_change_first(case: ForumCase, forum: Forum) -> None:
    ids = [case.thread(f"Thread number {number}", "Text.", at=NOON + timedelta(minutes=number)) for number in range(5)]
    page = forum.changed_since(None)
    assert [stub.external_id for stub in page.stubs] == ids
    assert page.stubs[0].changed_at == NOON
    assert page.stubs[0].url == case.thread_url(ids[0])


@pytest.mark.parametrize("act", ["close", "edit"])
def test_a_change_that_moves_nothing_is_found(case: ForumCase, forum: Forum, act: str) -> None:
    thread_id = case.thread("Quiet change", "Text.", at=NOON)
    message_id = case.reply(thread_id, "Reply.", at=NOON)
    case.thread("Another", "Text.", at=NOON + timedelta(hours=1))
    _, cursor = everything(forum)
    if act == "close":
        case.close(thread_id)
    else:
        case.edit(message_id, "Reply, better.")
    assert everything(forum, cursor)[0] == [thread_id]


def test_a_strange_cursor_begins_anew(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("A thread", "Text.")
    assert everything(forum, {"v": 99, "x": 1})[0] == [thread_id]


def test_a_passer_by_can_read(case: ForumCase) -> None:
    thread_id = case.thread("Public", "Text.")
    with case.anonymous() as stranger:
        assert everything(stranger)[0] == [thread_id]
        assert stranger.read(thread_id).subject == "Public"
        check = stranger.check()
    assert check.acting_as is None
    assert check.problems == ()
    assert Feature.reply not in check.features
    assert check.missing[Feature.reply]


# ---- writing


@pytest.mark.parametrize("internal", [False, True])
def test_a_message_is_written_and_read_back(case: ForumCase, forum: Forum, internal: bool) -> None:
    thread_id = case.thread("Question", "Text.")
    posted = forum.post(thread_id, Draft("Please **update**.", internal, "closeloop:d-1"), look_first=False)
    assert not posted.found_again
    assert forum.thread_id_of(posted.url) == thread_id
    message = forum.read(thread_id).messages[-1]
    assert message.external_id == posted.external_id
    assert message.visibility is (Visibility.internal if internal else Visibility.public)
    assert message.author.username == "ada"
    assert "<strong>update</strong>" in message.html
    if internal:
        with case.anonymous() as stranger:
            assert len(stranger.read(thread_id).messages) == 1


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("later", [0, 30])
def test_a_lost_answer_does_not_write_twice(case: ForumCase, forum: Forum, internal: bool, later: int) -> None:
    thread_id = case.thread("Question", "Text.")
    draft = Draft("Please update.", internal, "closeloop:d-2")
    case.faults.set(FaultPlan(lose_answer_every=1, methods=("POST",)))
    with pytest.raises(UnreachableError) as caught:
        forum.post(thread_id, draft, look_first=False)
    assert caught.value.sent
    case.faults.clear()
    for number in range(later):
        case.reply(thread_id, f"meanwhile {number}")
    posted = forum.post(thread_id, draft, look_first=True)
    assert posted.found_again
    assert case.count(thread_id) == 2 + later
    assert posted.external_id == forum.read(thread_id).messages[1].external_id


def test_looking_first_for_what_is_not_there_writes(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "closeloop:d-2 is what I typed")
    assert not forum.post(thread_id, Draft("Answer.", False, "closeloop:d-3"), look_first=True).found_again
    assert case.count(thread_id) == 2


def test_writing_into_a_thread_that_is_gone(forum: Forum) -> None:
    with pytest.raises(IntegrationError) as caught:
        forum.post("999999", Draft("Answer.", False, "closeloop:d-4"), look_first=False)
    assert caught.value.permanent


def test_an_owner_is_set_changed_and_removed_any_number_of_times(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Whose", "Text.")
    for person, team in (("ben", None), ("ben", None), (None, "support"), (None, "support"), (None, None), (None, None)):
        forum.assign(thread_id, person=person, team=team)
        thread = forum.read(thread_id)
        assert (thread.assigned_person, thread.assigned_team) == (person, team)
    with pytest.raises(IntegrationError) as caught:
        forum.assign(thread_id, person="nobody-of-that-name", team=None)
    assert caught.value.permanent


def test_resolving_twice_is_resolving_once(case: ForumCase, forum: Forum) -> None:
    solved, closed = case.thread("Solved", "Text."), case.thread("Closed", "Text.")
    message_id = case.reply(solved, "This helps.", author="ada")
    for _ in range(2):
        forum.resolve(solved, message_id=message_id)
        forum.resolve(closed, message_id=None)
    assert forum.read(solved).state is ThreadState.resolved
    assert forum.read(closed).state in (ThreadState.resolved, ThreadState.closed)


def test_search_finds_what_matches(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Certificates expire", "The wildcard certificate.")
    case.thread("Something else", "Text.")
    assert [stub.external_id for stub in forum.search("wildcard", limit=5)] == [thread_id]
    assert list(forum.search("no-such-word-anywhere", limit=5)) == []


# ---- connection


def test_a_good_connection_says_who_and_what(case: ForumCase, forum: Forum) -> None:
    check = forum.check()
    assert check.acting_as == "ada"
    assert check.problems == ()
    assert check.site_name == "Northwind Deploy Community"
    assert check.features | check.missing.keys() == set(Feature)
    assert {Feature.reply, Feature.internal_note, Feature.resolve, Feature.assign_person} <= check.features


def test_a_wrong_key_is_explained_and_asks_to_reconnect(case: ForumCase) -> None:
    thread_id = case.thread("Question", "Text.")
    with case.open(api_key="wrong") as stranger:
        check = stranger.check()
        assert check.problems
        assert not check.features
        assert "wrong" not in " ".join(check.problems)
        with pytest.raises(CredentialsRefusedError) as caught:
            stranger.read(thread_id)
    assert caught.value.reconnect
    assert caught.value.permanent


def test_what_breaks_is_one_of_our_errors(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    plans: list[tuple[FaultPlan, type[IntegrationError]]] = [
        (FaultPlan(fail_every=1, status=500), VendorBrokenError),
        (FaultPlan(body="html"), VendorBrokenError),
        (FaultPlan(body="truncated"), VendorBrokenError),
        (FaultPlan(body="cut_off"), VendorBrokenError),
        (FaultPlan(lose_answer_every=1), UnreachableError),
        (FaultPlan(delay_seconds=30), VendorTimeoutError),
    ]
    for plan, error in plans:
        case.faults.set(plan)
        with pytest.raises(error) as caught:
            forum.read(thread_id)
        assert not caught.value.permanent
        assert case.open().check().problems
        case.faults.clear()
    assert forum.read(thread_id).external_id == thread_id


# ---- webhooks


def test_a_signed_webhook_names_its_thread(case: ForumCase, forum: Forum) -> None:
    headers, body = case.hook("42", HOOK_SECRET)
    hook = forum.hook(headers, body)
    assert (hook.kind, hook.thread_id) == (HookKind.thread, "42")
    assert hook.event_id
    assert forum.hook(headers, body).event_id == hook.event_id


def test_a_webhook_signed_by_somebody_else_is_refused(case: ForumCase, forum: Forum) -> None:
    headers, body = case.hook("42", "another secret")
    with pytest.raises(HookRefusedError):
        forum.hook(headers, body)
    headers, body = case.hook("42", HOOK_SECRET)
    with pytest.raises(HookRefusedError):
        forum.hook(headers, body + b" ")
    with pytest.raises((HookRefusedError, HookUnreadableError)):
        forum.hook({}, body)
