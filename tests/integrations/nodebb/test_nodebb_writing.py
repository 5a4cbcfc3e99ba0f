"""Replies, locks and tags, each sent twice and happening once, and never half."""

import pytest

from powerup.integrations.errors import NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, ThreadState
from powerup.integrations.forums.nodebb import NodeBB
from powerup.sandbox.common.cooking import plain
from powerup.sandbox.common.faults import FaultPlan
from tests.integrations.nodebb.conftest import Desk


@pytest.mark.parametrize("text", ["Please **update**.", "```\nan open fence", "<b>bold</b>", "    code", "[//]: # (mine)\n\nHello."])
@pytest.mark.parametrize("raw_html", [False, True])
def test_nobody_sees_the_marker(desk: Desk, forum: NodeBB, text: str, raw_html: bool) -> None:
    desk.double.options.raw_html = raw_html
    thread_id = desk.thread()
    forum.post(thread_id, Draft(text, False, "marker-7f3a"), look_first=False)
    post = desk.store.posts_of(int(thread_id))[-1]
    assert "marker-7f3a" in post.text
    assert "marker" not in post.html
    assert "marker" not in plain(post.html)
    assert forum.post(thread_id, Draft(text, False, "marker-7f3a"), look_first=True).found_again


def test_a_comment_would_be_seen(desk: Desk, forum: NodeBB) -> None:
    """Why the marker is no HTML comment here."""
    thread_id = desk.thread()
    forum.post(thread_id, Draft("Hello. <!-- secret -->", False, "m"), look_first=False)
    assert "secret" in plain(desk.store.posts_of(int(thread_id))[-1].html)


