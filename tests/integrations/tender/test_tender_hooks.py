"""Webhooks of Tender: unsigned, nameless, and read as hints."""

import json
from typing import Any

import pytest

from powerup.integrations.forums.base import HookKind, HookUnreadableError
from powerup.integrations.forums.tender import Tender
from powerup.sandbox.desk.store import Event
from tests.contract.forum.tender import TenderCase


def body_of(case: TenderCase, thread_id: str) -> dict[str, Any]:
    return dict(json.loads(case.hook(thread_id, "")[1]))


def test_a_comment_is_a_hint_to_read_its_discussion(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.reply(thread_id, "More.")
    before = case.requests()
    hook = forum.hook({}, case.hook(thread_id, "")[1])
    assert (hook.kind, hook.thread_id, hook.event_id) == (HookKind.thread, thread_id, "15805011#2")
    assert case.requests() == before
    assert forum.read(hook.thread_id or "").messages[-1].number == 2


def test_the_same_comment_is_one_event_and_the_next_another(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    first = body_of(case, thread_id)
    again = {**first, "user_agent": "another delivery"}
    assert forum.hook({}, json.dumps(first).encode()).event_id == forum.hook({}, json.dumps(again).encode()).event_id
    case.reply(thread_id, "More.")
    assert forum.hook({}, json.dumps(body_of(case, thread_id)).encode()).event_id != forum.hook({}, json.dumps(first).encode()).event_id


def test_bytes_that_are_no_text_do_no_harm(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    body = case.hook(thread_id, "")[1].replace(b"Text.", b"Caf\xe9")
    assert forum.hook({}, body).thread_id == thread_id


def test_a_new_user_is_of_no_interest(case: TenderCase, forum: Tender) -> None:
    person = case.store.person("mei")
    assert person is not None
    assert forum.hook({}, json.dumps(case.double.shapes.user(person)).encode()).kind is HookKind.ignored


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b'{"discussion": 1}', b'{"discussion": {}}', b"\xff", b"[" * 100_000, b'{"a": 1}']
)
def test_what_is_no_message_of_tender_is_refused(forum: Tender, body: bytes) -> None:
    with pytest.raises(HookUnreadableError):
        forum.hook({}, body)


@pytest.mark.parametrize(
    "href",
    [
        "https://api.tenderapp.com/other/discussions/15805011",
        "https://x.test/northwind/users/1",
        "15805011",
        "",
        "https://x.test/northwind/discussions/x",
    ],
)
def test_another_sites_message_is_refused(case: TenderCase, forum: Tender, href: str) -> None:
    body = body_of(case, case.thread("Question", "Text."))
    body["discussion"]["href"] = href
    with pytest.raises(HookUnreadableError):
        forum.hook({}, json.dumps(body).encode())


@pytest.mark.parametrize("number", [None, "2", True, 2**70])
def test_a_comment_without_a_number_is_refused(case: TenderCase, forum: Tender, number: object) -> None:
    body = {**body_of(case, case.thread("Question", "Text.")), "number": number}
    with pytest.raises(HookUnreadableError):
        forum.hook({}, json.dumps(body).encode())


def test_owners_and_states_send_nothing(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.assign(thread_id, person="Ben", team=None)
    thread = case.store.threads[int(thread_id)]
    line = case.store.posts_of(thread.id)[-1]
    assert line.system
    assert case.double.hook(Event.post_added, thread, line, "") is None
    assert case.double.hook(Event.thread_changed, thread, None, "") is None
