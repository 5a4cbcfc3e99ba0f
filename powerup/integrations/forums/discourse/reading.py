"""A whole thread: topic JSON and every post of its stream, in Closeloop's words.

`GET /t/{id}.json` has the first 20 posts and in `post_stream.stream` the ids of all visible ones; the rest comes from
`GET /t/{id}/posts.json?post_ids[]=…` (https://docs.discourse.org/#tag/Topics). A very large topic has no stream
(`TopicView#is_mega_topic?`): it is read by post number.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Message, Role, Thread, ThreadState, ThreadStub, Visibility, batches
from powerup.integrations.forums.discourse.markup import portable
from powerup.integrations.forums.discourse.merging import merged_into
from powerup.integrations.forums.discourse.people import People
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.forums.discourse.uploads import attachments_in
from powerup.integrations.forums.discourse.urls import thread_url
from powerup.integrations.http import each, maybe, maybe_moment, moment, need

Json = dict[str, Any]

_CHUNK = 100
"""`TopicView#filter_posts_by_ids` takes any number of ids; the line of a request should stay below 4 kB."""
_MOST_MERGES = 5
"""A thread that was merged into one that was merged …"""
_SMALL_ACTION, _WHISPER = 3, 4
_ACTIONS = {
    "closed.enabled": "closed this thread",
    "closed.disabled": "reopened this thread",
    "autoclosed.enabled": "This thread was closed automatically",
    "autoclosed.disabled": "This thread was reopened automatically",
    "archived.enabled": "archived this thread",
    "archived.disabled": "took this thread out of the archive",
    "visible.enabled": "listed this thread",
    "visible.disabled": "hid this thread from lists",
    "assigned": "assigned this to",
    "reassigned": "assigned this anew to",
    "assigned_group": "assigned this to",
    "reassigned_group": "assigned this anew to",
    "unassigned": "took this away from",
    "unassigned_group": "took this away from",
    "invited_user": "invited",
    "invited_group": "invited",
    "removed_user": "removed",
    "removed_group": "removed",
    "split_topic": "moved messages",
}


def topic_json(site: Site, thread_id: str, params: Json | None = None) -> Json:
    """The topic as Discourse gives it; raises GoneError when it is deleted, hidden from us, or was never there."""
    try:
        return need(site.get(f"/t/{thread_number(thread_id)}.json", params), "", dict, vendor=VENDOR)
    except NotPermittedError as error:
        raise GoneError(error.detail, permanent=True, http_status=error.http_status) from None


def thread_number(thread_id: str) -> int:
    """The topic's id; raises GoneError, before anything is sent, for what can be none."""
    if not (thread_id.isascii() and thread_id.isdigit() and len(thread_id) < 19):
        raise GoneError("No thread of Discourse has such an id.", permanent=True, sent=False)
    return int(thread_id)


def stub_of(site: Site, topic: Json) -> ThreadStub:
    """A topic, or one item of a listing, as a stub. `last_posted_at` and `bumped_at` may be null (a category's own topic)."""
    thread_id, created = str(need(topic, "id", int, vendor=VENDOR)), moment(topic, "created_at", vendor=VENDOR)
    changed = [maybe_moment(topic, name, vendor=VENDOR) for name in ("bumped_at", "last_posted_at")]
    # A slug is the subject again, and the address stands on cards and in channels, where a private thread's subject must not.
    slug = "" if _is_private(topic) else maybe(topic, "slug", str, vendor=VENDOR) or ""
    return ThreadStub(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id, slug),
        subject=need(topic, "title", str, vendor=VENDOR),
        created_at=created,
        changed_at=max([created, *(time for time in changed if time)]),
        message_count=need(topic, "posts_count", int, vendor=VENDOR),
    )


def read(site: Site, people: People, thread_id: str, *, inboxes: Sequence[str] = ()) -> Thread:
    """The thread with every message that we may see, in order.

    A private message to none of `inboxes` is GoneError: a moderator's key opens everybody's mail, and a card must not. What was
    merged is read as the thread that it went into; where that one is not for us, as what is left of it.
    """
    topic, posts = _whole(site, thread_id, inboxes)
    passed = {thread_id}
    while (target := merged_into(site.base_url, topic, posts)) and target not in passed and len(passed) <= _MOST_MERGES:
        passed.add(target)
        try:
            topic, posts = _whole(site, target, inboxes)
        except GoneError:
            break
    opener = maybe(topic, "details.created_by", dict, vendor=VENDOR) or (posts[0] if posts else {})
    customer_id = people.author(opener, customer_id=None).external_id
    messages = tuple(_message(site, people, post, customer_id) for post in posts)
    stub = stub_of(site, topic)
    first = next((message.author for message in messages if message.author.external_id == customer_id), None)
    return Thread(
        external_id=stub.external_id,
        url=stub.url,
        subject=stub.subject,
        state=state_of(topic),
        customer=first or people.author(opener, customer_id=customer_id),
        created_at=stub.created_at,
        changed_at=max([stub.changed_at, *(_touched(message) for message in messages)]),
        messages=messages,
        assigned_person=maybe(topic, "assigned_to_user.username", str, vendor=VENDOR),
        assigned_team=maybe(topic, "assigned_to_group.name", str, vendor=VENDOR),
        answer_number=_answer_number(topic),
        tags=tags_of(topic),
        private=_is_private(topic),
        opened_by_staff=bool(posts) and people.author(posts[0], customer_id=None).role is Role.staff,
    )