def test_a_quotation_of_our_message_is_not_our_message(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    desk.reply(thread_id, "[//]: # (d1)\n\nI quote you.")
    desk.reply(thread_id, "> [//]: # (d1)\n> I quote you, too.", author="ada")
    assert not forum.post(thread_id, Draft("An answer.", False, "d1"), look_first=True).found_again


def test_a_deleted_message_of_ours_is_written_again(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    posted = forum.post(thread_id, Draft("An answer.", False, "d1"), look_first=False)
    desk.store.delete_post(int(posted.external_id))
    assert not forum.post(thread_id, Draft("An answer.", False, "d1"), look_first=True).found_again


def test_the_address_of_a_message_found_again_is_the_one_it_had(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    desk.reply(thread_id, "More.")
    posted = forum.post(thread_id, Draft("An answer.", False, "d1"), look_first=False)
    for number in range(25):
        desk.reply(thread_id, f"Even more {number}.")
    again = forum.post(thread_id, Draft("An answer.", False, "d1"), look_first=True)
    assert (again.url, again.external_id) == (posted.url, posted.external_id)
    assert posted.url.endswith("/3")


def test_a_message_in_the_queue_waits_for_approval_and_is_found_there(desk: Desk) -> None:
    desk.double.options.post_queue = True
    thread_id, draft, plain_account = desk.thread(), Draft("An answer.", False, "d1"), desk.forum("dave")
    posted = plain_account.post(thread_id, draft, look_first=False)
    assert posted.awaiting_approval
    assert posted.external_id.startswith("pending:reply-")
    assert plain_account.thread_id_of(posted.url) == thread_id
    again = plain_account.post(thread_id, draft, look_first=True)
    assert (again.external_id, again.found_again, again.awaiting_approval) == (posted.external_id, True, True)
    desk.double.approve(posted.external_id.removeprefix("pending:"))
    published = plain_account.post(thread_id, draft, look_first=True)
    assert (published.found_again, published.awaiting_approval) == (True, False)
    assert len(desk.store.posts_of(int(thread_id))) == 2


def test_a_lost_answer_of_the_queue_does_not_queue_twice(desk: Desk) -> None:
    desk.double.options.post_queue = True
    thread_id, draft, plain_account = desk.thread(), Draft("An answer.", False, "d1"), desk.forum("dave")
    desk.double.faults.set(FaultPlan(lose_answer_every=1, methods=("POST",)))
    with pytest.raises(Exception, match="NodeBB"):
        plain_account.post(thread_id, draft, look_first=False)
    desk.double.faults.clear()
    assert plain_account.post(thread_id, draft, look_first=True).awaiting_approval
    assert len(desk.double.queue) == 1


def test_the_copy_of_an_accepted_answer_is_no_newer_message(desk: Desk, forum: NodeBB) -> None:
    """The question-and-answer plug-in shows it again at the top of every first page."""
    thread_id = desk.thread()
    answer = desk.reply(thread_id, "Dave knows.", author="dave")
    desk.reply(thread_id, "Thanks.")
    last = desk.reply(thread_id, "It works.", author="ada")
    desk.store.change(int(thread_id), state="resolved", answer_id=int(answer))
    forum.post(thread_id, Draft("Good.", False, "d1", after=last), look_first=False)
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Good.", False, "d2", after=answer), look_first=False)


def test_a_message_that_was_purged_is_still_older_than_later_ones(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    gone = desk.reply(thread_id, "Purged.")
    del desk.store.posts[int(gone)]
    desk.store.threads[int(thread_id)].post_ids.remove(int(gone))
    forum.post(thread_id, Draft("Good.", False, "d1", after=gone), look_first=False)
    desk.reply(thread_id, "Wait!")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Good.", False, "d2", after=gone), look_first=False)


def test_an_internal_note_is_refused_before_anything_is_sent(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    desk.double.faults.requests.clear()
    with pytest.raises(NotPermittedError, match="no internal notes") as caught:
        forum.post(thread_id, Draft("Careful with this one.", True, "d1"), look_first=False)
    assert not caught.value.sent
    assert desk.double.faults.requests.count() == 0


def test_locking_a_locked_thread_leaves_no_second_line(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    for _ in range(2):
        forum.resolve(thread_id, message_id=None)
    assert forum.read(thread_id).state is ThreadState.closed
    assert desk.double.faults.requests.count("PUT", "/lock") == 1


def test_a_solved_thread_is_left_open_for_its_customer(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    answer = desk.reply(thread_id, "This helps.", author="ada")
    desk.store.change(int(thread_id), state="resolved", answer_id=int(answer))
    forum.resolve(thread_id, message_id=answer)
    assert desk.double.faults.requests.count("PUT") == 0
    assert forum.read(thread_id).state is ThreadState.resolved


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("resolution-bugfix", "longer than the 15"),
        ("ab", "shorter than the 3"),
        ("area:deploy", "takes out"),
        ("a_b_c", "takes out"),
        ("-dash-", "takes out"),
    ],
)
def test_a_tag_that_would_be_changed_is_refused_before_anything_is_written(desk: Desk, forum: NodeBB, tag: str, why: str) -> None:
    thread_id = desk.thread(tags=["billing"])
    with pytest.raises(RejectedError, match=why) as caught:
        forum.tag(thread_id, add=["bug", tag], remove=[])
    assert caught.value.permanent
    assert forum.read(thread_id).tags == ("billing",)


def test_a_sixth_tag_is_refused(desk: Desk, forum: NodeBB) -> None:
    """Adding alone would get past NodeBB's own limit."""
    thread_id = desk.thread(tags=["one", "two", "three", "four"])
    forum.tag(thread_id, add=["five"], remove=[])
    with pytest.raises(RejectedError, match="keeps 5"):
        forum.tag(thread_id, add=["six"], remove=[])
    forum.tag(thread_id, add=["six"], remove=["one"])
    assert sorted(forum.read(thread_id).tags) == ["five", "four", "six", "three", "two"]


def test_a_category_that_takes_certain_tags_only_is_asked_first(desk: Desk, forum: NodeBB) -> None:
    desk.double.options.tag_whitelist = ["bug"]
    thread_id = desk.thread()
    with pytest.raises(RejectedError, match="not among those"):
        forum.tag(thread_id, add=["triaged"], remove=[])


def test_tags_that_are_there_cost_no_write(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread(tags=["billing", "a-long-tag-from-before"])
    forum.tag(thread_id, add=["Billing"], remove=["gone"])
    assert desk.double.faults.requests.count("PUT") + desk.double.faults.requests.count("PATCH") == 0
    forum.tag(thread_id, add=["bug"], remove=[])
    assert (desk.double.faults.requests.count("PUT"), desk.double.faults.requests.count("PATCH")) == (0, 1)
