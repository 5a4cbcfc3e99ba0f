"""Who has to speak next, and since when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from powerup.threads import Message, ThreadState
from powerup.tickets.rules import RESTING, counted, waiting, waiting_in
from tests.factories import CUSTOMER, NOON, STAFF, message, thread


def since(number: int) -> object:
    """The time of a message."""
    return NOON + timedelta(minutes=number)


def test_a_new_thread_waits_on_us_since_its_first_message() -> None:
    answer = waiting(ThreadState.open, [message(1)])
    assert (answer.on, answer.since) == ("us", since(1))


def test_a_customer_who_writes_three_times_has_waited_since_the_first() -> None:
    posts = [message(1), message(2, author=STAFF), message(3), message(4), message(5)]
    answer = waiting(ThreadState.open, posts)
    assert (answer.on, answer.since) == ("us", since(3))


def test_our_answer_makes_it_wait_on_the_customer() -> None:
    answer = waiting(ThreadState.open, [message(1), message(2, author=STAFF), message(3, author=STAFF)])
    assert (answer.on, answer.since) == ("customer", since(2))


@pytest.mark.parametrize(
    "last",
    [message(2, author=STAFF, internal=True), message(2, author=STAFF, system=True), message(2, author=STAFF, deleted=True)],
    ids=["internal", "system", "deleted"],
)
def test_notes_system_lines_and_deleted_posts_answer_nobody(last: Message) -> None:
    assert waiting(ThreadState.open, [message(1), last]).on == "us"


@pytest.mark.parametrize("state", RESTING)
def test_nobody_waits_in_a_thread_that_rests(state: ThreadState) -> None:
    assert waiting(state, [message(1)]).on is None


def test_a_customer_who_writes_again_after_the_marked_answer_waits_on_us() -> None:
    posts = [message(1), message(2, author=STAFF), message(3), message(4)]
    answer = waiting(ThreadState.resolved, posts, answer_number=2)
    assert (answer.on, answer.since) == ("us", since(3))


def test_once_answered_again_or_closed_nobody_waits() -> None:
    posts = [message(1), message(2, author=STAFF), message(3)]
    assert waiting(ThreadState.resolved, [*posts, message(4, author=STAFF)], answer_number=2).on is None
    assert waiting(ThreadState.closed, posts, answer_number=2).on is None
    assert waiting(ThreadState.resolved, posts, answer_number=3).on is None


def test_an_empty_thread_waits_on_nobody() -> None:
    assert waiting(ThreadState.open, []).on is None
    assert waiting(ThreadState.open, [message(1, deleted=True)]).on is None


POSTS = st.lists(
    st.builds(
        lambda number, author, flag: replace(
            message(number, author=author, internal=flag == "internal"), deleted=flag == "deleted", system=flag == "system"
        ),
        st.integers(1, 40),
        st.sampled_from([CUSTOMER, STAFF]),
        st.sampled_from(["", "", "", "internal", "deleted", "system"]),
    ),
    max_size=12,
    unique_by=lambda post: post.number,
)


@settings(derandomize=True, deadline=None)
@given(POSTS, st.randoms(use_true_random=False))
def test_the_order_in_which_posts_arrive_does_not_matter(posts: list[Message], random: object) -> None:
    shuffled = list(posts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert waiting(ThreadState.open, shuffled) == waiting(ThreadState.open, posts)


@settings(derandomize=True, deadline=None)
@given(POSTS)
def test_the_last_public_message_decides_and_since_lies_in_its_run(posts: list[Message]) -> None:
    answer = waiting(ThreadState.open, posts)
    public = sorted((post for post in counted(posts) if post.visibility == "public"), key=lambda post: post.number)
    if not public:
        assert (answer.on, answer.since) == (None, None)
        return
    assert answer.on == ("us" if public[-1].author is CUSTOMER else "customer")
    run = [post for post in public if answer.since is not None and post.created_at >= answer.since]
    assert run and all(post.author is public[-1].author for post in run)
    before = public[: len(public) - len(run)]
    assert not before or before[-1].author is not public[-1].author


def test_nobody_waits_in_a_thread_that_staff_opened_until_somebody_else_speaks() -> None:
    opened = thread("1", message(1), opened_by_staff=True)
    assert waiting_in(opened).on is None
    asked = thread("1", message(1), message(2, author=replace(CUSTOMER, external_id="c2")), opened_by_staff=True)
    assert waiting_in(asked).on == "us"
    assert waiting_in(thread("1", message(1))).on == "us"
