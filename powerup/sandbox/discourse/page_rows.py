"""What the forum's pages show, made ready for the templates."""

from dataclasses import dataclass

from markupsafe import Markup

from powerup.sandbox.common.cooking import clean
from powerup.sandbox.discourse.models import Post, PostType, Topic, User
from powerup.sandbox.discourse.post_json import public_count
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import Viewer

_ACTIONS = {
    "closed.enabled": "closed this topic",
    "closed.disabled": "opened this topic again",
    "assigned": "assigned this topic to",
    "assigned_group": "assigned this topic to",
    "unassigned": "unassigned",
    "unassigned_group": "unassigned",
}


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A line of the list."""

    topic: Topic
    author: User
    last: User
    replies: int
    category: str


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a topic; `action` is set for the forum's own lines."""

    post: Post
    author: User
    html: Markup
    action: str = ""

    @property
    def whisper(self) -> bool:
        """For staff only."""
        return self.post.type == PostType.whisper


def list_rows(store: ForumStore, *, staff: bool) -> list[TopicRow]:
    """Topics for the list; private ones for staff."""
    viewer = Viewer(store.user("system")) if staff else Viewer()
    topics = [topic for topic in store.rows.topics.values() if not topic.deleted_at and viewer.may_see(store, topic)]
    topics.sort(key=lambda topic: (topic.pinned, topic.bumped_at), reverse=True)
    return [_topic_row(store, topic) for topic in topics]


def _topic_row(store: ForumStore, topic: Topic) -> TopicRow:
    posts = [store.rows.posts[one] for one in topic.post_ids]
    talk = [post for post in posts if post.type == PostType.regular and not post.deleted_at]
    category = store.rows.categories.get(topic.category_id or 0)
    last = store.author(talk[-1] if talk else topic)
    return TopicRow(topic, store.author(topic), last, public_count(store, topic) - 1, category.name if category else "")


def post_rows(store: ForumStore, posts: list[Post]) -> list[PostRow]:
    """Posts with HTML that is filtered once more: the story plays forums that were careless."""
    return [_post_row(store, post) for post in posts]


def _post_row(store: ForumStore, post: Post) -> PostRow:
    action = f"{_ACTIONS.get(post.action_code, post.action_code)} {post.action_who or ''}".strip() if post.action_code else ""
    # nh3 has just made this safe: scripts, handlers, styles and javascript: addresses are gone.
    return PostRow(post, store.author(post), Markup(clean(post.cooked)), action)  # noqa: S704
