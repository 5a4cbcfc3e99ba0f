"""Webhooks as Zendesk sends them for ticket events.

Sources: https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request, …/webhooks/verifying/ and
…/api-reference/webhooks/event-types/ticket-events/ (here every number is text, and a status is in capitals).
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post
from powerup.sandbox.desk.store import Event
from powerup.sandbox.zendesk.shapes import second

_TYPES = {
    Event.thread_opened: "created",
    Event.post_added: "comment_added",
    Event.thread_changed: "status_changed",
    Event.thread_deleted: "soft_deleted",
    Event.thread_merged: "merged",
}
_DETAIL = (
    "assignee_id",
    "brand_id",
    "created_at",
    "description",
    "external_id",
    "group_id",
    "id",
    "is_public",
    "organization_id",
    "priority",
)
_MORE_DETAIL = ("requester_id", "status", "subject", "submitter_id", "tags", "type", "updated_at")
WEBHOOK_ID = "01F1KRFQ6BG29CNWFR60NK5FNY"


def message(event: Event, ticket: dict[str, Any], post: Post | None, secret: str, now: datetime) -> Message | None:
    """The webhook for an event, or None: Zendesk has none for it."""
    if event not in _TYPES:
        return None
    detail = {name: _text(ticket[name]) for name in (*_DETAIL, *_MORE_DETAIL)}
    said = {"comment": {"id": str(post.id), "body": post.text, "is_public": not post.internal}} if post else {}
    data = {
        "type": f"zen:event-type:ticket.{_TYPES[event]}",
        "account_id": 22129848,
        "id": str(uuid4()),
        "time": second(now),
        "zendesk_event_version": "2022-11-06",
        "subject": f"zen:ticket:{ticket['id']}",
        "detail": {**detail, "status": str(ticket["status"]).upper(), "via": {"channel": "web_service"}},
        "event": said,
    }
    body = json.dumps(data).encode()
    return Message({**signed(secret, second(now), body), "X-Zendesk-Webhook-Invocation-Id": uuid4().hex[:10]}, body)


def signed(secret: str, stamp: str, body: bytes) -> dict[str, str]:
    """The headers of a body sent at this time."""
    signature = base64.b64encode(hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()).decode()
    return {
        "X-Zendesk-Account-Id": "22129848",
        "X-Zendesk-Webhook-Id": WEBHOOK_ID,
        "X-Zendesk-Webhook-Signature": signature,
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
