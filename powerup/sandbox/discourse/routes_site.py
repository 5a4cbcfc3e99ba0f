"""The site itself, its categories, the session, and search."""

from flask import Blueprint, request

from powerup import clock
from powerup.sandbox.common.cooking import plain
from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.errors import DiscourseError, not_found
from powerup.sandbox.discourse.listing import is_assigned
from powerup.sandbox.discourse.models import Post, PostType, Topic
from powerup.sandbox.discourse.post_json import Json, small_user
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.topic_json import list_item
from powerup.sandbox.discourse.viewing import Viewer, posts_of

bp = Blueprint("site", __name__)
_SEARCH_PAGE = 50


@bp.get("/site/basic-info.json")
def basic_info() -> Json:
    """Name and look of the site; readable by everybody."""
    store, _viewer = here()
    return {"title": store.options.title, "description": "Questions and answers about Northwind Deploy.", "logo_url": "", "favicon_url": ""}


@bp.get("/about.json")
def about() -> Json:
    """Who runs the site, and its version."""
    store, _viewer = here()
    people = [user for user in store.rows.users.values() if user.id > 0]
    return {
        "users": [small_user(user) for user in people if user.staff],
        "about": {
            "title": store.options.title,
            "description": "Questions and answers about Northwind Deploy.",
            "version": "3.6.0.beta1",
            "https": False,
            "locale": "en",
            "admin_ids": [user.id for user in people if user.admin],
            "moderator_ids": [user.id for user in people if user.moderator],
            "stats": {"topics_count": len(store.rows.topics), "posts_count": len(store.rows.posts), "users_count": len(people)},
        },
    }


@bp.get("/site.json")
def site() -> Json:
    """What a client must know of the site."""
    store, viewer = here()
    groups = [{"id": group.id, "name": group.name} for group in store.rows.groups.values()]
    return {
        "default_archetype": "regular",
        "notification_types": {},
        "post_types": {kind.name: int(kind) for kind in PostType},
        "groups": groups,
        "categories": _categories(store),
        "archetypes": [{"id": "regular", "name": "Regular Topic"}, {"id": "private_message", "name": "Personal Message"}],
        "can_tag_topics": viewer.staff,
        "whispers_allowed_groups_names": ["staff"] if store.options.whispers else [],
    }


@bp.get("/site/settings.json")
def settings() -> Json:
    """The settings that clients may know."""
    options = here()[0].options
    switches = {"assign_enabled": options.assign, "solved_enabled": options.solved, "tagging_enabled": options.tagging}
    switches["moderators_view_emails"] = options.moderators_view_emails
    return switches | {"title": options.title, "whispers_allowed_groups": "3" if options.whispers else ""}


@bp.get("/categories.json")
def categories() -> Json:
    """All categories."""
    store, _viewer = here()
    return {"category_list": {"can_create_category": False, "can_create_topic": True, "categories": _categories(store)}}


@bp.get("/session/current.json")
def current() -> Json:
    """Who asks; 404 for anonymous, as on a real site."""
    store, viewer = here()
    if viewer.user is None:
        raise not_found()
    user = viewer.user
    more = {"admin": user.admin, "moderator": user.moderator, "staff": user.staff, "trust_level": 4 if user.staff else 1}
    allowed = {"can_assign": user.staff and store.options.assign_allowed} if store.options.assign else {}
    whispers = {"whisperer": user.staff and store.options.whispers, "can_send_private_messages": True}
    return {"current_user": small_user(user) | more | allowed | whispers}


@bp.get("/search.json")
def search() -> Json:
    """One hit a topic: every word must occur. Knows in:, status:, assigned:, order:, @name among the words."""
    store, viewer = here()
    term = request.args.get("q", "").strip()
    if not term:
        raise DiscourseError(400, "param is missing or the value is empty: q", error_type="invalid_parameters")
    page = max(request.args.get("page", 1, int), 1)
    hits = _hits(store, viewer, term.split())
    shown = hits[(page - 1) * _SEARCH_PAGE : page * _SEARCH_PAGE]
    more = True if len(hits) > page * _SEARCH_PAGE else None
    summary: Json = {"more_posts": None, "more_users": None, "more_categories": None, "term": term, "search_log_id": 1}
    summary |= {"more_full_page_results": more, "can_create_topic": viewer.user is not None, "error": None, "extra": {}}
    summary |= {"post_ids": [post.id for _topic, post in shown], "user_ids": [], "category_ids": [], "tag_ids": [], "group_ids": []}
    return {
        "posts": [_hit(store, topic, post) for topic, post in shown],
        "topics": [list_item(store, topic, viewer) for topic, _post in shown],
        "users": [],
        "categories": [],
        "tags": [],
        "groups": [],
        "grouped_search_result": summary,
    }


def _hits(store: ForumStore, viewer: Viewer, words: list[str]) -> list[tuple[Topic, Post]]:
    filters = [word for word in words if ":" in word or word.startswith("@")]
    wanted = [word.strip('"').lower() for word in words if word not in filters]
    found = []
    for topic in store.rows.topics.values():
        if topic.deleted_at or topic.private or not viewer.may_see(store, topic) or not _passes(store, topic, viewer, filters):
            continue
        for post in posts_of(store, topic, viewer):
            text = f"{topic.title if post.number == 1 else ''} {plain(post.cooked)}".lower()
            if all(word in text for word in wanted):
                found.append((topic, post))
                break
    return sorted(found, key=lambda hit: hit[0].bumped_at, reverse=True)


def _passes(store: ForumStore, topic: Topic, viewer: Viewer, filters: list[str]) -> bool:
    for word in filters:
        name, _, value = word.partition(":")
        if word.startswith("@") and topic.username.lower() != word[1:].lower():
            return False
        assigned = {"in:assigned": "*", "in:unassigned": "nobody"}.get(word, value if name == "assigned" else None)
        if assigned and store.options.assign and viewer.staff and is_assigned(store, topic, assigned, viewer) is False:
            return False
        if name == "status" and value in ("open", "closed") and topic.closed != (value == "closed"):
            return False
        if name == "status" and value in ("solved", "unsolved") and (topic.accepted_post_id is not None) != (value == "solved"):
            return False
    return True


def _hit(store: ForumStore, topic: Topic, post: Post) -> Json:
    user = small_user(store.author(post))
    words = plain(post.cooked)
    created = clock.iso(post.created_at)
    blurb = words[:200] + ("..." if len(words) > 200 else "")
    return user | {"id": post.id, "created_at": created, "like_count": 0, "blurb": blurb, "post_number": post.number, "topic_id": topic.id}


def _categories(store: ForumStore) -> list[Json]:
    topics = [topic.category_id for topic in store.rows.topics.values()]
    return [
        {"id": one.id, "name": one.name, "slug": one.slug, "color": one.color, "text_color": "FFFFFF", "topic_count": topics.count(one.id)}
        for one in store.rows.categories.values()
    ]
