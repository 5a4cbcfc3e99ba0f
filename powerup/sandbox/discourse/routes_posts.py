"""Posts: the latest, one, write, edit, take away."""

import re
from datetime import timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from powerup import clock
from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.errors import DiscourseError, invalid_access, missing, refused
from powerup.sandbox.discourse.models import Post, PostType, Topic, User
from powerup.sandbox.discourse.params import flag, params, text
from powerup.sandbox.discourse.post_json import Json, latest_post, single_post
from powerup.sandbox.discourse.store import ForumStore, NewPost, NewTopic
from powerup.sandbox.discourse.viewing import Viewer, post_for, topic_for

bp = Blueprint("posts", __name__)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@bp.get("/posts.json")
def latest() -> Json:
    """The latest fifty posts of public topics with an id up to `before`, newest first, with `raw`."""
    store, viewer = here()
    before = request.args.get("before", 0, int) or max(store.rows.posts, default=0)
    rows = []
    for post in sorted(store.rows.posts.values(), key=lambda one: one.id, reverse=True):
        topic = store.rows.topics[post.topic_id]
        hidden = topic.private or topic.deleted_at or not viewer.may_see(store, topic) or not viewer.may_see_post(post)
        if post.id <= before and not hidden and post.type in (PostType.regular, PostType.whisper) and not post.action_code:
            rows.append(latest_post(store, topic, post, viewer))
        if len(rows) == 50:
            break
    return {"latest_posts": rows}


@bp.get("/posts/<int:post_id>.json")
def show(post_id: int) -> Json:
    """One post with `raw`."""
    store, viewer = here()
    post = post_for(store, viewer, post_id)
    return single_post(store, store.rows.topics[post.topic_id], post, viewer)


@bp.post("/posts.json")
def create() -> ResponseReturnValue:
    """Reply (`topic_id`, `raw`, perhaps `whisper`), or open a topic (`title`, `raw`)."""
    store, viewer = here()
    if viewer.user is None:
        raise invalid_access()
    values = params()
    raw = (text(values, "raw") or "").strip()
    topic_id = text(values, "topic_id")
    topic = topic_for(store, viewer, int(topic_id)) if topic_id and topic_id.isdigit() else None
    if topic is not None and topic.deleted_at:
        # Nobody writes in a deleted topic, not even staff who still see it (Discourse, lib/post_creator.rb: topic_not_found).
        raise refused("The requested URL or resource could not be found.")
    _check(store, viewer.user, raw, closed=topic is not None and (topic.closed or topic.archived))
    at = text(values, "created_at")
    whisper = topic is not None and flag(values.get("whisper")) and viewer.staff and store.options.whispers
    reply_to = text(values, "reply_to_post_number")
    new = NewPost(
        viewer.user.username,
        raw,
        at=clock.parse(at) if at else None,
        type=PostType.whisper if whisper else PostType.regular,
        reply_to=int(reply_to) if reply_to and reply_to.isdigit() else None,
    )
    if store.options.approval and not whisper:
        return _enqueue(store, new, topic)
    if topic is None:
        topic = store.add_topic(_new_topic(store, new, values))
        post = store.rows.posts[topic.post_ids[0]]
    else:
        post = store.add_post(topic.id, new)
    return single_post(store, topic, post, viewer)


def _check(store: ForumStore, user: User, raw: str, *, closed: bool) -> None:
    if not raw:
        raise refused("Body can't be blank")
    if closed and not user.staff:
        raise DiscourseError(422, "The topic was closed. You can no longer reply.", action="create_post")
    least = store.options.min_post_length
    # A comment does not count as text: Discourse measures what a reader sees.
    if len(_COMMENT.sub("", raw).strip()) < least:
        raise refused(f"Body is too short (minimum is {least} characters)")
    since = store.now() - timedelta(minutes=store.options.unique_posts_minutes)
    squeezed = "".join(raw.split()).lower()
    for post in store.rows.posts.values():
        if post.username == user.username and post.created_at > since and "".join(post.raw.split()).lower() == squeezed:
            raise refused("Body is too similar to what you recently posted")


def _enqueue(store: ForumStore, new: NewPost, topic: Topic | None) -> Json:
    store.rows.held.append(new)
    pending = {"id": len(store.rows.held), "raw": new.raw, "topic_id": topic.id if topic else None, "created_at": clock.iso(store.now())}
    return {"success": True, "action": "enqueued", "pending_post": pending, "pending_count": len(store.rows.held)}


def _new_topic(store: ForumStore, first: NewPost, values: dict[str, object]) -> NewTopic:
    title = (text(values, "title") or "").strip()
    if not title:
        raise missing("title")
    tags = values.get("tags")
    category = text(values, "category") or ""
    private = text(values, "archetype") == "private_message"
    names = (text(values, "target_recipients") or "").split(",")
    groups = [name for name in names if name.lower() in store.rows.groups]
    return NewTopic(
        title,
        first,
        category_id=int(category) if category.isdigit() and int(category) in store.rows.categories else 1,
        tags=[str(tag) for tag in tags] if isinstance(tags, list) else (),
        archetype="private_message" if private else "regular",
        allowed_users=[name for name in names if store.user(name)],
        allowed_groups=groups,
        external_id=text(values, "external_id"),
    )


@bp.put("/posts/<int:post_id>.json")
def edit(post_id: int) -> Json:
    """Change the text of a post."""
    store, viewer = here()
    post = _own(store, viewer, post_id)
    values = params().get("post")
    raw = str(values.get("raw", "")).strip() if isinstance(values, dict) else (text(params(), "post[raw]") or "")
    if not raw:
        raise missing("post")
    if len(_COMMENT.sub("", raw).strip()) < store.options.min_post_length:
        raise DiscourseError(422, f"Body is too short (minimum is {store.options.min_post_length} characters)")
    reason = str(values["edit_reason"]) if isinstance(values, dict) and values.get("edit_reason") else None
    store.edit_post(post.id, raw, reason)
    return {"post": single_post(store, store.rows.topics[post.topic_id], post, viewer)}


@bp.delete("/posts/<int:post_id>.json")
def delete(post_id: int) -> Response:
    """Take a post away."""
    store, viewer = here()
    post = _own(store, viewer, post_id)
    store.delete_post(post.id, by_author=not viewer.staff)
    return Response("", 200, mimetype="application/json")


def _own(store: ForumStore, viewer: Viewer, post_id: int) -> Post:
    post = post_for(store, viewer, post_id)
    if viewer.user is None or not (viewer.staff or viewer.user.username == post.username):
        raise invalid_access()
    return post
