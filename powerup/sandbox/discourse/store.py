"""The forum's memory: thread-safe, told of each change by events that the webhooks carry out.

Reading a row from outside is done under `store.lock`; every method here takes it itself.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from powerup import clock
from powerup.sandbox.common.slugs import slug_of
from powerup.sandbox.discourse.models import Category, Group, Post, PostType, Topic, User
from powerup.sandbox.discourse.options import Options
from powerup.sandbox.discourse.uploads import cooked, short_name

Listener = Callable[[str, str, Topic, Post | None], None]
"""Called under the lock with event type, event name, topic and post."""

ADMIN_KEY = "sandbox-forum-key-9f27c1d04b6e8a53"
"""An "all users" key of the double; it opens nothing else."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """What is needed to write a post. `cooked` plays a forum that let hostile HTML through."""

    username: str
    raw: str
    cooked: str | None = None
    at: datetime | None = None
    type: PostType = PostType.regular
    reply_to: int | None = None
    action_code: str | None = None
    action_who: str | None = None
    via_email: bool = False


@dataclass(frozen=True, slots=True)
class NewTopic:
    """What is needed to open a topic."""

    title: str
    first: NewPost
    category_id: int | None = 1
    tags: Sequence[str] = ()
    archetype: str = "regular"
    allowed_users: Sequence[str] = ()
    allowed_groups: Sequence[str] = ()
    external_id: str | None = None


@dataclass
class Tables:
    """All rows, by id or lower-case name."""

    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    categories: dict[int, Category] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    keys: dict[str, str | None] = field(default_factory=dict)
    """Api-Key -> the only user it may act as, or None for all users."""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Path below /uploads/ -> content type and bytes."""
    file_names: dict[str, str] = field(default_factory=dict)
    """The same path -> what its uploader called it, for those that have a name."""
    looks: list[tuple[str, str]] = field(default_factory=list)
    """The entries "check email" of the log of staff actions: who looked at whose address."""
    held: list[NewPost] = field(default_factory=list)
    """Posts that wait for a moderator."""


