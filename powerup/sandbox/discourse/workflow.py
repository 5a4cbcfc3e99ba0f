"""What staff do to a topic: close, rename, assign, accept an answer. Each leaves the small line that Discourse leaves."""

import re
from html import escape

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
        if tags is not None and store.options.tagging:
            topic.tags = [clean_tag(tag) for tag in tags if tag]
        store.tell("topic", "topic_edited", topic)


def clean_tag(name: str) -> str:
    """The tag that Discourse makes of a name (`DiscourseTagging.clean_tag`; `force_lowercase_tags` and `max_tag_length` are settings)."""
    return re.sub(r"[/?#\[\]@!$&'()*+,;=.%\\`^|{}\"<>]+", "", re.sub(r"\s+", "-", name.strip().lower()))[:20]


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


def move(store: ForumStore, topic: Topic, posts: list[Post], target: Topic, by: str) -> None:
    """Move posts to the end of another topic, as `PostMover` does: they keep their ids, but the first one is copied and stays behind.

    A line `split_topic` links to where they went: to the topic itself when its first post went along, else to the first moved post.
    A topic that was moved whole is closed (`delete_merged_stub_topics_after_days` decides how long it stays).
    """
    with store.lock:
        left = [store.rows.posts[one] for one in topic.post_ids]
        whole = {post.id for post in left if post.type in (PostType.regular, PostType.whisper)} == {post.id for post in posts}
        with_first = posts[0].number == 1
        kept_number = next((post.number for post in posts if post.number > 1), 2)
        last = max((store.rows.posts[one].number for one in target.post_ids), default=0)
        moved = [_moved(store, topic, post, target, number) for number, post in enumerate(posts, last + 1)]
        target.bumped_at = max(target.bumped_at, store.now())
        link = f"/t/{target.slug}/{target.id}" + ("" if with_first else f"/{moved[0].number}")
        words = f'<p>{len(posts)} posts were merged into an existing topic: <a href="{link}">{escape(target.title)}</a></p>'
        line = store.add_post(topic.id, NewPost(by, "", cooked=words, type=PostType.small_action, action_code="split_topic"))
        line.number = kept_number
        for post in moved:
            store.tell("post", "post_edited", target, post)
        if whole:
            set_status(store, topic, "closed", True, by)


def _moved(store: ForumStore, topic: Topic, post: Post, target: Topic, number: int) -> Post:
    if post.number == 1:
        new = NewPost(post.username, post.raw, cooked=post.cooked, at=post.created_at, type=post.type, via_email=post.via_email)
        post = store.add_post(target.id, new)
    else:
        topic.post_ids.remove(post.id)
        target.post_ids.append(post.id)
        post.topic_id = target.id
    post.number = number
    return post


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
