"""Webhooks, verified and read as hints.

Source: `Jobs::EmitWebHookEvent`: `X-Discourse-Event-Signature: sha256=` + hex HMAC-SHA256 of the raw body, sent when a secret is set;
`X-Discourse-Event-Id` numbers the event, `-Type` says which member of the body is the subject. The body is JSON whatever the
Content-Type says. Names of events are not whitelisted: closing arrives as `topic_closed_status_updated`, which no list mentions.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError


def read_hook(secret: str, headers: Mapping[str, str], body: bytes) -> Hook:
    """Verify first, look afterwards; raises HookRefusedError or HookUnreadableError."""
    kind = headers.get("x-discourse-event-type", "")
    if not kind:
        raise HookUnreadableError("not a webhook of Discourse: no X-Discourse-Event-Type")
    if not secret:
        raise HookRefusedError("no webhook secret is set for this forum")
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = headers.get("x-discourse-event-signature", "")
    if not hmac.compare_digest(expected.encode(), given.strip().encode()):
        raise HookRefusedError("the signature is missing or wrong")
    data = _object(body)
    event_id = headers.get("x-discourse-event-id", "").strip() or hashlib.sha256(body).hexdigest()[:32]
    event_id = f"{headers.get('x-discourse-event', kind)}:{event_id}"[:128]
    if kind == "ping" or data.get("ping"):
        return Hook(event_id, HookKind.ping)
    thread_id = _thread_id(kind, data.get(kind))
    return Hook(event_id, HookKind.thread, thread_id) if thread_id else Hook(event_id, HookKind.ignored)


def _thread_id(kind: str, subject: object) -> str | None:
    """A topic names itself by `id`; posts, solutions (a post), assignments and likes (holding a post) name their topic."""
    if not isinstance(subject, Mapping):
        return None
    inner = subject.get("post") if kind == "like" else None
    number: Any = subject.get("id") if kind == "topic" else subject.get("topic_id")
    if number is None and isinstance(inner, Mapping):
        return None  # a like changes nothing that we show
    wanted = kind in ("topic", "post", "solved", "assign")
    return str(number) if wanted and isinstance(number, int) and not isinstance(number, bool) and number > 0 else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise HookUnreadableError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise HookUnreadableError("the body is not a JSON object")
    return data
