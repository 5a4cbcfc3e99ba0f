"""Webhooks: verified, fresh, and each invocation known again."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from powerup import clock
from powerup.integrations.forums.base import HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.zendesk.hooks import read_hook
from tests.integrations.zendesk.samples import EVENT, HEADERS, SECRET

AT = "2021-03-25T05:09:27Z"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(clock.parse(AT) + timedelta(seconds=20), tick=False):
        yield


def signed(body: bytes, *, secret: str = SECRET, at: str = AT) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()).decode()
    return {**HEADERS, "x-zendesk-webhook-signature": signature, "x-zendesk-webhook-signature-timestamp": at}


def of(data: Any) -> bytes:
    return json.dumps(data).encode()


def test_the_documented_event_names_its_ticket_and_its_invocation() -> None:
    hook = read_hook(SECRET, signed(of(EVENT)), of(EVENT))
    assert (hook.kind, hook.thread_id, hook.event_id) == (HookKind.thread, "5158", "zendesk:8350205582")


def test_the_documented_signature_is_ours() -> None:
    # Computed once with openssl: printf '%s%s' "2021-03-25T05:09:27Z" '{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64
    headers = {
        **HEADERS,
        "x-zendesk-webhook-signature": "cfusl9J3LiQ8f1lBL4XyKz9XF36PrBmDiX2DDJ7FACs=",
        "x-zendesk-webhook-signature-timestamp": AT,
    }
    assert read_hook("secret", headers, b'{"a":1}').kind is HookKind.ignored


@pytest.mark.parametrize("body", [{"ticket_id": "123"}, {"ticket_id": 123}, {"ticket": {"id": 123}}, {"ticket_id": " 123 "}], ids=str)
def test_what_a_trigger_sends_names_its_ticket(body: dict[str, Any]) -> None:
    assert read_hook(SECRET, signed(of(body)), of(body)).thread_id == "123"


@pytest.mark.parametrize(
    "body",
    [
        {**EVENT, "type": "zen:event-type:user.created", "subject": "zen:user:5158"},
        {**EVENT, "subject": "zen:ticket:../1", "detail": {"id": "1/../2"}},
        {"ticket_id": True},
        {"ticket_id": "12; DROP"},
        {"hello": "from the test button"},
    ],
    ids=["user", "odd", "bool", "text", "test"],
)
def test_what_names_no_ticket_is_of_no_interest(body: dict[str, Any]) -> None:
    assert read_hook(SECRET, signed(of(body)), of(body)).kind is HookKind.ignored


def test_an_empty_body_is_a_ping() -> None:
    assert read_hook(SECRET, signed(b""), b"").kind is HookKind.ping


@pytest.mark.parametrize("ago", [timedelta(minutes=5, seconds=1), timedelta(days=3), timedelta(minutes=-6)], ids=str)
def test_a_replay_is_refused_though_its_signature_is_right(ago: timedelta) -> None:
    at = clock.iso(clock.now() - ago)
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, signed(of(EVENT), at=at), of(EVENT))


def test_a_late_retry_is_taken() -> None:
    at = clock.iso(clock.now() - timedelta(minutes=4, seconds=59))
    assert read_hook(SECRET, signed(of(EVENT), at=at), of(EVENT)).thread_id == "5158"


@pytest.mark.parametrize("stamp", ["", "yesterday", "99999999999999999999"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, signed(of(EVENT), at=stamp), of(EVENT))


def test_the_time_is_signed_too() -> None:
    headers = {**signed(of(EVENT)), "x-zendesk-webhook-signature-timestamp": clock.iso(clock.now())}
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, headers, of(EVENT))


def test_the_secret_of_the_documentation_opens_nothing() -> None:
    public = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
    for ours in (SECRET, public, ""):
        with pytest.raises(HookRefusedError):
            read_hook(ours, signed(of(EVENT), secret=public), of(EVENT))


def test_no_signature_is_refused_and_no_zendesk_is_not_understood() -> None:
    with pytest.raises(HookRefusedError):
        read_hook(SECRET, HEADERS, of(EVENT))
    with pytest.raises(HookUnreadableError):
        read_hook(SECRET, {"content-type": "application/json"}, of(EVENT))


@pytest.mark.parametrize("body", [b"ticket=5", b"[1]", b"\xff", b'"x"'])
def test_a_signed_body_that_is_no_object_is_not_understood(body: bytes) -> None:
    with pytest.raises(HookUnreadableError):
        read_hook(SECRET, signed(body), body)
