"""Every forum adapter: a webhook is believed when it is signed, is a hint and no more, and coming twice it is known again."""

from dataclasses import replace

import pytest

from powerup.integrations.forums.base import Feature, Forum, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.registry import open_forum
from tests.contract.forum.case import HOOK_SECRET, Act, ForumCase
from tests.contract.forum.cases import for_kinds_that

REFUSED = (HookRefusedError, HookUnreadableError)


def test_acts_and_features_say_the_same_of_webhooks(case: ForumCase, forum: Forum) -> None:
    assert (Act.hook in case.cannot) is (Feature.webhook in forum.cannot)
    assert (Act.sign_hook in case.cannot) is (Feature.signed_webhook in forum.cannot)


@for_kinds_that(Act.hook)
def test_a_webhook_names_its_thread(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.reply(thread_id, "More.")
    before = case.requests()
    headers, body = case.hook(thread_id, HOOK_SECRET)
    hook = forum.hook(headers, body)
    assert (hook.kind, hook.thread_id) == (HookKind.thread, thread_id)
    assert 0 < len(hook.event_id) <= 128
    assert case.requests() == before, "a webhook is read without asking anybody"


@for_kinds_that(Act.hook)
def test_the_same_event_again_is_known_again_and_another_is_not(case: ForumCase, forum: Forum) -> None:
    thread_id, other = case.thread("Question", "Text."), case.thread("Another", "Text.")
    headers, body = case.hook(thread_id, HOOK_SECRET)
    first = forum.hook(headers, body)
    assert forum.hook(headers, body).event_id == first.event_id
    with case.open() as another_process:
        assert another_process.hook(headers, body).event_id == first.event_id
    case.reply(thread_id, "More.")
    ids = {first.event_id, forum.hook(*case.hook(thread_id, HOOK_SECRET)).event_id, forum.hook(*case.hook(other, HOOK_SECRET)).event_id}
    assert len(ids) == 3


@for_kinds_that(Act.hook, Act.sign_hook)
def test_a_webhook_signed_by_somebody_else_is_refused(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    for secret in ("another secret", HOOK_SECRET.upper(), ""):
        headers, body = case.hook(thread_id, secret)
        with pytest.raises(REFUSED):
            forum.hook(headers, body)


@for_kinds_that(Act.hook, Act.sign_hook)
def test_a_webhook_that_was_changed_on_its_way_is_refused(case: ForumCase, forum: Forum) -> None:
    headers, body = case.hook(case.thread("Question", "Text."), HOOK_SECRET)
    for changed in (body + b" ", body[:-1], body.replace(b"1", b"2", 1), b""):
        if changed != body:
            with pytest.raises(REFUSED):
                forum.hook(headers, changed)


@for_kinds_that(Act.hook, Act.sign_hook)
def test_a_webhook_without_its_signature_is_refused(case: ForumCase, forum: Forum) -> None:
    headers, body = case.hook(case.thread("Question", "Text."), HOOK_SECRET)
    signing = {name for name in headers if "signature" in name}
    assert signing, "the case does not say where this vendor's signature stands"
    with pytest.raises(HookRefusedError):
        forum.hook({name: value for name, value in headers.items() if name not in signing}, body)
    for nonsense in ("", "x", "sha256=", "sha256=" + "0" * 64, "ä", "0" * 10_000):
        with pytest.raises(HookRefusedError):
            forum.hook({**headers, **dict.fromkeys(signing, nonsense)}, body)


@for_kinds_that(Act.hook, Act.sign_hook)
def test_without_a_secret_of_ours_every_signed_webhook_is_refused(case: ForumCase) -> None:
    config = replace(case.config(case.credentials()), hook_secret="")
    thread_id = case.thread("Question", "Text.")
    with open_forum(case.kind, config, case.policy()) as forum:
        for secret in ("", HOOK_SECRET):
            with pytest.raises(REFUSED):
                forum.hook(*case.hook(thread_id, secret))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 2_000, b"a=1&b=2"], ids=lambda body: repr(body[:10]))
def test_what_comes_from_nowhere_is_refused_or_not_understood(forum: Forum, body: bytes) -> None:
    for headers in ({}, {"content-type": "application/json"}):
        with pytest.raises(REFUSED):
            forum.hook(headers, body)
