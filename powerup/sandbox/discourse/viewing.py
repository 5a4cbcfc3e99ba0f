"""Who asks, and what they may see: the double's Guardian."""

import json
from dataclasses import dataclass

from flask import Request, Response, abort

from powerup.sandbox.discourse.errors import DiscourseError, bad_key, invalid_access, not_found
from powerup.sandbox.discourse.models import Post, PostType, Topic, User
from powerup.sandbox.discourse.store import ForumStore


@dataclass(frozen=True, slots=True)
class Viewer:
    """One who looks; `user` None is anonymous."""

    user: User | None = None

    @property
    def staff(self) -> bool:
        """Sees whispers, private messages and deleted topics."""
        return self.user is not None and self.user.staff

    def may_see(self, store: ForumStore, topic: Topic) -> bool:
        """Whether the topic exists for them."""
        if self.staff:
            return True
        if topic.deleted_at or not topic.visible:
            return False
        return not topic.private or (self.user is not None and self._allowed(store, topic))

    def _allowed(self, store: ForumStore, topic: Topic) -> bool:
        name = self.user.username if self.user else ""
        groups = (store.rows.groups.get(group.lower()) for group in topic.allowed_groups)
        return name in topic.allowed_users or any(group is not None and name in group.members for group in groups)

    def may_see_post(self, post: Post) -> bool:
        """Whispers are for staff; deleted posts are in nobody's stream."""
        return post.deleted_at is None and (post.type != PostType.whisper or self.staff)


def posts_of(store: ForumStore, topic: Topic, viewer: Viewer) -> list[Post]:
    """The topic's visible posts in order: Discourse's `stream`. A deleted topic keeps its first post for staff."""
    rows = [store.rows.posts[one] for one in topic.post_ids]
    return [post for post in rows if viewer.may_see_post(post) or (topic.deleted_at is not None and post.number == 1)]


def viewer_of(store: ForumStore, request: Request) -> Viewer:
    """Who the Api-Key and Api-Username headers speak for; raises DiscourseError when they are wrong."""
    key, username = request.headers.get("Api-Key"), request.headers.get("Api-Username")
    if key is None:
        if request.method not in ("GET", "HEAD"):
            # Rails' own answer, not an object: clients must survive it.
            abort(Response(json.dumps(["BAD CSRF"]), 403, mimetype="application/json"))
        if store.options.login_required:
            raise DiscourseError(403, "You need to be logged in to do that.", error_type="not_logged_in")
        return Viewer()
    if key not in store.rows.keys:
        raise bad_key()
    only = store.rows.keys[key]
    if only is not None and username is not None and username.lower() != only.lower():
        raise bad_key()
    user = store.user(only or username or "")
    if user is None:
        raise bad_key()
    return Viewer(user)


def topic_for(store: ForumStore, viewer: Viewer, topic_id: int) -> Topic:
    """The topic; DiscourseError when it is not there, or not for this viewer."""
    topic = store.rows.topics.get(topic_id)
    if topic is None:
        raise not_found()
    if not viewer.may_see(store, topic):
        if topic.deleted_at and store.options.detailed_404:
            raise DiscourseError(410, "The requested topic was deleted.", error_type="not_found")
        raise not_found()
    return topic


def post_for(store: ForumStore, viewer: Viewer, post_id: int) -> Post:
    """The post; DiscourseError when it is not there, or not for this viewer."""
    post = store.rows.posts.get(post_id)
    if post is None or not viewer.may_see(store, store.rows.topics[post.topic_id]) or not viewer.may_see_post(post):
        raise not_found()
    return post


def staff_only(viewer: Viewer) -> User:
    """The member of staff who asks; DiscourseError for others."""
    if viewer.user is None or not viewer.user.staff:
        raise invalid_access()
    return viewer.user
