"""Webhooks of nodebb-plugin-webhooks, verified and read as hints.

Recorded from nodebb-plugin-webhooks 2.0.3 (https://github.com/NodeBB/nodebb-plugin-webhooks): `{"hook": "action:topic.reply", "params":
{…}}` with `x-webhook-signature: sha1=` + hex HMAC-SHA1 of the raw body, where a secret is set. It is sent once, with no id and no time.

`params.caller` is the request that caused the event, WITH the Authorization header of whoever made it: somebody's token. Nothing of a
body leaves this module but the name of the event, one thread id, and a keyed hash by which a second delivery is recognised.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from powerup.integrations.forums.base import Hook, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.nodebb.site import maybe_ident
from powerup.integrations.forums.nodebb.urls import is_thread_id

SIGNATURE = "x-webhook-signature"
_NAME = re.compile(r"(?:action|filter|static):[A-Za-z0-9._-]{1,80}")


def read_hook(secret: str, headers: Mapping[str, str], body: bytes) -> Hook:
    """Verify first, look afterwards; raises HookRefusedError or HookUnreadableError."""
    if not secret:
        raise HookRefusedError("no webhook secret is set for this forum")
    expected = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    given = headers.get(SIGNATURE, "").strip()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise HookRefusedError("the signature is missing or wrong")
    data = _object(body)
    name = data.get("hook")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise HookUnreadableError("not a webhook of NodeBB: it names no event")
    # Two events never have the same body: each holds the time at which the session of its request ends.
    print_of_body = hmac.new(secret.encode(), b"event:" + body, hashlib.sha256).hexdigest()[:32]
    event_id = f"{name.partition(':')[2]}:{print_of_body}"
    params = data.get("params")
    thread_id = _thread_id(params) if isinstance(params, Mapping) else None
    return Hook(event_id, HookKind.thread, thread_id) if thread_id else Hook(event_id, HookKind.ignored)


def _thread_id(params: Mapping[str, Any]) -> str | None:
    """The thread that an event is about. Unlocking arrives as `action:topic.lock`, so the name says little and is not asked.

    A merge names the threads that went in `otherTids`; one of them is read, and is then the thread that it was merged into.
    """
    for holder, field in (
        (_first(params.get("otherTids")), None),
        (params.get("topic"), "tid"),
        (params.get("post"), "tid"),
        (params, "tid"),
        (_first(params.get("topics")), "tid"),
        (_first(params.get("posts")), "tid"),
        (_first(params.get("tids")), None),
        (params.get("mergeIntoTid"), None),
    ):
        found = maybe_ident({"id": holder}, "id") if field is None else maybe_ident(holder, field)
        if found and is_thread_id(found):
            return found
    return None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        # `from None`: the text of a JSON error quotes nothing, yet its `doc` holds the whole body.
        raise HookUnreadableError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise HookUnreadableError("the body is not a JSON object")
    return data
