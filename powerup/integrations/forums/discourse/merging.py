"""Threads that were merged into others, which Discourse tells only in a line for people.

Source: `PostMover` (app/models/post_mover.rb): moved posts keep their ids; the first post is copied and stays behind; a small action
`split_topic` (a whisper, when the way went into private messages) links to where they went, to the topic itself when the first post
was among them and else to the first moved post; a topic that was moved whole is closed, and deleted after
`delete_merged_stub_topics_after_days`. Splitting a thread leaves the same line, without closing it or taking its first post along.
"""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.forums.discourse.site import VENDOR
from powerup.integrations.forums.discourse.urls import absolute, thread_id_in
from powerup.integrations.http import maybe

Json = dict[str, Any]

_SMALL_ACTION = 3
_HREF = re.compile(r'href="([^"]+)"')


def merged_into(base_url: str, topic: Json, posts: Sequence[Json]) -> str | None:
    """The thread into which all of this one went, or None."""
    if topic.get("closed") is not True and not topic.get("deleted_at"):
        return None
    if any(_is_said(post) and maybe(post, "post_number", int, vendor=VENDOR) != 1 for post in posts):
        return None
    lines = [post for post in posts if maybe(post, "action_code", str, vendor=VENDOR) == "split_topic"]
    found = _HREF.search(maybe(lines[-1], "cooked", str, vendor=VENDOR) or "") if lines else None
    if found is None:
        return None
    url = absolute(base_url, unescape(found[1]))
    target = thread_id_in(base_url, url)
    # "/t/slug/17" is a topic, "/t/slug/17/3" a message of it: then the first post stayed here, and this thread lives.
    return target if target and urlsplit(url).path.rstrip("/").endswith(f"/{target}") and not re.search(r"/[0-9]+/[0-9]+/?$", url) else None


def _is_said(post: Json) -> bool:
    """Whether somebody said something there that is still to be read."""
    gone = any(post.get(name) for name in ("deleted_at", "user_deleted"))
    return not gone and not post.get("action_code") and maybe(post, "post_type", int, vendor=VENDOR) != _SMALL_ACTION
