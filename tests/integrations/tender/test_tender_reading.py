"""Reading discussions of Tender: what its JSON says in odd ways."""

from datetime import timedelta

import pytest

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.base import Role, ThreadState, Visibility
from powerup.integrations.forums.tender import Tender
from powerup.integrations.forums.tender.markup import portable
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.story.desk import seed_desk
from tests.contract.forum.asking import recently
from tests.contract.forum.tender import TenderCase


def test_what_only_supporters_may_know_of_a_customer_is_never_read(case: TenderCase, forum: Tender) -> None:
    thread = forum.read(case.thread("Question", "Text."))
    told = repr(thread)
    assert "supporters' eyes" not in told and "192.0.2.10" not in told and "Mozilla" not in told
    assert "mei@customers.example" not in told


@pytest.mark.parametrize("replies", [18, 19, 20, 24, 25, 29, 30, 31, 61])
def test_a_discussion_of_any_length_is_read_whole(case: TenderCase, forum: Tender, replies: int) -> None:
    thread_id = case.thread("Long", "message 0", at=recently(days=2))
    case.replies(thread_id, replies, start=recently(days=1))
    assert [message.number for message in forum.read(thread_id).messages] == list(range(1, replies + 2))


def test_comments_that_are_missing_in_the_discussion_are_asked_for(case: TenderCase, forum: Tender) -> None:
    case.double.embedded_limit = 3
    thread_id = case.thread("Short", "message 0", at=recently(days=2))
    case.replies(thread_id, 5, start=recently(days=1))
    assert len(forum.read(thread_id).messages) == 6


def test_notes_that_are_missing_are_asked_for_though_no_count_shows_it(case: TenderCase, forum: Tender) -> None:
    case.double.embedded_limit = 22
    thread_id = case.thread("Long", "Text.")
    for _ in range(24):
        case.reply(thread_id, "For us.", author="ben", internal=True)
    assert len(forum.read(thread_id).messages) == 25


