"""Webhooks: verified on the raw body, read as hints, and nothing of anybody's token comes out."""

import hashlib
import hmac
import json
import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.nodebb.hooks import read_hook
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.store import Event
from tests.integrations.nodebb.conftest import SECRET, Desk

TOKEN = "1d5e7a90-77aa-4c11-9c44-0123456789ab"
CALLER = {"uid": -1, "req": {"headers": {"authorization": f"Bearer {TOKEN}"}}}


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-webhook-signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}


def sent(data: object) -> Hook:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return read_hook(SECRET, signed(body), body)


@pytest.mark.parametrize(
    ("name", "params", "thread_id"),
    [
        ("topic.post", {"topic": {"tid": 26}, "post": {"pid": 95, "tid": 26}}, "26"),
        ("topic.reply", {"post": {"pid": 96, "tid": 26}}, "26"),
        ("topic.updateTags", {"tid": "26", "tags": ["bug"]}, "26"),
        ("topic.lock", {"topic": {"tid": 26, "events": [{"type": "unlock"}]}}, "26"),
        ("topic.merge", {"tids": ["2", "26"], "mergeIntoTid": "2", "otherTids": ["26"]}, "26"),
        ("topics.purge", {"topics": [{"tid": 26}]}, "26"),
        ("posts.purge", {"posts": [{"pid": 3, "tid": 26}]}, "26"),
        ("topic.toggleSolved", {"tid": 26, "pid": 96, "isSolved": True}, "26"),
        ("something.new", {"tid": "0b6a1de2-53fd-4a39-9a5f-2a8a5a1f3f10"}, "0b6a1de2-53fd-4a39-9a5f-2a8a5a1f3f10"),
        ("user.create", {"user": {"uid": 26}}, None),
        ("topic.reply", {"post": {"tid": "../26"}}, None),
        ("topic.reply", {"post": {"tid": True}}, None),
        ("topic.reply", {"post": None}, None),
        ("topic.reply", [], None),
    ],
)
def test_which_thread_an_event_is_about(name: str, params: object, thread_id: str | None) -> None:
    hook = sent({"hook": f"action:{name}", "params": params, "caller": CALLER})
    assert (hook.kind, hook.thread_id) == (HookKind.thread if thread_id else HookKind.ignored, thread_id)
    assert hook.event_id.startswith(f"{name}:")
    assert len(hook.event_id) <= 128


def test_nothing_of_anybodys_token_leaves(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    """A body holds the Authorization header of whoever caused the event: a member's, or a customer's."""
    caplog.set_level(logging.DEBUG)
    told = ""
    for data in (
        {"hook": "action:topic.reply", "params": {"post": {"tid": 26}, "caller": CALLER}, "caller": CALLER},
        {"hook": "action:topic.reply", "params": CALLER, "caller": CALLER},
        {"hook": 7, "params": CALLER},
        {"hook": f"action:{TOKEN} x", "params": {}},
        [CALLER],
    ):
        try:
            told += repr(sent(data))
        except HookUnreadableError as error:
            told += "".join(traceback.format_exception(error)) + repr(error.args) + repr(vars(error))
            assert error.__cause__ is None
    whole = json.dumps({"hook": "action:topic.reply", "params": {"caller": CALLER}}).encode()
    for body in (whole[:-4], whole):
        with pytest.raises((HookUnreadableError, HookRefusedError)) as caught:
            read_hook(SECRET, signed(body, SECRET if body != whole else "another"), body)
        told += repr(caught.value.args) + str(caught.value)
    told += caplog.text + "".join(capsys.readouterr())
    assert TOKEN not in told
    for part in (*TOKEN.split("-"), "Bearer", "authorization"):
        assert part not in told
    for digest in (hashlib.sha256(TOKEN.encode()), hashlib.sha1(TOKEN.encode())):  # noqa: S324
        assert digest.hexdigest()[:16] not in told


def test_events_are_told_apart_and_known_again() -> None:
    """There is no id; the whole body, with the caller's moment in it, is what tells two events from each other."""

    def event(expires: str) -> Hook:
        cookie = {"req": {"session": {"cookie": {"expires": expires}}}}
        return sent({"hook": "action:topic.updateTags", "params": {"tid": "26", "tags": ["bug"], "caller": cookie}})

    assert event("2026-12-07T09:48:51.158Z") == event("2026-12-07T09:48:51.158Z")
    assert event("2026-12-07T09:48:51.158Z").event_id != event("2026-12-07T09:48:51.159Z").event_id


@pytest.mark.parametrize("signature", [None, "", "sha1=", "sha1=00", "sha256=abc", "ünicode"])
def test_without_the_right_signature_nothing_is_looked_at(signature: str | None) -> None:
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, {} if signature is None else {"x-webhook-signature": signature}, b"not even JSON")


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(HookRefusedError):
        read_hook("", signed(b"{}", ""), b"{}")


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"\xff", b"[" * 100_000, b"{}", b'{"hook": "action:a b"}'])
def test_a_signed_body_that_names_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(HookUnreadableError):
        sent(body)


@given(st.binary(max_size=60), st.text(max_size=50))
def test_a_stranger_gets_a_no_whatever_is_sent(body: bytes, signature: str) -> None:
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, {"x-webhook-signature": signature}, body)


def test_the_doubles_own_webhooks_are_read(desk: Desk) -> None:
    told: list[Message] = []
    make = desk.double.hook

    def listen(event: Event, thread: object, post: object) -> None:
        if message := make(event, thread, post, SECRET):  # type: ignore[arg-type]
            told.append(message)

    desk.store.listeners.insert(0, listen)
    thread_id = desk.thread()
    desk.store.delete_post(int(desk.reply(thread_id, "More.")))
    desk.store.change(int(thread_id), state="closed")
    desk.store.change(int(thread_id), state="open")
    other = desk.thread()
    desk.store.merge(int(other), int(thread_id))
    forum = desk.forum()
    hooks = [forum.hook({name.lower(): value for name, value in one.headers.items()}, one.body) for one in told]
    assert [hook.thread_id for hook in hooks] == [thread_id] * 5 + [other, other, thread_id]
    assert len({hook.event_id for hook in hooks}) == len(hooks)
    assert all(desk.double.token("mei").encode() in one.body for one in told)
