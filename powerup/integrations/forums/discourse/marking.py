"""Owners, solutions, closing and tags: each can be set twice and is set once.

Sources: `DiscourseAssign::AssignController`, `DiscourseSolved::AnswerController`, `TopicsController#status` and `#update`.
"""

import re
from collections.abc import Sequence
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.discourse.reading import posts_by_id, tags_of, thread_number, topic_json
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.http import maybe, need

Json = dict[str, Any]

_NOT_IN_TAGS = re.compile(r"[/?#\[\]@!$&'()*+,;=.%\\`^|{}\"<>]+")
"""`DiscourseTagging::TAGS_FILTER_REGEXP`."""


def assign(site: Site, thread_id: str, *, person: str | None, team: str | None) -> None:
    """Discourse knows one owner: the person if there is one, else the group, else nobody."""
    topic = topic_json(site, thread_id)
    if _is_owned(topic, person, team):
        return
    target = {"target_id": thread_number(thread_id), "target_type": "Topic"}
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
    if message_id and message_id.isascii() and message_id.isdigit() and _accept(site, topic, int(message_id)):
        return
    if topic.get("closed") is not True:
        site.send("PUT", f"/t/{segment(thread_id)}/status.json", {"status": "closed", "enabled": "true"})


def tag(site: Site, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove tags. A tag that Discourse drops without a word (it may not be made, or not be used there) is RejectedError.

    `PUT /t/-/{id}.json` replaces all tags, and an empty list is no list to Rails: `[""]` clears them.
    """
    kept = tags_of(topic_json(site, thread_id))
    unwanted = {clean_tag(name) for name in remove} - {clean_tag(name) for name in add}
    tags = [name for name in kept if name.lower() not in unwanted]
    tags += [name for name in dict.fromkeys(clean_tag(name) for name in add) if name and not _is_among(name, tags)]
    if set(tags) == set(kept):
        return
    site.send("PUT", f"/t/-/{segment(thread_id)}.json", {"tags": tags or [""]})
    now = tags_of(topic_json(site, thread_id))
    if refused := [name for name in tags if not _is_among(name, now)]:
        why = f"Discourse did not take the tag “{'”, “'.join(refused)}”: it may not be made, or not be used in that category."
        raise RejectedError(why, permanent=True)
    if any(name.lower() in unwanted for name in now):
        raise RejectedError("Discourse did not let go of a tag: our username may not change tags there.", permanent=True)


def clean_tag(name: str) -> str:
    """The tag that Discourse makes of a name (`DiscourseTagging.clean_tag`, with its default `force_lowercase_tags`)."""
    return _NOT_IN_TAGS.sub("", re.sub(r"\s+", "-", name.strip().lower()))


def _is_among(name: str, tags: Sequence[str]) -> bool:
    """A long tag is cut to the site's `max_tag_length`, 20 unless changed."""
    return any(tag.lower() == name.lower() or (len(tag) >= 10 and name.lower().startswith(tag.lower())) for tag in tags)


def _accept(site: Site, topic: Json, post_id: int) -> bool:
    """Whether the message is the solution now; false where there are no solutions, or not for this thread or for us."""
    thread_id = str(need(topic, "id", int, vendor=VENDOR))
    post = next((item for item in posts_by_id(site, thread_id, [post_id], []) if item.get("id") == post_id), None)
    if post is None:
        # Another thread's message must not become that thread's solution.
        return False
    if post.get("accepted_answer") is True:
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
