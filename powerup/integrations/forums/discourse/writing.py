"""Replies and internal notes: each can be sent twice and is written once.

Source: `PostsController#create` (the answer is the post, or `action: enqueued` without an id; the same fields from the same API user
within 120 s give the memoized first answer).
"""

from collections.abc import Iterator
from typing import Any

from powerup.integrations.errors import IntegrationError, NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, Posted, batches
from powerup.integrations.forums.discourse.abilities import can_whisper
from powerup.integrations.forums.discourse.reading import posts_by_id, thread_number, topic_json
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.forums.discourse.urls import message_url
from powerup.integrations.http import each, maybe, need

Json = dict[str, Any]

_REGULAR, _MODERATOR, _WHISPER = 1, 2, 4
_TAIL = 60
"""Posts at a thread's end that are searched for our marker; an answer is lost minutes ago, not hundreds of posts."""
_CHUNK = 20


def post(site: Site, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft with its marker as an invisible comment at its end.

    Discourse cannot be told "only if nobody else wrote": a message that arrives between our look and our writing is not noticed.
    """
    number = thread_number(thread_id)
    if look_first or draft.after:
        topic = _with_end(site, thread_id)
        if look_first and (found := _find(site, thread_id, topic, draft.marker)):
            return found
        if draft.after:
            _refuse_when_overtaken(site, thread_id, topic, draft.after)
    if draft.internal and not can_whisper(site):
        # Discourse without whispers ignores the flag and would publish the note.
        raise NotPermittedError("Internal notes are switched off on this Discourse, or not for our username.", permanent=True)
    fields: Json = {"topic_id": number, "raw": f"{draft.text.rstrip()}\n\n<!-- {draft.marker} -->"}
    if draft.internal:
        fields["whisper"] = True
    try:
        data = site.send("POST", "/posts.json", fields)
    except RejectedError:
        # "Too similar to what you recently posted" is how a lost answer may look the second time, in any language.
        if found := find(site, thread_id, draft.marker):
            return found
        raise
    if maybe(data, "action", str, vendor=VENDOR) == "enqueued":
        pending = maybe(data, "pending_post.id", int, vendor=VENDOR)
        return Posted(f"pending:{pending or draft.marker}", f"{site.base_url}/t/{thread_id}", awaiting_approval=True)
    written = need(data, "", dict, vendor=VENDOR)
    _ensure_internal(site, written, draft)
    return _posted(site, thread_id, written)


def find(site: Site, thread_id: str, marker: str) -> Posted | None:
    """Our message with the marker among the last ones of the thread; the raw text is given to staff and to its own author."""
    return _find(site, thread_id, _with_end(site, thread_id), marker)


def _find(site: Site, thread_id: str, topic: Json, marker: str) -> Posted | None:
    for item in _backwards(site, thread_id, topic, _stream(topic)[-_TAIL:]):
        if _is_ours(site, item) and marker in (maybe(item, "raw", str, vendor=VENDOR) or "") and not item.get("deleted_at"):
            return _posted(site, thread_id, item, found_again=True)
    return None


def _refuse_when_overtaken(site: Site, thread_id: str, topic: Json, after: str) -> None:
    stream = _stream(topic)
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    # The message that was seen may be deleted since: ids grow with time, but for posts that were moved here.
    newer = stream[stream.index(known) + 1 :] if known in stream else [number for number in stream if number > known]
    for item in _backwards(site, thread_id, topic, newer):
        is_public = maybe(item, "post_type", int, vendor=VENDOR) in (_REGULAR, _MODERATOR) and not item.get("action_code")
        if is_public and not _is_ours(site, item) and not any(item.get(name) for name in ("deleted_at", "user_deleted", "hidden")):
            why = "Somebody else has written in this thread on Discourse since: read it before you answer."
            raise OvertakenError(why, permanent=True, sent=False)


def _with_end(site: Site, thread_id: str) -> Json:
    """The topic with raw texts. A very large one has no stream of ids (`TopicView#is_mega_topic?`): its last 20 posts take its place."""
    topic = topic_json(site, thread_id, {"include_raw": "1"})
    if maybe(topic, "post_stream.stream", list, vendor=VENDOR) is not None:
        return topic
    beyond = need(topic, "highest_post_number", int, vendor=VENDOR) + 1
    # Without `asc` these are the posts before that number, the last one first.
    data = site.get(f"/t/{segment(thread_id)}/posts.json", {"post_number": beyond, "include_raw": "1"})
    posts = each(data, "post_stream.posts", vendor=VENDOR)
    posts.sort(key=lambda item: need(item, "post_number", int, vendor=VENDOR))
    return {**topic, "post_stream": {"posts": posts, "stream": [need(item, "id", int, vendor=VENDOR) for item in posts]}}


def _stream(topic: Json) -> list[int]:
    """Ids of the posts in order."""
    return [number for number in need(topic, "post_stream.stream", list, vendor=VENDOR) if isinstance(number, int)]


def _backwards(site: Site, thread_id: str, topic: Json, ids: list[int]) -> Iterator[Json]:
    """These posts with their raw text, the newest first; fetched as far as they are asked for."""
    at_hand = {need(item, "id", int, vendor=VENDOR): item for item in each(topic, "post_stream.posts", vendor=VENDOR)}
    for chunk in batches([str(number) for number in reversed(ids)], _CHUNK):
        absent = [number for number in chunk if int(number) not in at_hand]
        fetched = posts_by_id(site, thread_id, absent, [("include_raw", "1")]) if absent else []
        posts = at_hand | {need(item, "id", int, vendor=VENDOR): item for item in fetched}
        yield from (posts[int(number)] for number in chunk if int(number) in posts)


def _is_ours(site: Site, item: Json) -> bool:
    return (maybe(item, "username", str, vendor=VENDOR) or "").lower() == site.username.lower()


def _ensure_internal(site: Site, written: Json, draft: Draft) -> None:
    """A note that came out public is taken back at once: it was not written for customers."""
    if not draft.internal or written.get("post_type") == _WHISPER:
        return
    number = need(written, "id", int, vendor=VENDOR)
    why = "Discourse published an internal note instead of hiding it; it was deleted again. Switch whispers on for our username."
    try:
        site.send("DELETE", f"/posts/{number}.json", {})
    except IntegrationError:
        why = "Discourse published an internal note instead of hiding it, and we may not delete it: delete it on the forum now."
    raise NotPermittedError(why, permanent=True)


def _posted(site: Site, thread_id: str, item: Json, *, found_again: bool = False) -> Posted:
    number, slug = need(item, "post_number", int, vendor=VENDOR), maybe(item, "topic_slug", str, vendor=VENDOR) or ""
    url = message_url(site.base_url, thread_id, slug, number)
    return Posted(str(need(item, "id", int, vendor=VENDOR)), url, found_again=found_again)