def _whole(site: Site, thread_id: str, inboxes: Sequence[str]) -> tuple[Json, list[Json]]:
    """The topic and all its posts."""
    topic = topic_json(site, thread_id)
    _refuse_foreign_mail(topic, inboxes)
    return topic, all_posts(site, thread_id, topic)


def _is_private(topic: Json) -> bool:
    return maybe(topic, "archetype", str, vendor=VENDOR) == "private_message"


def _refuse_foreign_mail(topic: Json, inboxes: Sequence[str]) -> None:
    if not _is_private(topic):
        return
    allowed = maybe(topic, "details.allowed_groups", list, vendor=VENDOR) or []
    groups = {need(group, "name", str, vendor=VENDOR).lower() for group in allowed}
    if groups.isdisjoint(name.lower() for name in inboxes):
        why = "This is a private message, and not to one of the group inboxes that are tickets here (the forum's settings name them)."
        raise GoneError(why, permanent=True)


def all_posts(site: Site, thread_id: str, topic: Json, params: list[tuple[str, str]] | None = None) -> list[Json]:
    """Every visible post, by number: those in the topic's own answer, then the rest in chunks."""
    posts = {need(post, "id", int, vendor=VENDOR): post for post in each(topic, "post_stream.posts", vendor=VENDOR)}
    stream = maybe(topic, "post_stream.stream", list, vendor=VENDOR)
    if stream is None:
        _follow_numbers(site, thread_id, posts)
    missing = [str(number) for number in stream or () if isinstance(number, int) and number not in posts]
    for chunk in batches(missing, _CHUNK):
        for post in posts_by_id(site, thread_id, chunk, params or []):
            posts[need(post, "id", int, vendor=VENDOR)] = post
    return sorted(posts.values(), key=lambda post: need(post, "post_number", int, vendor=VENDOR))


def posts_by_id(site: Site, thread_id: str, ids: Any, params: list[tuple[str, str]]) -> list[Json]:
    """Some posts of a thread; those deleted meanwhile are not among them."""
    query = [("post_ids[]", str(number)) for number in ids] + params
    return each(site.get(f"/t/{segment(thread_id)}/posts.json", query), "post_stream.posts", vendor=VENDOR)


def state_of(topic: Json) -> ThreadState:
    """Deleted, resolved (an answer was accepted; newer versions know several), closed (or archived), else open."""
    if topic.get("deleted_at"):
        return ThreadState.deleted
    if any(topic.get(name) for name in ("accepted_answer", "accepted_answers", "has_accepted_answer")):
        return ThreadState.resolved
    return ThreadState.closed if topic.get("closed") is True or topic.get("archived") is True else ThreadState.open


def _answer_number(topic: Json) -> int | None:
    """The accepted post's number; newer versions of the Solved plug-in know several answers and list them."""
    one = maybe(topic, "accepted_answer", dict, vendor=VENDOR)
    answers = [one] if one else maybe(topic, "accepted_answers", list, vendor=VENDOR) or []
    numbers = [maybe(answer, "post_number", int, vendor=VENDOR) for answer in answers]
    return max((number for number in numbers if number is not None), default=None)


def tags_of(topic: Json) -> tuple[str, ...]:
    """Tag names: plain strings until 2026, objects with a name since."""
    tags = maybe(topic, "tags", list, vendor=VENDOR) or []
    return tuple(tag if isinstance(tag, str) else need(tag, "name", str, vendor=VENDOR) for tag in tags)


def _follow_numbers(site: Site, thread_id: str, posts: dict[int, Json]) -> None:
    while posts:
        last = max(need(post, "post_number", int, vendor=VENDOR) for post in posts.values())
        data = site.get(f"/t/{segment(thread_id)}/posts.json", {"post_number": last, "asc": "true"})
        fresh = {need(post, "id", int, vendor=VENDOR): post for post in each(data, "post_stream.posts", vendor=VENDOR)}
        if fresh.keys() <= posts.keys():
            return
        posts.update(fresh)


def _message(site: Site, people: People, post: Json, customer_id: str) -> Message:
    kind = need(post, "post_type", int, vendor=VENDOR)
    action = maybe(post, "action_code", str, vendor=VENDOR)
    # A hidden post was flagged and is not shown to the public: for us it is gone too.
    deleted = bool(post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"))
    html = portable(need(post, "cooked", str, vendor=VENDOR), site.base_url)
    edited = (maybe(post, "version", int, vendor=VENDOR) or 1) > 1
    return Message(
        external_id=str(need(post, "id", int, vendor=VENDOR)),
        number=need(post, "post_number", int, vendor=VENDOR),
        author=people.author(post, customer_id=customer_id),
        # Where assignments are not public their lines are whispers with an action code.
        visibility=Visibility.internal if kind == _WHISPER else Visibility.public,
        html="" if deleted else _action_html(post, action, html) if action else html,
        created_at=moment(post, "created_at", vendor=VENDOR),
        edited_at=maybe_moment(post, "updated_at", vendor=VENDOR) if edited and not action else None,
        deleted=deleted,
        system=kind == _SMALL_ACTION or bool(action),
        attachments=() if deleted or action else attachments_in(html, site.base_url),
    )


def _action_html(post: Json, action: str, html: str) -> str:
    words = _ACTIONS.get(action) or action.replace("_", " ").replace(".", " ")
    who = maybe(post, "action_code_who", str, vendor=VENDOR) or ""
    return f"<p>{escape(f'{words} {who}'.strip())}</p>{html}"


def _touched(message: Message) -> datetime:
    return max(message.created_at, message.edited_at or message.created_at)
