"""Lists of topics, threads, and what is done to a topic."""

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.discourse import workflow
from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.errors import DiscourseError, missing, not_found
from powerup.sandbox.discourse.listing import listed, public_topics
from powerup.sandbox.discourse.models import Post, Topic
from powerup.sandbox.discourse.params import flag, params
from powerup.sandbox.discourse.post_json import Json, thread_post
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sandbox.discourse.topic_json import CHUNK, thread
from powerup.sandbox.discourse.viewing import posts_of, staff_only, topic_for

bp = Blueprint("topics", __name__)


@bp.get("/latest.json")
@bp.get("/new.json")
@bp.get("/unread.json")
@bp.get("/top.json")
def latest() -> Json:
    """Public topics, latest activity first (the others answer alike: the double keeps no reading state)."""
    store, viewer = here()
    return listed(store, viewer, public_topics(store, viewer), request.path.removesuffix(".json"), request.args)


@bp.get("/c/<slug>/<int:category_id>.json")
def in_category(slug: str, category_id: int) -> Json:
    """Public topics of one category."""
    store, viewer = here()
    if category_id not in store.rows.categories:
        raise not_found()
    topics = [topic for topic in public_topics(store, viewer) if topic.category_id == category_id]
    return listed(store, viewer, topics, f"/c/{slug}/{category_id}", request.args)


@bp.get("/tag/<name>.json")
def tagged(name: str) -> Json:
    """Public topics with one tag."""
    store, viewer = here()
    return listed(store, viewer, [topic for topic in public_topics(store, viewer) if name in topic.tags], f"/tag/{name}", request.args)


@bp.get("/topics/private-messages/<username>.json")
@bp.get("/topics/private-messages-group/<username>/<group>.json")
def private_messages(username: str, group: str | None = None) -> Json:
    """A user's or a group's private messages; for themselves and staff."""
    store, viewer = here()
    if viewer.user is None or (not viewer.staff and viewer.user.username.lower() != username.lower()):
        raise not_found()
    rows = [topic for topic in store.rows.topics.values() if topic.private and not topic.deleted_at and viewer.may_see(store, topic)]
    mine = [topic for topic in rows if (group in topic.allowed_groups if group else username in topic.allowed_users)]
    return listed(store, viewer, mine, request.path.removesuffix(".json"), request.args)


@bp.get("/t/<int:topic_id>.json", defaults={"slug": None})
@bp.get("/t/<slug>/<int:topic_id>.json")
def show(topic_id: int, slug: str | None) -> ResponseReturnValue:
    """The first posts of a thread and the ids of all. A wrong slug is redirected, `-` is right for every topic."""
    store, viewer = here()
    topic = topic_for(store, viewer, topic_id)
    if slug not in (None, "-", topic.slug):
        return redirect(f"/t/{topic.slug}/{topic.id}.json" + (f"?{request.query_string.decode()}" if request.query_string else ""), 301)
    posts = posts_of(store, topic, viewer)
    size = 1000 if flag(request.args.get("print")) else CHUNK
    page = max(request.args.get("page", 1, int), 1)
    shown = posts[(page - 1) * size : page * size]
    if not shown:
        raise not_found()
    return thread(store, topic, viewer, shown, raw=flag(request.args.get("include_raw")))