class ForumStore:
    """Users, topics and posts of one forum."""

    def __init__(self, *, now: Callable[[], datetime] = clock.now) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.options = Options()
        self.base_url = "http://127.0.0.1"
        self.rows = Tables(keys={ADMIN_KEY: None})
        self.revision = 0
        self._last_post = 100
        self.listeners: list[Listener] = []
        self.add_category("General")
        for name in ("admins", "moderators", "staff"):
            self.add_group(name, automatic=True)
        self.add_user("system", "system", admin=True)

    # ---- people

    def add_user(
        self, username: str, name: str = "", *, admin: bool = False, moderator: bool = False, staged: bool = False, title: str | None = None
    ) -> User:
        """Make an account, or return the one of that name."""
        with self.lock:
            known = self.rows.users.get(username.lower())
            if known:
                return known
            # Discourse's own `system` account has the id -1.
            number = len(self.rows.users) if self.rows.users else -1
            user = User(number, username, name or username, admin, moderator, staged, title, self.now())
            self.rows.users[username.lower()] = user
            for group, belongs in (("admins", admin), ("moderators", moderator), ("staff", admin or moderator)):
                if belongs:
                    self.rows.groups[group].members.append(username)
            return user

    def user(self, username: str) -> User | None:
        """The account of that name, in any case."""
        return self.rows.users.get(username.lower())

    def author(self, row: Post | Topic) -> User:
        """Who wrote it."""
        return self.rows.users[row.username.lower()]

    def add_group(self, name: str, members: Sequence[str] = (), *, full_name: str = "", automatic: bool = False) -> Group:
        """Make a group."""
        with self.lock:
            number = len(self.rows.groups) + (1 if automatic else 41)
            group = self.rows.groups[name.lower()] = Group(number, name, full_name, list(members), automatic)
            return group

    def add_category(self, name: str, color: str = "0088CC") -> Category:
        """Make a category, or return the one of that name."""
        with self.lock:
            for known in self.rows.categories.values():
                if known.name == name:
                    return known
            number = len(self.rows.categories) + 1
            category = self.rows.categories[number] = Category(number, name, slug_of(name), color)
            return category

    def add_file(self, path: str, content_type: str, body: bytes) -> str:
        """Keep an upload; returns its relative URL, as it stands in cooked HTML."""
        with self.lock:
            self.rows.files[path] = (content_type, body)
        return f"/uploads/{path}"

    def add_upload(self, name: str, content_type: str, body: bytes) -> str:
        """Keep an upload under its short URL; returns how it is written in Markdown (`upload://…`)."""
        with self.lock:
            short = short_name(name, body)
            self.add_file(f"short-url/{short}", content_type, body)
            self.rows.file_names[f"short-url/{short}"] = name
        return f"upload://{short}"

    # ---- topics and posts

    def add_topic(self, new: NewTopic) -> Topic:
        """Open a topic with its first post; tells `topic_created` and `post_created`."""
        with self.lock:
            number = max(self.rows.topics, default=10) + 1
            at = new.first.at or self.now()
            topic = Topic(number, new.title, slug_of(new.title), new.first.username, at, at, new.category_id, new.archetype, list(new.tags))
            topic.allowed_users = list(dict.fromkeys((*new.allowed_users, new.first.username))) if topic.private else []
            topic.allowed_groups = list(new.allowed_groups)
            topic.external_id = new.external_id
            if topic.private:
                topic.category_id = None
            self.rows.topics[number] = topic
            post = self._append(topic, new.first)
            self.tell("topic", "topic_created", topic)
            self.tell("post", "post_created", topic, post)
            return topic

    def add_post(self, topic_id: int, new: NewPost) -> Post:
        """Append a post; tells `post_created`."""
        with self.lock:
            topic = self.rows.topics[topic_id]
            post = self._append(topic, new)
            self.tell("post", "post_created", topic, post)
            return post

    def _append(self, topic: Topic, new: NewPost) -> Post:
        if self.user(new.username) is None:
            self.add_user(new.username)
        at = new.at or self.now()
        number = self.rows.posts[topic.post_ids[-1]].number + 1 if topic.post_ids else 1
        self._last_post += 1
        post = Post(
            self._last_post, topic.id, number, self.rows.users[new.username.lower()].username, new.raw,
            cooked(new.raw) if new.cooked is None else new.cooked, at, at, new.type, reply_to=new.reply_to, action_code=new.action_code,
            action_who=new.action_who, via_email=new.via_email,
        )  # fmt: skip
        self.rows.posts[post.id] = post
        topic.post_ids.append(post.id)
        if new.reply_to:
            topic.replies[new.reply_to] = topic.replies.get(new.reply_to, 0) + 1
        if post.type == PostType.regular:
            topic.bumped_at = max(topic.bumped_at, at)
        return post

    def edit_post(self, post_id: int, raw: str, reason: str | None = None) -> Post:
        """Change the text; tells `post_edited`. Like Discourse, only the last post's edit would bump: this never does."""
        with self.lock:
            post = self.rows.posts[post_id]
            post.raw, post.cooked, post.edit_reason = raw, cooked(raw), reason
            post.version += 1
            post.updated_at = self.now()
            self.tell("post", "post_edited", self.rows.topics[post.topic_id], post)
            return post

    def delete_post(self, post_id: int, *, by_author: bool = False) -> None:
        """Take a post away: staff hide it, its author leaves a line behind; the first post takes its topic along."""
        with self.lock:
            post = self.rows.posts[post_id]
            topic = self.rows.topics[post.topic_id]
            if post.number == 1:
                self.delete_topic(topic.id)
                return
            if by_author:
                post.user_deleted, post.raw = True, "(post deleted by author)"
                post.cooked = cooked(post.raw)
            else:
                post.deleted_at = self.now()
            post.updated_at = self.now()
            self.tell("post", "post_destroyed", topic, post)

    def delete_topic(self, topic_id: int) -> None:
        """Take a topic away; tells `topic_destroyed`."""
        with self.lock:
            topic = self.rows.topics[topic_id]
            topic.deleted_at = self.now()
            first = self.rows.posts[topic.post_ids[0]]
            first.deleted_at = topic.deleted_at
            self.tell("topic", "topic_destroyed", topic)
            self.tell("post", "post_destroyed", topic, first)

    def recover_topic(self, topic_id: int) -> None:
        """Bring a deleted topic back; tells `topic_recovered`."""
        with self.lock:
            topic = self.rows.topics[topic_id]
            topic.deleted_at = self.rows.posts[topic.post_ids[0]].deleted_at = None
            self.tell("topic", "topic_recovered", topic)

    def tell(self, kind: str, event: str, topic: Topic, post: Post | None = None) -> None:
        """Note a change: pages refresh, webhooks go out."""
        with self.lock:
            self.revision += 1
            for listener in self.listeners:
                listener(kind, event, topic, post)
