"""Which topics a list holds: order, filters, pages."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.post_json import Json
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.topic_json import topic_list
from powerup.sandbox.discourse.viewing import Viewer

PER_PAGE = 30


def public_topics(store: ForumStore, viewer: Viewer) -> list[Topic]:
    """What `/latest.json` draws from: private messages and deleted topics are never in it."""
    return [topic for topic in store.rows.topics.values() if not topic.private and not topic.deleted_at and viewer.may_see(store, topic)]


def listed(store: ForumStore, viewer: Viewer, topics: list[Topic], path: str, params: Mapping[str, str]) -> Json:
    """One page of `topics`. Pinned topics stand on top of every page, as some installations repeat them."""
    per_page = _number(params.get("per_page"), PER_PAGE, 1, 100)
    page = _number(params.get("page"), 0, 0, 1_000_000)
    rows = _ordered(_filtered(store, viewer, topics, params), params)
    pinned = [topic for topic in rows if topic.pinned] if "order" not in params else []
    rest = [topic for topic in rows if topic not in pinned]
    shown = rest[page * per_page : (page + 1) * per_page]
    more = None
    if (page + 1) * per_page < len(rest):
        kept = {name: value for name, value in params.items() if name != "page"}
        # Like the real one: without ".json".
        more = f"{path}?{urlencode({**kept, 'no_definitions': 'true', 'page': page + 1})}"
    return topic_list(store, pinned + shown, viewer, per_page=per_page, more=more)


def is_assigned(store: ForumStore, topic: Topic, to: str, viewer: Viewer) -> bool | None:
    """Whether the topic matches `?assigned=to`; None when the name is unknown (the filter is then ignored)."""
    name = viewer.user.username if to == "me" and viewer.user else to
    if name == "nobody":
        return not (topic.assigned_user or topic.assigned_group)
    if name == "*":
        return bool(topic.assigned_user or topic.assigned_group)
    if store.user(name) is None and name.lower() not in store.rows.groups:
        return None
    return name.lower() in ((topic.assigned_user or "").lower(), (topic.assigned_group or "").lower())


def _filtered(store: ForumStore, viewer: Viewer, topics: list[Topic], params: Mapping[str, str]) -> list[Topic]:
    options = store.options
    if "assigned" in params and options.assign and options.assign_allowed and viewer.staff:
        # An unknown name gives None: nothing is filtered, silently, as the plug-in does.
        topics = [topic for topic in topics if is_assigned(store, topic, params["assigned"], viewer) is not False]
    if options.solved and params.get("solved") in ("yes", "no"):
        topics = [topic for topic in topics if (topic.accepted_post_id is not None) == (params["solved"] == "yes")]
    if params.get("status") in ("open", "closed"):
        topics = [topic for topic in topics if topic.closed == (params["status"] == "closed")]
    return topics


def _ordered(topics: list[Topic], params: Mapping[str, str]) -> list[Topic]:
    created = params.get("order") == "created"

    def when(topic: Topic) -> tuple[datetime, int]:
        return (topic.created_at if created else topic.bumped_at, topic.id)

    return sorted(topics, key=when, reverse=params.get("ascending") != "true")


def _number(text: str | None, default: int, low: int, high: int) -> int:
    return min(max(int(text), low), high) if text and text.lstrip("-").isdigit() else default