@bp.get("/t/<int:topic_id>/<int:number>.json", defaults={"slug": "-"})
@bp.get("/t/<slug>/<int:topic_id>/<int:number>.json")
def show_near(topic_id: int, number: int, slug: str) -> Json:
    """A thread around one post."""
    store, viewer = here()
    topic = topic_for(store, viewer, topic_id)
    posts = posts_of(store, topic, viewer)
    at = next((place for place, post in enumerate(posts) if post.number >= number), len(posts) - 1)
    start = max(min(at - CHUNK // 4, len(posts) - CHUNK), 0)
    return thread(store, topic, viewer, posts[start : start + CHUNK], raw=flag(request.args.get("include_raw")))


@bp.get("/t/<int:topic_id>/posts.json")
def more_posts(topic_id: int) -> Json:
    """Posts by id (`post_ids[]`), or up to 20 around `post_number`: before it and descending, after it with `asc=true`."""
    store, viewer = here()
    topic = topic_for(store, viewer, topic_id)
    posts = _asked_posts(posts_of(store, topic, viewer))
    raw = flag(request.args.get("include_raw"))
    return {"post_stream": {"posts": [thread_post(store, topic, post, viewer, raw=raw) for post in posts]}, "id": topic.id}


def _asked_posts(posts: list[Post]) -> list[Post]:
    ids = set(request.args.getlist("post_ids[]", int))
    if ids:
        return [post for post in posts if post.id in ids]
    number = request.args.get("post_number", None, int)
    if number is None:
        return posts[:CHUNK]
    if flag(request.args.get("asc")):
        return [post for post in posts if post.number > number][:CHUNK]
    return [post for post in posts if post.number < number][-CHUNK:][::-1]


@bp.get("/t/external_id/<external_id>.json")
def by_external_id(external_id: str) -> ResponseReturnValue:
    """Where the topic with our own id is."""
    store, viewer = here()
    for topic in store.rows.topics.values():
        if topic.external_id == external_id and viewer.may_see(store, topic):
            return redirect(f"/t/{topic.slug}/{topic.id}.json", 301)
    raise not_found()


@bp.put("/t/<int:topic_id>/status.json")
def set_status(topic_id: int) -> Json:
    """Close, archive, hide or pin."""
    store, viewer = here()
    user, values = staff_only(viewer), params()
    status = str(values.get("status", ""))
    if status not in workflow.STATUSES:
        raise DiscourseError(400, "You supplied invalid parameters to the request: status", error_type="invalid_parameters")
    if "enabled" not in values:
        raise missing("enabled")
    topic = topic_for(store, viewer, topic_id)
    workflow.set_status(store, topic, status, flag(values["enabled"]), user.username)
    return {"success": "OK", "topic_status_update": None}


@bp.post("/t/<int:topic_id>/merge-topic.json")
@bp.post("/t/<int:topic_id>/move-posts.json")
def move_posts(topic_id: int) -> Json:
    """Move `post_ids` (all posts, when none are named) to `destination_topic_id`, or into a new topic called `title`."""
    store, viewer = here()
    user, values = staff_only(viewer), params()
    topic = topic_for(store, viewer, topic_id)
    wanted = {int(str(one)) for one in values.get("post_ids") or ()}
    posts = [post for post in posts_of(store, topic, viewer) if (not wanted or post.id in wanted) and not post.action_code]
    if not posts:
        raise missing("post_ids")
    if values.get("title"):
        first = NewPost(posts[0].username, posts[0].raw, cooked=posts[0].cooked, at=posts[0].created_at)
        target = store.add_topic(NewTopic(str(values["title"]), first))
        # The new topic begins with the moved post itself, not with a copy of it.
        target.post_ids.clear()
    else:
        target = topic_for(store, viewer, int(str(values.get("destination_topic_id", 0))))
    workflow.move(store, topic, posts, target, user.username)
    return {"success": True, "url": f"/t/{target.slug}/{target.id}"}


@bp.put("/t/<slug>/<int:topic_id>.json")
@bp.put("/t/<int:topic_id>.json", defaults={"slug": "-"})
def update(slug: str, topic_id: int) -> Json:
    """Change title, category or tags."""
    store, viewer = here()
    staff_only(viewer)
    topic, values = topic_for(store, viewer, topic_id), params()
    category = values.get("category_id")
    tags = values.get("tags")
    title = values.get("title")
    if title is not None and len(str(title).strip()) < 5:
        raise DiscourseError(422, "Title is too short (minimum is 5 characters)")
    workflow.rename(
        store,
        topic,
        title=str(title).strip() if title else None,
        category_id=int(str(category)) if category else None,
        tags=[str(tag) for tag in tags] if isinstance(tags, list) else None,
    )
    return {"basic_topic": _basic(topic, len(posts_of(store, topic, viewer)))}


def _basic(topic: Topic, posts: int) -> Json:
    return {"id": topic.id, "title": topic.title, "fancy_title": topic.title, "slug": topic.slug, "posts_count": posts}


@bp.delete("/t/<int:topic_id>.json")
def delete(topic_id: int) -> ResponseReturnValue:
    """Take a topic away."""
    store, viewer = here()
    staff_only(viewer)
    store.delete_topic(topic_for(store, viewer, topic_id).id)
    return current_app.response_class("", 200, mimetype="application/json")


@bp.put("/t/<int:topic_id>/recover.json")
def recover(topic_id: int) -> Json:
    """Bring it back."""
    store, viewer = here()
    staff_only(viewer)
    store.recover_topic(topic_for(store, viewer, topic_id).id)
    return {"success": "OK"}
