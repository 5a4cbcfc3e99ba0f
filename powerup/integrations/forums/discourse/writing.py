"""Replies, internal notes, owners and solutions: each can be sent twice and happens once.

Sources: `PostsController#create` (the answer is the post, or `action: enqueued` without an id; the same fields from the same API user
within 120 s give the memoized first answer), `DiscourseAssign::AssignController`, `DiscourseSolved::AnswerController`,
`TopicsController#status`.
"""

from typing import Any

from powerup.integrations.errors import GoneError, IntegrationError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import Draft, Posted
from powerup.integrations.forums.discourse.abilities import can_whisper
from powerup.integrations.forums.discourse.reading import posts_by_id, topic_json
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.forums.discourse.urls import message_url
from powerup.integrations.http import each, maybe, need

Json = dict[str, Any]

_WHISPER = 4
_TAIL = 60
"""Posts at a thread's end that are searched for our marker; an answer is lost minutes ago, not hundreds of posts."""
_CHUNK = 20


def post(site: Site, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft with its marker as an invisible comment at its end."""
    if look_first and (found := find(site, thread_id, draft.marker)):
        return found
    if draft.internal and not can_whisper(site):
        # Discourse without whispers ignores the flag and would publish the note.
        raise NotPermittedError("Internal notes are switched off on this Discourse, or not for our username.", permanent=True)
    fields: Json = {"topic_id": _number(thread_id), "raw": f"{draft.text.rstrip()}\n\n<!-- {draft.marker} -->"}
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
        number = maybe(data, "pending_post.id", int, vendor=VENDOR)
        return Posted(f"pending:{number or draft.marker}", f"{site.base_url}/t/{thread_id}", awaiting_approval=True)
    written = need(data, "", dict, vendor=VENDOR)
    _ensure_internal(site, written, draft)
    return _posted(site, thread_id, written)


def find(site: Site, thread_id: str, marker: str) -> Posted | None:
    """The message with the marker among the last ones of the thread; the raw text is given to staff and to its own author."""
    topic = topic_json(site, thread_id, {"include_raw": "1"})
    stream = maybe(topic, "post_stream.stream", list, vendor=VENDOR) or []
    at_hand = {need(item, "id", int, vendor=VENDOR): item for item in each(topic, "post_stream.posts", vendor=VENDOR)}
    tail = [number for number in reversed(stream[-_TAIL:]) if isinstance(number, int)]
    for start in range(0, len(tail), _CHUNK):
        chunk = tail[start : start + _CHUNK]
        absent = [number for number in chunk if number not in at_hand]
        fetched = posts_by_id(site, thread_id, absent, [("include_raw", "1")]) if absent else []
        for item in [*fetched, *(at_hand[number] for number in chunk if number in at_hand)]:
            if marker in (maybe(item, "raw", str, vendor=VENDOR) or "") and not item.get("deleted_at"):
                return _posted(site, thread_id, item, found_again=True)
    return None


def assign(site: Site, thread_id: str, *, person: str | None, team: str | None) -> None:
    """Discourse knows one owner: the person if there is one, else the group, else nobody."""
    topic = topic_json(site, thread_id)
    if _is_owned(topic, person, team):
        return
    target = {"target_id": _number(thread_id), "target_type": "Topic"}
    try:
        if not person and not team:
            site.send("PUT", "/assign/unassign.json", target)
        else:
            site.send("PUT", "/assign/assign.json", {**target, **({"username": person} if person else {"group_name": team})})
    except GoneError:
        why = f"Discourse knows no “{person or team}” to assign this to, or has no assignments."
        raise RejectedError(why, permanent=True, http_status=404) from None
    except RejectedError:
        # `already_assigned` is a 400 with a text in the site's language: what counts is who owns it now.
        if not _is_owned(topic_json(site, thread_id), person, team):
            raise


def resolve(site: Site, thread_id: str, *, message_id: str | None) -> None:
    """Accept the message as the solution where the site has solutions and allows one here; otherwise close the thread."""
    topic = topic_json(site, thread_id)
    if message_id and message_id.isdigit() and _accept(site, topic, int(message_id)):
        return
    if topic.get("closed") is not True:
        site.send("PUT", f"/t/{segment(thread_id)}/status.json", {"status": "closed", "enabled": "true"})


def _accept(site: Site, topic: Json, post_id: int) -> bool:
    """Whether the message is the solution now; false where there are no solutions, or not for this thread or for us."""
    thread_id = str(need(topic, "id", int, vendor=VENDOR))
    posts = posts_by_id(site, thread_id, [post_id], [])
    if any(item.get("accepted_answer") is True for item in posts if item.get("id") == post_id):
        return True
    try:
        site.send("POST", "/solution/accept.json", {"id": post_id})
    except (GoneError, NotPermittedError):
        return False
    return True


def _is_owned(topic: Json, person: str | None, team: str | None) -> bool:
    user = maybe(topic, "assigned_to_user.username", str, vendor=VENDOR)
    group = maybe(topic, "assigned_to_group.name", str, vendor=VENDOR)
    wanted = (person, None) if person else (None, team)
    return tuple((name or "").lower() for name in (user, group)) == tuple((name or "").lower() for name in wanted)


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


def _number(thread_id: str) -> int:
    if not (thread_id.isascii() and thread_id.isdigit()):
        raise GoneError("No thread of Discourse has such an id.", permanent=True, sent=False)
    return int(thread_id)


def _posted(site: Site, thread_id: str, item: Json, *, found_again: bool = False) -> Posted:
    number, slug = need(item, "post_number", int, vendor=VENDOR), maybe(item, "topic_slug", str, vendor=VENDOR) or ""
    url = message_url(site.base_url, thread_id, slug, number)
    return Posted(str(need(item, "id", int, vendor=VENDOR)), url, found_again=found_again)
