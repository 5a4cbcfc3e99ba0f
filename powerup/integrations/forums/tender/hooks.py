"""Webhooks, read as hints.

Source: https://help.tenderapp.com/kb/api/webhooks: a comment's JSON with `user`, `category` and `discussion` added, or a user's when
somebody signs up. No signature, no name of the event, no id of the delivery: what makes it ours is the secret in its address, which
was checked before we are asked. So nothing in it is believed but which discussion to read again.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.forums.base import Hook, HookKind, HookUnreadableError
from powerup.integrations.forums.tender.site import VENDOR
from powerup.integrations.forums.tender.urls import last_segment
from powerup.integrations.http import need

Json = dict[str, Any]


def read_hook(site_name: str, body: bytes) -> Hook:
    """The discussion that may have changed; raises HookUnreadableError for what is no message of this Tender site."""
    data = _object(body)
    try:
        if "discussion" in data:
            return _comment(site_name, data)
        href, _ = need(data, "href", str, vendor=VENDOR), need(data, "email", str, vendor=VENDOR)
    except VendorBrokenError as error:
        raise HookUnreadableError(f"not a webhook of Tender: {error.detail}") from None
    return Hook(f"user:{_id(site_name, href, 'users')}"[:128], HookKind.ignored)


def _comment(site_name: str, data: Json) -> Hook:
    discussion = need(data, "discussion", dict, vendor=VENDOR)
    api_id = _id(site_name, need(discussion, "href", str, vendor=VENDOR), "discussions")
    number = need(data, "number", int, vendor=VENDOR)
    thread_id = str(need(discussion, "number", int, vendor=VENDOR))
    # "Created" and "created or replied to" may both be switched on: the same comment is one event.
    return Hook(f"{api_id}#{number}"[:128], HookKind.thread, thread_id)


def _id(site_name: str, href: str, kind: str) -> str:
    """The id in an address of this very site's API."""
    number = last_segment(href)
    path = urlsplit(href).path.lower() if number else ""
    if number is None or not path.startswith(f"/{site_name}/{kind}/"):
        raise HookUnreadableError("not a webhook of this Tender site")
    return number


def _object(body: bytes) -> Json:
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise HookUnreadableError("not JSON") from None
    if not isinstance(data, dict):
        raise HookUnreadableError("not a JSON object")
    return data
