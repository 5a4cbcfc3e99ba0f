"""A topic as Discourse serialises it: in a list, as a thread, in a webhook."""

from html import escape
from itertools import count
from typing import Any

from powerup import clock
from powerup.sandbox.discourse.models import Post, PostType, Topic, User
from powerup.sandbox.discourse.post_json import Json, public_count, small_user, thread_post
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import Viewer, posts_of

CHUNK = 20
"""Posts in the first answer for a thread; the rest is asked for by id."""

_STAFF_RIGHTS = (
    "move_posts", "delete", "remove_allowed_users", "reply_as_new_topic", "convert_topic", "review_topic", "close_topic", "archive_topic",
    "split_merge_topic", "edit_staff_notes", "toggle_topic_visibility", "pin_unpin_topic", "moderate_category",
)  # fmt: skip

_UNUSED: Json = {
    "has_summary": False,
    "pinned_at": None,
    "pinned_until": None,
    "image_url": None,
    "slow_mode_seconds": 0,
    "slow_mode_enabled_until": None,
    "draft": None,
    "draft_sequence": 0,
    "bookmarked": False,
    "bookmarks": [],
    "topic_timer": None,
    "show_read_indicator": False,
    "thumbnails": None,
}
"""A thread's fields for what the double does not play."""


def list_item(store: ForumStore, topic: Topic, viewer: Viewer) -> Json:
    """A topic of a list."""
    body = _counts(store, topic, viewer) | {
        "unseen": False,
        "bumped": True,
        "bumped_at": clock.iso(topic.bumped_at),
        "image_url": None,
        "has_summary": False,
        "last_poster_username": _last_poster(store, topic, viewer).username,
        "bookmarked": None,
        "liked": None,
        "op_like_count": 0,
        "posters": _posters(store, topic, viewer),
    }
    if store.options.solved:
        body |= {"has_accepted_answer": topic.accepted_post_id is not None, "can_have_answer": True}
    return body | assignment(store, topic, viewer)


def topic_list(store: ForumStore, topics: list[Topic], viewer: Viewer, *, per_page: int, more: str | None) -> Json:
    """The envelope of every list; `more` is the next page's URL, absent on the last."""
    items = [list_item(store, topic, viewer) for topic in topics]
    seen = {poster["user_id"] for item in items for poster in item["posters"]}
    users = [small_user(user) for user in store.rows.users.values() if user.id in seen]
    inner: dict[str, Any] = {"can_create_topic": viewer.user is not None, "per_page": per_page, "top_tags": [], "topics": items}
    inner |= {"draft": None, "draft_key": "new_topic", "draft_sequence": 0}
    if more:
        inner["more_topics_url"] = more
    return {"users": users, "primary_groups": [], "flair_groups": [], "topic_list": inner}


def thread(store: ForumStore, topic: Topic, viewer: Viewer, shown: list[Post], *, raw: bool) -> Json:
    """`/t/{id}.json`: `shown` posts in full and the ids of all."""
    stream = posts_of(store, topic, viewer)
    body = _counts(store, topic, viewer) | {
        "post_stream": {
            "posts": [thread_post(store, topic, post, viewer, raw=raw) for post in shown],
            **({"stream": [post.id for post in stream]} if len(stream) <= store.options.mega_topic_posts else {}),
        },
        "timeline_lookup": [[1, 0]],
        "suggested_topics": [],
        "word_count": sum(len(post.raw.split()) for post in stream),
        "deleted_at": clock.iso(topic.deleted_at) if topic.deleted_at else None,
        "deleted_by": None,
        "has_deleted": len(stream) < len(topic.post_ids),
        "user_id": store.author(topic).id,
        "draft_key": f"topic_{topic.id}",
        "current_post_number": shown[0].number if shown else 1,
        "actions_summary": [{"id": 4, "count": 0, "hidden": False, "can_act": viewer.user is not None}],
        "chunk_size": CHUNK,
        "message_bus_last_id": store.revision,
        "participant_count": len({post.username for post in stream}),
        "details": _details(store, topic, viewer, stream),
        "external_id": topic.external_id,
    }
    if store.options.solved:
        body |= _solution(store, topic)
    return body | _UNUSED | assignment(store, topic, viewer)


def hook_topic(store: ForumStore, topic: Topic) -> Json:
    """A topic in a webhook body."""
    body = _counts(store, topic, Viewer()) | {
        "word_count": sum(len(store.rows.posts[one].raw.split()) for one in topic.post_ids),
        "deleted_at": clock.iso(topic.deleted_at) if topic.deleted_at else None,
        "user_id": store.author(topic).id,
        "pinned_at": None,
        "pinned_until": None,
        "deleted_by": None,
        "has_deleted": False,
        "bookmarked": False,
        "participant_count": len({store.rows.posts[one].username for one in topic.post_ids}),
        "thumbnails": None,
        "created_by": small_user(store.author(topic)),
        "last_poster": small_user(_last_poster(store, topic, Viewer())),
    }
    return body


