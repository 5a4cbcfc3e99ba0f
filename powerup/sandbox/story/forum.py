"""Puts the story on a forum."""

from datetime import datetime, timedelta

from powerup.sandbox.discourse.models import PostType, Topic
from powerup.sandbox.discourse.store import ForumStore, NewPost, NewTopic
from powerup.sandbox.story.people import CATEGORIES, CUSTOMERS, GROUPS, STAFF
from powerup.sandbox.story.pictures import PICTURES
from powerup.sandbox.story.threads import StoryPost, StoryThread, threads


def seed_forum(store: ForumStore, now: datetime) -> dict[str, int]:
    """Fill an empty forum with the story as it stands at `now`; returns each thread's topic id by its key."""
    with store.lock:
        # A demo's owner answers "Fixed, thanks!"; Discourse's default of 20 characters would refuse it.
        store.options = store.options.model_copy(update={"min_post_length": 5})
        _people(store, now)
        for path, (kind, body) in PICTURES.items():
            store.add_file(path, kind, body)
        # Post by post in the order of time: ids on a real forum grow with it, and readers rely on that.
        steps = [(post.age, thread, place) for thread in threads() for place, post in enumerate(thread.posts)]
        for _age, thread, place in sorted(steps, key=lambda step: (-step[0], step[1].id, step[2])):
            _write(store, thread, thread.posts[place], now, first=place == 0)
        return {thread.key: thread.id for thread in threads()}


def _people(store: ForumStore, now: datetime) -> None:
    for person in (*STAFF, *CUSTOMERS):
        user = store.add_user(
            person.username,
            person.name,
            admin=person.role == "admin",
            moderator=person.role == "moderator",
            staged=person.role == "staged",
            title=person.title,
        )
        user.created_at = now - timedelta(days=400)
    for name, members in GROUPS.items():
        store.add_group(name, members)
    for category, color in CATEGORIES:
        store.add_category(category, color)


def _write(store: ForumStore, thread: StoryThread, post: StoryPost, now: datetime, *, first: bool) -> None:
    if first:
        category = next(one.id for one in store.rows.categories.values() if one.name == thread.category)
        topic = store.add_topic(
            NewTopic(
                thread.title,
                _new(post, now),
                category_id=category,
                tags=thread.tags,
                archetype="private_message" if thread.private else "regular",
                allowed_groups=("support",) if thread.private else (),
            )
        )
        if topic.id != thread.id:
            raise ValueError("the story needs an empty forum")
        topic.pinned = thread.pinned
        topic.views = 3 + len(thread.posts) * 7
    elif not _line(store, store.rows.topics[thread.id], post, now):
        store.add_post(thread.id, _new(post, now))


def _new(post: StoryPost, now: datetime) -> NewPost:
    reply = post.mark("reply")
    return NewPost(
        post.username,
        post.text,
        cooked=post.text if post.mark("html") is not None else None,
        at=now - post.age,
        type=PostType.whisper if post.mark("whisper") is not None else PostType.regular,
        reply_to=int(reply) if reply else None,
        via_email=post.mark("email") is not None,
    )


def _line(store: ForumStore, topic: Topic, post: StoryPost, now: datetime) -> bool:
    """Whether `post` was one of the forum's own lines."""
    at = now - post.age
    if post.mark("closes") is not None:
        topic.closed = True
        store.add_post(topic.id, NewPost(post.username, "", cooked="", at=at, type=PostType.small_action, action_code="closed.enabled"))
        return True
    assigned, accepted = post.mark("assigns"), post.mark("accepts")
    if assigned:
        group = assigned.lower() in store.rows.groups
        topic.assigned_user, topic.assigned_group = (None, assigned) if group else (assigned, None)
        code = "assigned_group" if group else "assigned"
        store.add_post(topic.id, NewPost(post.username, "", cooked="", at=at, type=PostType.whisper, action_code=code, action_who=assigned))
    if accepted:
        topic.accepted_by = post.username
        topic.accepted_post_id = next(one for one in topic.post_ids if store.rows.posts[one].number == int(accepted))
    return bool(assigned or accepted)
