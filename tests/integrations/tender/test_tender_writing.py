"""Writing to Tender: slots, overtaken replies, notes, and answers that say little."""

import pytest

from powerup.integrations.errors import NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, ThreadState
from powerup.integrations.forums.tender import Tender
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.desk.store import NewPost
from tests.contract.forum.tender import TenderCase

MARKER = "closeloop:d-1"


def owners(forum: Tender, thread_id: str) -> tuple[str | None, str | None]:
    thread = forum.read(thread_id)
    return thread.assigned_person, thread.assigned_team


def test_person_and_team_are_separate_slots(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.add_team("area/Deploy")
    for person, team in (
        ("Ben", None),
        ("Ben", "support"),
        ("Ada", "support"),
        ("Ada", "area/Deploy"),
        (None, "area/Deploy"),
        (None, None),
    ):
        forum.assign(thread_id, person=person, team=team)
        assert owners(forum, thread_id) == (person, team)
        assert len(case.double.queue_ids(case.store.threads[int(thread_id)])) == (person is not None) + (team is not None)


def test_the_old_owner_goes_before_the_new_one_comes_and_nothing_is_sent_twice(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.assign(thread_id, person="Ben", team="support")
    forum.assign(thread_id, person="Ada", team="support")
    forum.assign(thread_id, person="Ada", team="support")
    lines = [post.text for post in case.store.posts_of(int(thread_id)) if post.system]
    assert lines == [
        "Discussion was assigned to Ben",
        "Discussion was assigned to support",
        "Discussion is no longer assigned to Ben",
        "Discussion was assigned to Ada",
    ]


def test_everybody_else_of_the_kind_leaves(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.change(int(thread_id), assigned_person="ben", assigned_team="support")
    case.store.threads[int(thread_id)].extra["queues"] = [24_001]
    forum.assign(thread_id, person="Ada", team="support")
    assert case.double.queue_ids(case.store.threads[int(thread_id)]) == [12_001, 24_001]


@pytest.mark.parametrize("name", ["Ben", "ben ", "3387002", "ben@customers.example"])
def test_a_person_is_named_by_queue_number_or_address(case: TenderCase, forum: Tender, name: str) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.assign(thread_id, person=name, team=None)
    assert owners(forum, thread_id) == ("Ben", None)


@pytest.mark.parametrize("name", ["Mei Lin", "support", "nobody@x.example", "mei@customers.example"])
def test_whoever_is_no_supporter_gets_nothing(case: TenderCase, forum: Tender, name: str) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.assign(thread_id, person="Ada", team=None)
    case.double.ignores_filters = True
    with pytest.raises(RejectedError, match="knows no supporter"):
        forum.assign(thread_id, person=name, team=None)
    assert owners(forum, thread_id) == ("Ada", None)


def test_two_of_a_name_are_not_guessed_between(case: TenderCase, forum: Tender) -> None:
    case.store.add_person("ben2", "Ben", staff=True)
    with pytest.raises(RejectedError, match="more than one"):
        forum.assign(case.thread("Question", "Text."), person="Ben", team=None)


def test_queues_on_later_pages_are_known(case: TenderCase, forum: Tender) -> None:
    case.double.per_page = 2
    for number in range(7):
        case.store.add_team(f"team {number}")
    thread_id = case.thread("Question", "Text.")
    forum.assign(thread_id, person="Ben", team="Team 6")
    assert owners(forum, thread_id) == ("Ben", "team 6")


@pytest.mark.parametrize("internal", [False, True])
def test_someone_else_has_commented_stops_a_reply(case: TenderCase, forum: Tender, internal: bool) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.reply(thread_id, "I found it myself.", author="mei")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Try this.", internal, MARKER, after=seen), look_first=False)
    assert case.count(thread_id) == 2


def test_a_colleagues_reply_stops_ours_even_when_the_count_does_not_say_so(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.reply(thread_id, "Answered already.", author="ben")
    case.delete_message(f"{thread_id}#1")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Try this.", False, MARKER, after=seen), look_first=True)


def test_notes_system_lines_and_our_own_words_stop_nothing(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    seen = forum.read(thread_id).messages[-1].external_id
    case.reply(thread_id, "For us.", author="ben", internal=True)
    forum.assign(thread_id, person="Ben", team=None)
    case.store.add_post(int(thread_id), NewPost("ben", "The discussion is now public.", system=True))
    case.reply(thread_id, "One moment.", author="ada")
    assert forum.post(thread_id, Draft("Try this.", False, MARKER, after=seen), look_first=False).external_id == f"{thread_id}#6"


@pytest.mark.parametrize("after", ["99#1", "#", "", "x", "11#x"])
def test_what_was_seen_in_another_thread_counts_for_nothing(case: TenderCase, forum: Tender, after: str) -> None:
    thread_id = case.thread("Question", "Text.")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Try this.", False, MARKER, after=after), look_first=False)


def test_what_was_said_is_seen_behind_many_comments(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Long", "Text.")
    with case.store.lock:
        for _ in range(150):
            case.reply(thread_id, "Working on it.", author="ada")
    before = case.requests() or 0
    assert forum.post(thread_id, Draft("Done.", False, MARKER, after=f"{thread_id}#151"), look_first=True).external_id == f"{thread_id}#152"
    assert (case.requests() or 0) - before <= 7
    case.reply(thread_id, "No!", author="mei")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Done.", False, "closeloop:d-2", after=f"{thread_id}#152"), look_first=False)
    found = forum.post(thread_id, Draft("Done.", False, MARKER, after=f"{thread_id}#151"), look_first=True)
    assert (found.external_id, found.found_again) == (f"{thread_id}#152", True)


def test_a_space_for_an_answer_is_success_and_the_comment_is_found(case: TenderCase, forum: Tender) -> None:
    case.double.spaces = True
    thread_id = case.thread("Question", "Text.")
    posted = forum.post(thread_id, Draft("Try this.", False, MARKER), look_first=False)
    assert (posted.external_id, posted.found_again, posted.awaiting_approval) == (f"{thread_id}#2", False, False)


def test_a_reply_that_the_spam_filter_holds_awaits_approval(case: TenderCase, forum: Tender) -> None:
    case.double.holds_replies = True
    posted = forum.post(case.thread("Question", "Text."), Draft("Try this.", False, MARKER), look_first=False)
    assert posted.awaiting_approval


def test_replies_skip_the_spam_filter_and_hide_their_marker(case: TenderCase) -> None:
    thread_id = case.thread("Question", "Text.", author="mei")
    with case.opened(case.double.credentials("mei")) as forum:
        assert not forum.post(thread_id, Draft("It **works**.", False, MARKER), look_first=False).awaiting_approval
        html = forum.read(thread_id).messages[-1].html
    assert MARKER in case.store.posts_of(int(thread_id))[-1].text
    assert MARKER not in html and "<strong>works</strong>" in html


def test_a_note_by_whoever_is_no_supporter_is_never_sent(case: TenderCase) -> None:
    thread_id = case.thread("Question", "Text.")
    with case.opened(case.double.credentials("mei")) as forum, pytest.raises(NotPermittedError, match="supporters"):
        forum.post(thread_id, Draft("Between us.", True, MARKER), look_first=False)
    assert case.count(thread_id) == 1


@pytest.mark.parametrize("spaces", [True, False])
def test_a_note_that_came_out_public_is_said_aloud(case: TenderCase, forum: Tender, spaces: bool) -> None:
    case.double.publishes_notes, case.double.spaces = True, spaces
    with pytest.raises(NotPermittedError, match="delete it on the site now"):
        forum.post(case.thread("Question", "Text."), Draft("Between us.", True, MARKER), look_first=False)


def test_resolved_is_undone(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    for act, state in ((forum.unresolve, ThreadState.open), (forum.unresolve, ThreadState.open)):
        forum.resolve(thread_id, message_id=None)
        assert forum.read(thread_id).state is ThreadState.resolved
        act(thread_id)
        assert forum.read(thread_id).state is state


def test_acknowledging_takes_a_discussion_off_the_pending_ones(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.acknowledge(thread_id)
    assert case.store.threads[int(thread_id)].acknowledged
    assert case.count(thread_id) == 1


def test_a_refusal_in_a_200_is_one(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    plan = FaultPlan(fail_every=1, status=200, answer={"errors": {"queue": ["is full"]}}, methods=("POST",))
    case.double.faults.set(plan)
    with pytest.raises(RejectedError, match="is full"):
        forum.assign(thread_id, person="Ben", team=None)


@pytest.mark.parametrize(("status", "said"), [(422, "Body can't be blank"), (406, "Invalid Accepts Header")])
def test_refusals_in_plain_text_are_told(case: TenderCase, forum: Tender, status: int, said: str) -> None:
    thread_id = case.thread("Question", "Text.")
    case.double.faults.set(FaultPlan(fail_every=1, status=status, answer_text=said, methods=("POST",)))
    with pytest.raises(RejectedError, match=said) as caught:
        forum.acknowledge(thread_id)
    assert caught.value.permanent
