"""What a webhook says, by its type."""

from powerup.sandbox.discourse.models import Post, Topic
from powerup.sandbox.discourse.post_json import Json, hook_post
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.topic_json import hook_topic


def body_of(store: ForumStore, kind: str, event: str, topic: Topic, post: Post | None) -> Json:
    """The object that stands in the body under the event's type."""
    if kind == "assign":
        return _assignment(store, event, topic)
    if post is not None:
        return hook_post(store, topic, post)
    return hook_topic(store, topic)


def _assignment(store: ForumStore, event: str, topic: Topic) -> Json:
    body: Json = {"type": event, "topic_id": topic.id, "topic_title": topic.title, "assigned_by_id": -1, "assigned_by_username": "system"}
    user = store.user(topic.assigned_user) if topic.assigned_user else None
    if user:
        return body | {f"{event}_to_id": user.id, f"{event}_to_username": user.username}
    group = store.rows.groups.get((topic.assigned_group or "").lower())
    return body | ({f"{event}_to_group_id": group.id, f"{event}_to_group_name": group.name} if group else {})
