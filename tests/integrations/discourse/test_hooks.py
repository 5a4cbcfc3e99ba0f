"""Discourse's webhooks: verified on the raw body, read as hints."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.discourse.hooks import read_hook

SECRET = "a secret"


def sent(kind: str, body: object, *, event: str = "", event_id: str = "7") -> Hook:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"x-discourse-event-type": kind, "x-discourse-event-signature": signature, "x-discourse-event": event or f"{kind}_created"}
    return read_hook(SECRET, headers | ({"x-discourse-event-id": event_id} if event_id else {}), raw)


def test_discourses_own_test_vector_is_accepted() -> None:
    """From Discourse's spec of `EmitWebHookEvent`."""
    signature = "sha256=162f107f6b5022353274eb1a7197885cfd35744d8d08e5bcea025d309386b7d6"
    headers = {"x-discourse-event-type": "ping", "x-discourse-event-id": "1", "x-discourse-event-signature": signature}
    assert read_hook("my_lovely_secret_for_web_hook", headers, b'{"ping":"OK"}').kind is HookKind.ping


@pytest.mark.parametrize(
    ("kind", "body", "thread_id"),
    [
        ("topic", {"topic": {"id": 42}}, "42"),
        ("post", {"post": {"id": 7, "topic_id": 42}}, "42"),
        ("solved", {"solved": {"id": 7, "topic_id": 42}}, "42"),
        ("assign", {"assign": {"type": "assigned", "topic_id": 42}}, "42"),
        ("like", {"like": {"post": {"topic_id": 42}}}, None),
        ("user", {"user": {"id": 42}}, None),
        ("notification", {"notification": {"topic_id": 42}}, None),
        ("something_new", {"something_new": {"topic_id": 42}}, None),
        ("topic", {"topic": None}, None),
        ("topic", {"topic": {"id": "42; drop"}}, None),
        ("topic", {"topic": {"id": True}}, None),
        ("topic", {}, None),
    ],
)
def test_which_thread_an_event_is_about(kind: str, body: object, thread_id: str | None) -> None:
    hook = sent(kind, body)
    assert (hook.kind, hook.thread_id) == (HookKind.thread if thread_id else HookKind.ignored, thread_id)


@pytest.mark.parametrize("event", ["topic_destroyed", "topic_recovered", "topic_closed_status_updated", "topic_of_the_future"])
def test_names_of_events_are_not_whitelisted(event: str) -> None:
    assert sent("topic", {"topic": {"id": 42}}, event=event).thread_id == "42"


def test_events_are_told_apart() -> None:
    body = {"topic": {"id": 42}}
    assert sent("topic", body, event_id="7") == sent("topic", body, event_id="7")
    assert sent("topic", body, event_id="7").event_id != sent("topic", body, event_id="8").event_id
    assert sent("topic", body, event_id="").event_id != sent("topic", {"topic": {"id": 43}}, event_id="").event_id


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=00", "sha1=abc", "ünicode", "162f107f6b5022353274eb1a7197885c"])
def test_without_the_right_signature_nothing_is_looked_at(signature: str | None) -> None:
    headers = {"x-discourse-event-type": "topic"} | ({} if signature is None else {"x-discourse-event-signature": signature})
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, headers, b"not even JSON")


def test_without_a_secret_nothing_is_believed() -> None:
    signature = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    with pytest.raises(HookRefusedError):
        read_hook("", {"x-discourse-event-type": "topic", "x-discourse-event-signature": signature}, b"{}")


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"\xff", b"[" * 100_000])
def test_a_signed_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(HookUnreadableError):
        sent("topic", body)


def test_what_is_not_from_discourse_is_unreadable() -> None:
    with pytest.raises(HookUnreadableError):
        read_hook(SECRET, {"x-github-event": "push"}, b"{}")


NAMES = st.sampled_from(["x-discourse-event-type", "x-discourse-event-signature"])


@given(st.binary(max_size=60), st.dictionaries(NAMES, st.text(max_size=20)))
def test_a_stranger_gets_a_no_whatever_is_sent(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises((HookRefusedError, HookUnreadableError)):
        read_hook(SECRET, headers, body)
