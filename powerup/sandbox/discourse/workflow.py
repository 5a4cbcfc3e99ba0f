"""What staff do to a topic: close, rename, assign, accept an answer. Each leaves the small line that Discourse leaves."""

from powerup.sandbox.discourse.models import Post, PostType, Topic
from powerup.sandbox.discourse.store import ForumStore, NewPost

STATUSES = ("closed", "archived", "visible", "pinned", "pinned_globally")


def set_status(store: ForumStore, topic: Topic, status: str, enabled: bool, by: str) -> None:
    """Set one of `STATUSES`; closing and reopening both tell `topic_closed_status_updated`. Twice changes nothing."""
    field = "pinned" if status == "pinned_globally" else status
    with store.lock:
        if getattr(topic, field) == enabled:
            return
        setattr(topic, field, enabled)
        _line(store, topic, by, f"{status}.{'enabled' if enabled else 'disabled'}", PostType.small_action)
        store.tell("topic", f"topic_{status}_status_updated", topic)


def rename(store: ForumStore, topic: Topic, *, title: str | None, category_id: int | None, tags: list[str] | None) -> None:
    """Change title, category or tags; `tags` replaces all. The slug stays (old URLs must work)."""
    with store.lock:
        topic.title = title or topic.title
        topic.category_id = category_id or topic.category_id
        if tags is not None:
            topic.tags = [tag for tag in tags if tag]
        store.tell("topic", "topic_edited", topic)


def assign(store: ForumStore, topic: Topic, by: str, *, user: str | None, group: str | None, note: str | None = None) -> None:
    """Give the topic to a user or a group; the line is a whisper because assignments are private by default."""
    with store.lock:
        topic.assigned_user, topic.assigned_group, topic.assignment_note = user, group, note
        _line(store, topic, by, "assigned" if user else "assigned_group", PostType.whisper, user or group)
        store.tell("assign", "assigned", topic)


def unassign(store: ForumStore, topic: Topic, by: str) -> None:
    """Take the assignment away; nothing happens when there is none."""
    with store.lock:
        who = topic.assigned_user or topic.assigned_group
        if who is None:
            return
        code = "unassigned" if topic.assigned_user else "unassigned_group"
        store.tell("assign", "unassigned", topic)
        topic.assigned_user = topic.assigned_group = topic.assignment_note = None
        _line(store, topic, by, code, PostType.whisper, who)


def accept(store: ForumStore, topic: Topic, post: Post, by: str) -> None:
    """Mark `post` as the solution; another solution of the topic gives way."""
    with store.lock:
        if topic.accepted_post_id == post.id:
            return
        topic.accepted_post_id, topic.accepted_by = post.id, by
        store.tell("solved", "accepted_solution", topic, post)


def unaccept(store: ForumStore, topic: Topic, post: Post) -> None:
    """Take the solution mark away."""
    with store.lock:
        if topic.accepted_post_id == post.id:
            topic.accepted_post_id = topic.accepted_by = None
            store.tell("solved", "unaccepted_solution", topic, post)


def _line(store: ForumStore, topic: Topic, by: str, code: str, kind: PostType, who: str | None = None) -> None:
    store.add_post(topic.id, NewPost(by, "", cooked="", type=kind, action_code=code, action_who=who))