def test_system_lines_and_notes_are_told_apart(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.reply(thread_id, "For us.", author="ben", internal=True)
    forum.assign(thread_id, person="Ben", team=None)
    thread = forum.read(thread_id)
    assert [(one.visibility, one.system) for one in thread.messages] == [
        (Visibility.public, False),
        (Visibility.internal, False),
        (Visibility.internal, True),
    ]
    assert thread.messages[2].external_id == f"{thread_id}#3"
    assert "assigned to Ben" in thread.messages[2].html


def test_bytes_that_are_no_text_become_signs_that_say_so(case: TenderCase, forum: Tender) -> None:
    case.store.open_thread("By mail \udce9", NewPost("mei", "Caf\udce9", html="<p>Caf\udce9 &amp; co</p>"))
    thread = forum.read(forum.changed_since(None).stubs[0].external_id)
    assert thread.subject == "By mail \ufffd"
    assert thread.messages[0].html == "<div><p>Caf\ufffd &amp; co</p></div>"


def test_a_discussion_that_leads_to_another_is_read_as_that(case: TenderCase, forum: Tender) -> None:
    source, target = case.thread("Doubled", "Asked twice."), case.thread("The first", "Asked once.")
    case.merge(source, target)
    thread = forum.read(source)
    assert (thread.external_id, len(thread.messages)) == (target, 2)


def test_a_circle_of_discussions_is_an_error(case: TenderCase, forum: Tender) -> None:
    one, other = case.thread("One", "Text."), case.thread("Other", "Text.")
    case.store.threads[int(one)].merged_into, case.store.threads[int(other)].merged_into = int(other), int(one)
    with pytest.raises(VendorBrokenError, match="without an end"):
        forum.read(one)


@pytest.mark.parametrize("shown", [True, False])
def test_a_deleted_discussion_is_gone_however_tender_says_so(case: TenderCase, forum: Tender, shown: bool) -> None:
    thread_id = case.thread("Spam", "Buy!")
    forum.read(thread_id)
    case.double.shows_deleted = shown
    case.delete(thread_id)
    with pytest.raises(GoneError):
        forum.read(thread_id)


@pytest.mark.parametrize(("state", "expected"), [("open", ThreadState.open), ("resolved", ThreadState.resolved)])
def test_the_state_is_resolved_or_open(case: TenderCase, forum: Tender, state: str, expected: ThreadState) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.change(int(thread_id), state=state)
    assert forum.read(thread_id).state is expected


def test_private_is_what_is_not_public(case: TenderCase, forum: Tender) -> None:
    assert forum.read(case.thread("Secret", "Text.", private=True)).private
    assert not forum.read(case.thread("Open", "Text.")).private


def test_staff_are_known_by_address_or_number_and_never_by_name(case: TenderCase, forum: Tender) -> None:
    case.store.add_person("impostor", "Carla", email="impostor@evil.example")
    case.store.add_person("other", "carla@customers.example", email="other@evil.example")
    thread_id = case.thread("Question", "Text.")
    for author in ("carla", "impostor", "other"):
        case.reply(thread_id, "Me too.", author=author)
    assert [one.author.role for one in forum.read(thread_id).messages[1:]] == [Role.staff, Role.customer, Role.customer]


def test_nobodys_address_is_called_verified(case: TenderCase, forum: Tender) -> None:
    assert forum.read(case.thread("Question", "Text.")).customer.verified_email is None


def test_queues_that_we_may_not_see_are_nobodys(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.threads[int(thread_id)].extra["queues"] = [99_999]
    before = case.requests() or 0
    assert forum.read(thread_id).assigned_person is forum.read(thread_id).assigned_team is None
    # The listing, the discussion twice, and the queues twice: once more for what was unknown, not for every thread.
    assert (case.requests() or 0) - before == 5


def test_a_customer_sees_no_queues_and_reads_all_the_same(case: TenderCase) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.change(int(thread_id), assigned_person="ben")
    with case.opened(case.double.credentials("mei")) as forum:
        assert forum.read(thread_id).assigned_person is None


def test_links_are_absolute_and_text_stays_what_it_was() -> None:
    html = '<p style="x">A &lt;b&gt; &#233; &eacute;<br><a href="/kb?a=1&amp;b=2">x</a><img src="//cdn.test/a.png" srcset="b 2x"/></p>'
    assert portable(html, "https://help.example.com") == (
        '<p>A &lt;b&gt; é é<br><a href="https://help.example.com/kb?a=1&amp;b=2">x</a><img src="https://cdn.test/a.png"></p>'
    )


def test_the_story_is_read_whole(case: TenderCase, forum: Tender) -> None:
    ids = seed_desk(case.double, recently(hours=0))
    threads = {key: forum.read(str(number)) for key, number in ids.items()}
    assert all(thread.messages[0].number == 1 for thread in threads.values())
    assert any(thread.assigned_person for thread in threads.values())
    assert any(one.attachments for thread in threads.values() for one in thread.messages)


def test_the_place_of_a_customer_without_an_account_is_a_hash(case: TenderCase, forum: Tender) -> None:
    anonymous = {"author_email": "Mei@customers.example", "author_name": "Mei", "user_href": None}
    author = forum._people.author(anonymous, customer_id=None)
    assert author.external_id.startswith("guest:") and "mei" not in author.external_id.lower()
    again = {"author_email": "mei@customers.example ", "author_name": "M."}
    assert forum._people.author(again, customer_id=None).external_id == author.external_id
    assert forum._people.author({}, customer_id=None).external_id == "unknown"


def test_time_moves_with_every_change(case: TenderCase, forum: Tender) -> None:
    at = recently(days=1)
    thread_id = case.thread("Question", "Text.", at=at)
    case.reply(thread_id, "For us.", author="ben", internal=True, at=at + timedelta(hours=1))
    assert forum.read(thread_id).changed_at == at + timedelta(hours=1)
