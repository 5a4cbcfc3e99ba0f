"""Every forum adapter: what is written stands there once, for the right eyes, and never over somebody else's word."""

import re

import pytest

from powerup.integrations.errors import IntegrationError, OvertakenError
from powerup.integrations.forums.base import Draft, Feature, Forum, Visibility
from tests.contract.forum.case import Act, Fault, ForumCase
from tests.contract.forum.cases import CASES, for_kinds_that, kind_of, kinds_that

PAIRS = [(case, False) for case in CASES] + [(case, True) for case in kinds_that(can=[Feature.internal_note])]
NOTE = pytest.mark.parametrize(("case", "internal"), PAIRS, indirect=["case"], ids=kind_of)
"""A reply on every kind, an internal note where there are any."""
LOST = pytest.mark.parametrize(
    ("case", "internal"), [pair for pair in PAIRS if Fault.lost_answer not in pair[0].no_fault], indirect=["case"], ids=kind_of
)
"""The same, where an answer can be lost."""


@NOTE
def test_a_message_is_written_and_read_back(case: ForumCase, forum: Forum, internal: bool) -> None:
    thread_id = case.thread("Question", "Text.")
    posted = forum.post(thread_id, Draft("Please **update** & tell <us>.", internal, "closeloop:d-1"), look_first=False)
    assert not posted.found_again and not posted.awaiting_approval
    assert forum.thread_id_of(posted.url) == thread_id
    message = forum.read(thread_id).messages[-1]
    assert message.external_id == posted.external_id
    assert message.visibility is (Visibility.internal if internal else Visibility.public)
    assert message.author.username == case.known_as("ada")
    assert "update" in message.html
    assert case.count(thread_id) == 2


@NOTE
def test_our_marker_is_not_for_customers_eyes(case: ForumCase, forum: Forum, internal: bool) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.post(thread_id, Draft("Answer.", internal, "closeloop:d-6"), look_first=False)
    shown = re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", "", forum.read(thread_id).messages[-1].html, flags=re.DOTALL))
    assert ("closeloop:d-6" in shown) is bool(case.marker_shows)


@for_kinds_that(Act.read_anonymously, can=[Feature.internal_note])
def test_an_internal_note_is_seen_by_no_passer_by(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.post(thread_id, Draft("Only among us.", True, "closeloop:d-1"), look_first=False)
    with case.anonymous() as stranger:
        assert len(stranger.read(thread_id).messages) == 1


@pytest.mark.parametrize("later", [0, 30])
@LOST
def test_a_lost_answer_does_not_write_twice(case: ForumCase, forum: Forum, internal: bool, later: int) -> None:
    thread_id = case.thread("Question", "Text.")
    draft = Draft("Please update.", internal, "closeloop:d-2")
    case.fault(Fault.lost_answer, writes_only=True)
    with pytest.raises(IntegrationError) as caught:
        forum.post(thread_id, draft, look_first=False)
    assert caught.value.sent and not caught.value.permanent
    case.well()
    for number in range(later):
        case.reply(thread_id, f"meanwhile {number}", author="ada")
    posted = forum.post(thread_id, draft, look_first=True)
    assert posted.found_again
    assert case.count(thread_id) == 2 + later
    assert posted.external_id == forum.read(thread_id).messages[1].external_id


@NOTE
def test_a_write_that_had_succeeded_is_found_again_even_when_overtaken(case: ForumCase, forum: Forum, internal: bool) -> None:
    thread_id = case.thread("Question", "Text.")
    first = forum.read(thread_id).messages[0].external_id
    draft = Draft("Please update.", internal, "closeloop:d-3", after=first)
    once = forum.post(thread_id, draft, look_first=False)
    case.reply(thread_id, "Thanks, that helps.")
    for _ in range(2):
        again = forum.post(thread_id, draft, look_first=True)
        assert again.found_again
        assert (again.external_id, again.url) == (once.external_id, once.url)
    assert case.count(thread_id) == 3


def test_looking_first_for_what_is_not_there_writes(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "closeloop:d-4 is what I typed, and closeloop:d-44 too")
    assert not forum.post(thread_id, Draft("Answer.", False, "closeloop:d-5"), look_first=True).found_again
    assert case.count(thread_id) == 2


def test_a_customer_who_quotes_our_marker_is_not_taken_for_us(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.reply(thread_id, "<!-- closeloop:d-7 --> closeloop:d-7", author="mei")
    posted = forum.post(thread_id, Draft("Answer.", False, "closeloop:d-7"), look_first=True)
    assert not posted.found_again
    assert case.count(thread_id) == 3


@pytest.mark.parametrize("thread_id", ["999999", "../about", "1 OR 1=1", "", "7/../8"])
def test_writing_into_a_thread_that_is_not_there(case: ForumCase, forum: Forum, thread_id: str) -> None:
    case.thread("A thread", "Text.")
    with pytest.raises(IntegrationError) as caught:
        forum.post(thread_id, Draft("Answer.", False, "closeloop:d-8"), look_first=False)
    assert caught.value.permanent


# ---- not over somebody else's word


@pytest.mark.parametrize("by", ["mei", "dave", "ben"])
def test_a_newer_message_of_somebody_else_stops_a_reply(case: ForumCase, forum: Forum, by: str) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.reply(thread_id, "It works now, never mind.", author=by)
    for look_first in (False, True):
        with pytest.raises(OvertakenError) as caught:
            forum.post(thread_id, Draft("Answer.", False, "closeloop:d-9", after=seen), look_first=look_first)
        assert caught.value.permanent
    assert case.count(thread_id) == 2


def test_who_has_seen_the_newest_message_may_answer(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.replies(thread_id, case.page + 3, start=forum.read(thread_id).created_at)
    seen = forum.read(thread_id).messages[-1].external_id
    forum.post(thread_id, Draft("Answer.", False, "closeloop:d-10", after=seen), look_first=False)
    assert case.count(thread_id) == case.page + 5


def test_our_own_newer_message_does_not_stop_us(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    forum.post(thread_id, Draft("One moment.", False, "closeloop:d-11"), look_first=False)
    forum.post(thread_id, Draft("Answer.", False, "closeloop:d-12", after=seen), look_first=False)
    assert case.count(thread_id) == 3


@for_kinds_that(Act.reply_internally)
def test_an_internal_note_does_not_stop_us(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.reply(thread_id, "I have no idea either.", author="ben", internal=True)
    forum.post(thread_id, Draft("Answer.", False, "closeloop:d-13", after=seen), look_first=False)
    assert case.count(thread_id) == 3


@for_kinds_that(Act.delete_message)
def test_a_newer_message_that_was_deleted_does_not_stop_us(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.delete_message(case.reply(thread_id, "Spam."))
    forum.post(thread_id, Draft("Answer.", False, "closeloop:d-14", after=seen), look_first=False)
    assert "Answer" in forum.read(thread_id).messages[-1].html


def test_a_newer_message_far_down_a_long_thread_stops_a_reply(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.replies(thread_id, case.page * 2, start=forum.read(thread_id).created_at)
    seen = forum.read(thread_id).messages[-2].external_id
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Answer.", False, "closeloop:d-15", after=seen), look_first=False)
    assert case.count(thread_id) == case.page * 2 + 1
