"""Webhooks, verified and read as hints.

Sources: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries (`X-Hub-Signature-256: sha256=` + hex HMAC-SHA256
of the raw body; the older SHA-1 header beside it is not looked at); https://docs.github.com/en/webhooks/webhook-events-and-payloads
(`X-GitHub-Event`, `X-GitHub-Delivery`); of the two content types, a form holds the JSON in its field `payload` and is signed as it is
sent. An organisation's webhook tells of all its repositories.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.github.ids import DISCUSSION, ISSUE, Which
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import Repository

_SUBJECTS = {"issues": ISSUE, "issue_comment": ISSUE, "discussion": DISCUSSION, "discussion_comment": DISCUSSION}


def read_hook(repository: Repository, settings: Settings, secret: str, headers: Mapping[str, str], body: bytes) -> Hook:
    """Verify first, look afterwards; raises HookRefusedError or HookUnreadableError."""
    event = headers.get("x-github-event", "").strip()
    if not event:
        raise HookUnreadableError("not a webhook of GitHub: no X-GitHub-Event")
    if not secret:
        raise HookRefusedError("no webhook secret is set for this forum")
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get("x-hub-signature-256", "").strip().encode()):
        raise HookRefusedError("the signature is missing or wrong")
    data = _object(headers, body)
    delivery = headers.get("x-github-delivery", "").strip() or hashlib.sha256(body).hexdigest()[:32]
    event_id = f"{event}:{delivery}"[:128]
    if event == "ping":
        return Hook(event_id, HookKind.ping)
    thread_id = _thread_id(settings, event, data) if _is_ours(repository, data) else None
    return Hook(event_id, HookKind.thread, thread_id) if thread_id else Hook(event_id, HookKind.ignored)


def _thread_id(settings: Settings, event: str, data: Mapping[str, Any]) -> str | None:
    """The issue or discussion that an event names; labels as such, pull requests and lists that are no tickets are of no interest."""
    kind = _SUBJECTS.get(event)
    if kind is None or not (settings.issues if kind == ISSUE else settings.discussions):
        return None
    subject = data.get(kind)
    if not isinstance(subject, Mapping) or subject.get("pull_request") is not None:
        return None
    number = subject.get("number")
    wanted = isinstance(number, int) and not isinstance(number, bool) and number > 0
    return Which(kind, number).thread_id if wanted and isinstance(number, int) else None


def _is_ours(repository: Repository, data: Mapping[str, Any]) -> bool:
    found = data.get("repository")
    name = found.get("full_name") if isinstance(found, Mapping) else None
    return isinstance(name, str) and name.lower() == repository.full_name.lower()


def _object(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    is_form = headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    try:
        text = body.decode("utf-8")
        data = json.loads(parse_qs(text, strict_parsing=True)["payload"][0] if is_form else text)
    except (ValueError, KeyError, RecursionError):
        raise HookUnreadableError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise HookUnreadableError("the body is not a JSON object")
    return data
