"""A post as Discourse serialises it: in a thread, on its own, in `/posts.json`, in a webhook.

Shapes: Discourse's OpenAPI document, https://docs.discourse.org/ ; `tests/sandbox/test_forum_shapes.py` compares.
"""

from html import escape
from typing import Any

from powerup import clock
from powerup.sandbox.common.cooking import plain
from powerup.sandbox.discourse.models import Post, PostType, Topic, User
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import Viewer, posts_of

Json = dict[str, Any]


def small_user(user: User) -> Json:
    """A user as every list has them."""
    return {"id": user.id, "username": user.username, "name": user.name, "avatar_template": user.avatar_template}


def thread_post(store: ForumStore, topic: Topic, post: Post, viewer: Viewer, *, raw: bool = False) -> Json:
    """A post of a topic's stream; `raw` as with `include_raw=1`."""
    user = store.author(post)
    mine = viewer.user is not None and viewer.user.id == user.id
    body = _body(store, topic, post, user) | {
        "yours": mine,
        "can_edit": mine or viewer.staff,
        "can_delete": (mine or viewer.staff) and post.number > 1,
        "can_recover": False,
        "can_see_hidden_post": viewer.staff,
        "can_wiki": viewer.staff,
        "link_counts": [],
        "read": True,
        "bookmarked": False,
        "actions_summary": [{"id": 2, "can_act": True}] if viewer.user else [],
        "can_view_edit_history": True,
    }
    if raw:
        body["raw"] = post.raw
    if store.options.solved:
        solved = topic.accepted_post_id == post.id
        open_to = viewer.staff and post.number > 1 and post.type == PostType.regular
        body |= {"can_accept_answer": open_to and not solved, "can_unaccept_answer": viewer.staff and solved, "accepted_answer": solved}
    return body


def single_post(store: ForumStore, topic: Topic, post: Post, viewer: Viewer) -> Json:
    """A post on its own, as it is answered after writing and by `/posts/{id}.json`; always with `raw`."""
    body = thread_post(store, topic, post, viewer, raw=True)
    return body | {
        "posts_count": public_count(store, topic),
        "post_url": f"/t/{topic.slug}/{topic.id}/{post.number}",
        "flair_group_id": None,
        "draft_sequence": 1,
        "badges_granted": [],
        "mentioned_users": [],
        "post_localizations": [],
    }


def latest_post(store: ForumStore, topic: Topic, post: Post, viewer: Viewer) -> Json:
    """A post of `/posts.json`."""
    return single_post(store, topic, post, viewer) | {
        "topic_title": topic.title,
        "topic_html_title": escape(topic.title),
        "category_id": topic.category_id,
        "excerpt": plain(post.cooked)[:300],
        "truncated": len(plain(post.cooked)) > 300,
    }


def hook_post(store: ForumStore, topic: Topic, post: Post) -> Json:
    """A post in a webhook body: with `raw`, without what depends on a viewer."""
    body = _body(store, topic, post, store.author(post))
    for viewers in ("readers_count", "flair_url", "flair_bg_color", "flair_color"):
        body.pop(viewers)
    category = store.rows.categories.get(topic.category_id or 0)
    count = public_count(store, topic)
    return body | {
        "raw": post.raw,
        "bookmarked": False,
        "topic_title": topic.title,
        "category_id": topic.category_id,
        "category_slug": category.slug if category else None,
        "flair_group_id": None,
        "topic_posts_count": count,
        "topic_filtered_posts_count": count,
        "topic_archetype": topic.archetype,
    }


def public_count(store: ForumStore, topic: Topic) -> int:
    """`posts_count`: neither whispers nor the forum's own lines count."""
    return sum(post.type == PostType.regular for post in posts_of(store, topic, Viewer()))


_NOTHING = dict.fromkeys(("primary_group_name", "flair_name", "flair_url", "flair_bg_color", "flair_color"))
_REVIEW = {"reviewable_id": 0, "reviewable_score_count": 0, "reviewable_score_pending_count": 0}


def _body(store: ForumStore, topic: Topic, post: Post, user: User) -> Json:
    body: Json = {
        "id": post.id,
        "created_at": clock.iso(post.created_at),
        "cooked": post.cooked,
        "post_number": post.number,
        "post_type": int(post.type),
        "updated_at": clock.iso(post.updated_at),
        "reply_count": topic.replies.get(post.number, 0),
        "reply_to_post_number": post.reply_to,
        "quote_count": 0,
        "incoming_link_count": 0,
        "reads": 3,
        "readers_count": 2,
        "score": 0.6,
        "topic_id": topic.id,
        "topic_slug": topic.slug,
        "version": post.version,
        "hidden": False,
        "deleted_at": clock.iso(post.deleted_at) if post.deleted_at else None,
        "user_deleted": post.user_deleted,
        "edit_reason": post.edit_reason,
        "wiki": False,
    }
    extras = {"action_code": post.action_code, "action_code_who": post.action_who, "via_email": post.via_email}
    return body | _author(user) | _NOTHING | _REVIEW | {name: value for name, value in extras.items() if value}


def _author(user: User) -> Json:
    return {
        "user_id": user.id,
        "name": user.name,
        "username": user.username,
        "display_username": user.name,
        "avatar_template": user.avatar_template,
        "user_title": user.title,
        "moderator": user.moderator,
        "admin": user.admin,
        "staff": user.staff,
        "trust_level": 4 if user.staff else 1,
    }
