"""Threads as NodeBB has them: merged, deleted, federated, private, and with what must not be passed on."""

from collections.abc import Callable
from typing import Any

import pytest

from powerup.integrations.errors import GoneError, NotPermittedError, VendorBrokenError
from powerup.integrations.forums.base import Role, ThreadState
from powerup.integrations.forums.nodebb import NodeBB
from powerup.sandbox.nodebb.options import PRIVATE_CID
from powerup.sandbox.nodebb.page_json import FEED_TOKEN
from tests.integrations.nodebb.conftest import Desk

Patch = Callable[[str, Callable[[Any], Any]], None]


def test_a_title_is_read_as_it_was_written(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread('Variables with "quotes" & <angle> brackets')
    assert forum.read(thread_id).subject == 'Variables with "quotes" & <angle> brackets'
    assert forum.changed_since(None).stubs[0].subject == 'Variables with "quotes" & <angle> brackets'


def test_a_deleted_thread_is_gone_for_those_who_may_not_see_it(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    desk.store.delete_thread(int(thread_id))
    assert forum.read(thread_id).state is ThreadState.deleted
    with pytest.raises(GoneError):
        desk.forum("dave").read(thread_id)


def test_a_merged_thread_is_read_as_the_other(desk: Desk, forum: NodeBB) -> None:
    source, target = desk.thread("Again"), desk.thread("First")
    desk.store.merge(int(source), int(target))
    thread = forum.read(source)
    assert (thread.external_id, thread.subject, len(thread.messages)) == (target, "First", 2)
    with pytest.raises(GoneError):
        desk.forum("dave").read(source)


def test_threads_that_were_merged_in_a_circle_come_to_an_end(desk: Desk, forum: NodeBB) -> None:
    one, two = desk.thread(), desk.thread()
    desk.store.threads[int(one)].merged_into, desk.store.threads[int(two)].merged_into = int(two), int(one)
    assert forum.read(one).state is ThreadState.deleted


def test_an_accepted_answer_is_told_and_comes_once(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    for number in range(3):
        desk.reply(thread_id, f"Reply {number}.")
    answer = desk.reply(thread_id, "This helps.", author="ada")
    desk.store.change(int(thread_id), state="resolved", answer_id=int(answer))
    thread = forum.read(thread_id)
    assert (thread.state, thread.answer_number) == (ThreadState.resolved, 5)
    assert [message.number for message in thread.messages] == [1, 2, 3, 4, 5]


def test_sides_come_from_groups_and_settings(desk: Desk) -> None:
    desk.double.moderators = {"ada"}
    thread_id = desk.thread()
    for author in ("ada", "ben", "carla", "dave"):
        desk.reply(thread_id, "Hello.", author=author)
    roles = {message.author.username: message.author.role for message in desk.forum("dave").read(thread_id).messages}
    assert roles == {"mei": Role.customer, "ada": Role.staff, "ben": Role.staff, "carla": Role.staff, "dave": Role.customer}


@pytest.mark.parametrize(("verified", "reader", "expected"), [(True, "ada", True), (False, "ada", False), (True, "dave", False)])
def test_only_an_address_that_was_confirmed_and_is_shown_is_known(desk: Desk, verified: bool, reader: str, expected: bool) -> None:
    desk.store.people["mei"].email_verified = verified
    thread_id = desk.thread()
    thread = desk.forum(reader).read(thread_id)
    assert thread.customer.verified_email == ("mei@customers.example" if expected else None)
    assert thread.messages[0].author == thread.customer


def test_what_is_private_to_our_account_is_not_passed_on(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread()
    thread, page = forum.read(thread_id), forum.changed_since(None)
    for secret in (FEED_TOKEN, "support@northwind.example", desk.double.token("ada")):
        assert secret not in repr(thread) + repr(page)


def test_posts_and_people_of_other_servers_are_read(desk: Desk, forum: NodeBB, patched: Patch) -> None:
    """ActivityPub: their ids are addresses, and a remote thread's id is a UUID."""
    thread_id = desk.thread()
    desk.reply(thread_id, "From afar.", author="dave")

    def federated(post: dict[str, Any]) -> dict[str, Any]:
        if post["user"]["username"] != "dave":
            return post
        uid = "https://social.example/users/dave"
        return {**post, "pid": "https://social.example/notes/1", "uid": uid, "user": {**post["user"], "uid": uid}}

    patched("shown_post", federated)
    message = forum.read(thread_id).messages[-1]
    assert (message.external_id, message.author.external_id) == ("https://social.example/notes/1", "https://social.example/users/dave")
    assert message.author.role is Role.customer


def test_people_without_an_account_are_told_apart_by_name(desk: Desk, forum: NodeBB, patched: Patch) -> None:
    thread_id = desk.thread()
    desk.reply(thread_id, "Me too.", author="dave")
    names = {"mei": "[[global:former-user]]", "dave": "[[global:guest]]"}

    def nobody(post: dict[str, Any]) -> dict[str, Any]:
        name = names[post["user"]["username"]]
        return {**post, "uid": 0, "user": {**post["user"], "uid": 0, "username": name, "displayname": name}}

    patched("shown_post", nobody)
    first, second = forum.read(thread_id).messages
    assert (first.author.username, first.author.external_id) == ("deleted", "guest:deleted")
    assert (second.author.username, second.author.external_id) == ("guest", "guest:guest")


def test_a_thread_that_is_to_appear_later_does_not_exist_yet(desk: Desk, forum: NodeBB, patched: Patch) -> None:
    thread_id = desk.thread()
    patched("topic", lambda topic: {**topic, "scheduled": True})
    assert forum.changed_since(None).stubs == ()
    with pytest.raises(GoneError):
        forum.read(thread_id)


@pytest.mark.parametrize("value", [None, "soon", -5, 10**18])
def test_a_time_that_is_none_is_an_error_of_the_vendor(desk: Desk, forum: NodeBB, patched: Patch, value: object) -> None:
    thread_id = desk.thread()
    patched("topic", lambda topic: {**topic, "timestamp": value})
    with pytest.raises(VendorBrokenError, match="timestamp"):
        forum.read(thread_id)


def test_posts_that_vanish_while_we_read_do_not_hide_others(desk: Desk, forum: NodeBB, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = desk.thread()
    replies = [desk.reply(thread_id, f"Reply {number}.") for number in range(44)]
    reading = desk.double.store.lock
    asked: list[int] = []

    from powerup.sandbox.nodebb import topic_json

    before = topic_json.posts_of

    def purge(double: Any, thread: Any) -> Any:
        with reading:
            asked.append(1)
            if len(asked) == 4:
                desk.store.threads[int(thread_id)].post_ids.remove(int(replies[3]))
            return before(double, thread)

    monkeypatch.setattr(topic_json, "posts_of", purge)
    found = [message.external_id for message in forum.read(thread_id).messages]
    assert found[1:] == [one for one in replies if one != replies[3]]


# ---- categories


def test_only_the_categories_that_were_entered_are_tickets(desk: Desk) -> None:
    blog, question = desk.thread("A blog", category="Blogs"), desk.thread("A question")
    forum = desk.forum(categories="2")
    assert [stub.external_id for stub in forum.changed_since(None).stubs] == [question]
    assert [stub.external_id for stub in forum.search("a", limit=9)] == [question]
    assert forum.read(question).subject == "A question"
    with pytest.raises(GoneError, match="category"):
        forum.read(blog)
    addressed = desk.forum(categories=f"{desk.double.url}/category/3/blogs")
    assert [stub.external_id for stub in addressed.changed_since(None).stubs] == [blog]


def test_a_private_categorys_subjects_stay_out_of_addresses(desk: Desk, forum: NodeBB) -> None:
    thread_id = desk.thread("Our licence key leaked", private=True)
    thread, stub = forum.read(thread_id), forum.changed_since(None).stubs[0]
    assert thread.private
    assert thread.url == stub.url == f"{desk.double.url}/topic/{thread_id}"
    assert forum.thread_id_of(thread.url) == thread_id
    assert not desk.forum(private_categories="").read(thread_id).private
    assert PRIVATE_CID


# ---- files


def test_an_upload_is_fetched_unless_the_site_keeps_uploads_to_its_own_pages(desk: Desk, forum: NodeBB) -> None:
    log = desk.store.add_file("deploy log.txt", "text/plain", b"it failed")
    thread_id = desk.thread()
    desk.reply(thread_id, "The log.", file_ids=[log.id])
    (attachment,) = forum.read(thread_id).messages[-1].attachments
    assert (attachment.name, attachment.shown_as) == ("deploy log.txt", None)
    assert forum.file(attachment.reference).content == b"it failed"
    desk.double.options.private_uploads = True
    with pytest.raises(NotPermittedError, match="Make uploaded files private"):
        forum.file(attachment.reference)


@pytest.mark.parametrize(
    "reference",
    [
        "/api/self",
        "/assets/uploads/files/../../../api/self",
        "//evil.example/assets/uploads/files/x",
        "https://evil.example/x",
        "",
        "x" * 2000,
    ],
)
def test_no_reference_leads_anywhere_else(desk: Desk, forum: NodeBB, reference: str) -> None:
    desk.double.faults.requests.clear()
    with pytest.raises(GoneError):
        forum.file(reference)
    assert desk.double.faults.requests.count() == 0
