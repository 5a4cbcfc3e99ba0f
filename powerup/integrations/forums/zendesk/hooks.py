"""Webhooks, verified and read as hints.

Sources: https://developer.zendesk.com/documentation/webhooks/verifying/ (`X-Zendesk-Webhook-Signature` is the base64 of HMAC-SHA256 of
timestamp and raw body; the secret is used as it is shown, not decoded; what "Test webhook" sends before a webhook exists is signed with a
secret that everybody knows), …/webhooks/anatomy-of-a-webhook-request (`X-Zendesk-Webhook-Invocation-Id` numbers an invocation, which may
be attempted more than once; a trigger's body is what its admin wrote) and …/api-reference/webhooks/event-types/ticket-events/
(`type: "zen:event-type:ticket.…"`, `subject: "zen:ticket:123"`, `detail.id`).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from powerup import clock
from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError

_PREFIX = "x-zendesk-webhook-"
_OLDEST = timedelta(minutes=5)
"""Zendesk names no limit; this one leaves time for its retries and none for replays."""
_PUBLIC_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - from the documentation; whoever uses it is refused
_SUBJECT = re.compile(r"zen:ticket:([1-9][0-9]{0,17})")
_ID = re.compile(r"[1-9][0-9]{0,17}")
_EVENT = "zen:event-type:"


def read_hook(secret: str, headers: Mapping[str, str], body: bytes) -> Hook:
    """Verify first, look afterwards; raises HookRefusedError or HookUnreadableError."""
    if not any(name.startswith(_PREFIX) for name in headers):
        raise HookUnreadableError("not a webhook of Zendesk: none of its headers")
    if not secret or secret == _PUBLIC_SECRET:
        raise HookRefusedError("no webhook secret is set for this forum")
    stamp = headers.get(f"{_PREFIX}signature-timestamp", "").strip()
    expected = base64.b64encode(hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest())
    given = headers.get(f"{_PREFIX}signature", "").strip()
    if not stamp or not hmac.compare_digest(expected, given.encode()):
        raise HookRefusedError("the signature is missing or wrong")
    _refuse_old(stamp)
    event_id = headers.get(f"{_PREFIX}invocation-id", "").strip() or hashlib.sha256(stamp.encode() + body).hexdigest()[:32]
    event_id = f"zendesk:{event_id}"[:128]
    if not body.strip():
        return Hook(event_id, HookKind.ping)
    thread_id = _thread_id(_object(body))
    return Hook(event_id, HookKind.thread, thread_id) if thread_id else Hook(event_id, HookKind.ignored)


def _refuse_old(stamp: str) -> None:
    try:
        age = clock.now() - clock.parse(stamp)
    except (ValueError, OverflowError):
        raise HookRefusedError("the signature's time is no time") from None
    if abs(age) > _OLDEST:
        raise HookRefusedError("the signature is too old, or from the future")


def _thread_id(data: Mapping[str, Any]) -> str | None:
    """An event names its ticket by `detail.id` and `subject`; a trigger's body by `ticket_id`, as our guide says, or `ticket.id`."""
    kind = data.get("type")
    if isinstance(kind, str) and kind.startswith(_EVENT):
        detail = data.get("detail")
        found = _SUBJECT.fullmatch(str(data.get("subject") or ""))
        given = found[1] if found else detail.get("id") if isinstance(detail, Mapping) else None
        return _number(given) if kind.startswith(f"{_EVENT}ticket.") else None
    ticket = data.get("ticket")
    return _number(data.get("ticket_id")) or _number(ticket.get("id") if isinstance(ticket, Mapping) else None)


def _number(given: object) -> str | None:
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    return text.strip() if _ID.fullmatch(text.strip()) else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise HookUnreadableError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise HookUnreadableError("the body is not a JSON object")
    return data