def assignment(store: ForumStore, topic: Topic, viewer: Viewer) -> Json:
    """discourse-assign's fields; only those who may assign see them."""
    if not store.options.assign or not store.options.assign_allowed or not viewer.staff:
        return {}
    user = store.user(topic.assigned_user) if topic.assigned_user else None
    if user:
        return {"assigned_to_user": small_user(user), "assignment_note": topic.assignment_note, "assignment_status": "New"}
    if topic.assigned_group:
        group = store.rows.groups[topic.assigned_group.lower()]
        return {"assigned_to_group": {"id": group.id, "name": group.name, "full_name": group.full_name, "assignable_level": 99}}
    return {}


def _counts(store: ForumStore, topic: Topic, viewer: Viewer) -> Json:
    public = public_count(store, topic)
    visible = posts_of(store, topic, viewer)
    dated = [post.created_at for post in visible if post.type == PostType.regular]
    tags = [{"id": number, "name": tag, "slug": tag} for number, tag in zip(count(1), topic.tags, strict=False)]
    return {
        "id": topic.id,
        "title": topic.title,
        "fancy_title": escape(topic.title).replace("...", "&hellip;"),
        "slug": topic.slug,
        "posts_count": public,
        "reply_count": max(public - 1, 0),
        "highest_post_number": max((post.number for post in visible), default=0),
        "created_at": clock.iso(topic.created_at),
        "last_posted_at": clock.iso(max(dated)) if dated else None,
        "archetype": topic.archetype,
        "visible": topic.visible,
        "closed": topic.closed,
        "archived": topic.archived,
        "pinned": topic.pinned,
        "pinned_globally": topic.pinned,
        "unpinned": None,
        "views": topic.views,
        "like_count": 0,
        "category_id": topic.category_id,
        "tags": tags,
        "tags_descriptions": {},
        "featured_link": None,
    }


def _last_poster(store: ForumStore, topic: Topic, viewer: Viewer) -> User:
    visible = [post for post in posts_of(store, topic, viewer) if post.type == PostType.regular]
    return store.author(visible[-1] if visible else topic)


def _posters(store: ForumStore, topic: Topic, viewer: Viewer) -> list[Json]:
    last = _last_poster(store, topic, viewer)
    rows: dict[int, list[str]] = {store.author(topic).id: ["Original Poster"]}
    for post in posts_of(store, topic, viewer)[1:]:
        if post.type == PostType.regular and len(rows) < 5:
            rows.setdefault(store.author(post).id, ["Frequent Poster"])
    rows.setdefault(last.id, []).append("Most Recent Poster")
    single = "latest single" if len(rows) == 1 else "latest"
    return [
        {"extras": single if one == last.id else None, "description": ", ".join(words), "user_id": one, "primary_group_id": None}
        for one, words in rows.items()
    ]


def _details(store: ForumStore, topic: Topic, viewer: Viewer, stream: list[Post]) -> Json:
    wrote: dict[str, int] = {}
    for post in stream:
        wrote[post.username] = wrote.get(post.username, 0) + 1
    none = dict.fromkeys(("primary_group_name", "flair_name", "flair_url", "flair_color", "flair_bg_color", "flair_group_id"))
    people = [(store.rows.users[name.lower()], posts) for name, posts in wrote.items()]
    details: Json = {
        "can_edit": viewer.staff,
        "notification_level": 1,
        "created_by": small_user(store.author(topic)),
        "last_poster": small_user(_last_poster(store, topic, viewer)),
        "can_remove_self_id": viewer.user.id if viewer.user else 0,
        "participants": [
            small_user(user) | none | {"post_count": posts, "admin": user.admin, "moderator": user.moderator, "trust_level": 1}
            for user, posts in people
        ],
    }
    if topic.private:
        allowed = (store.user(name) for name in topic.allowed_users)
        details["allowed_users"] = [small_user(user) for user in allowed if user]
        details["allowed_groups"] = [{"id": group.id, "name": group.name} for group in _allowed_groups(store, topic)]
    details["can_create_post"] = viewer.user is not None and not topic.archived
    return details | {f"can_{right}": viewer.staff for right in _STAFF_RIGHTS}


def _allowed_groups(store: ForumStore, topic: Topic) -> list[Any]:
    return [store.rows.groups[name.lower()] for name in topic.allowed_groups if name.lower() in store.rows.groups]


def _solution(store: ForumStore, topic: Topic) -> Json:
    post = store.rows.posts.get(topic.accepted_post_id or 0)
    if post is None:
        return {}
    accepter = store.user(topic.accepted_by or "")
    answer = {"post_number": post.number, "username": post.username, "name": store.author(post).name, "excerpt": post.cooked[:300]}
    return {"accepted_answer": answer | {"accepter_username": topic.accepted_by, "accepter_name": accepter.name if accepter else None}}
