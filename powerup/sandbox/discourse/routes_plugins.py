"""discourse-assign and discourse-solved; with a plug-in switched off its routes are 404."""

from flask import Blueprint, request

from powerup.sandbox.discourse import workflow
from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.errors import DiscourseError, invalid_access, missing, not_found
from powerup.sandbox.discourse.listing import listed
from powerup.sandbox.discourse.models import Topic, User
from powerup.sandbox.discourse.params import params, text
from powerup.sandbox.discourse.post_json import Json, small_user
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import Viewer, post_for, staff_only, topic_for

bp = Blueprint("plugins", __name__)


@bp.put("/assign/assign.json")
def assign() -> Json:
    """Give a topic to a user or a group. What the plug-in refuses is 400 with `error`."""
    store, viewer, by, values = _assigning()
    topic = _target(store, viewer, values)
    username, group_name = text(values, "username"), text(values, "group_name")
    user = store.user(username) if username else None
    group = store.rows.groups.get(group_name.lower()) if group_name else None
    if user is None and group is None:
        raise not_found()
    if user and not _assignable(store, user):
        raise DiscourseError(400, error=f"@{user.username} can't be assigned since they don't belong to any of the allowed groups.")
    name = user.username if user else None
    group_name = None if user or group is None else group.name
    if (name, group_name) == (topic.assigned_user, topic.assigned_group):
        raise DiscourseError(400, error=f"'@{name or group_name}' has already been assigned to this topic")
    workflow.assign(store, topic, by.username, user=name, group=group_name, note=text(values, "note"))
    return {"success": "OK"}


@bp.put("/assign/unassign.json")
def unassign() -> Json:
    """Take the assignment away; harmless without one."""
    store, viewer, by, values = _assigning()
    workflow.unassign(store, _target(store, viewer, values), by.username)
    return {"success": "OK"}


@bp.get("/assign/suggestions.json")
def suggestions() -> Json:
    """Who may be assigned."""
    store, _viewer, _by, _values = _assigning()
    people = [small_user(user) for user in store.rows.users.values() if user.id > 0 and _assignable(store, user)]
    groups = [group.name for group in store.rows.groups.values() if not group.automatic]
    return {"suggestions": people, "assign_allowed_on_groups": ["staff", *groups], "assign_allowed_for_groups": groups}


@bp.get("/topics/messages-assigned/<name>.json", defaults={"kind": "user"})
@bp.get("/topics/group-topics-assigned/<name>.json", defaults={"kind": "group"})
def assigned(name: str, kind: str) -> Json:
    """What is assigned to one user or group, private messages too."""
    store, viewer, _by, _values = _assigning()

    def owner(topic: Topic) -> str:
        return ((topic.assigned_user if kind == "user" else topic.assigned_group) or "").lower()

    topics = [topic for topic in store.rows.topics.values() if owner(topic) == name.lower() and not topic.deleted_at]
    return listed(store, viewer, topics, request.path.removesuffix(".json"), request.args)


@bp.post("/solution/accept.json")
def accept() -> Json:
    """Mark a post as the solution."""
    store, viewer = here()
    if not store.options.solved:
        raise not_found()
    user = _solver(viewer)
    post = post_for(store, viewer, _post_id())
    topic = store.rows.topics[post.topic_id]
    if post.number == 1 or not (user.staff or topic.username == user.username):
        raise invalid_access()
    workflow.accept(store, topic, post, user.username)
    return {"accepted_answer": {"post_number": post.number, "username": post.username, "accepter_username": user.username}}


@bp.post("/solution/unaccept.json")
def unaccept() -> Json:
    """Take the mark away."""
    store, viewer = here()
    if not store.options.solved:
        raise not_found()
    _solver(viewer)
    post = post_for(store, viewer, _post_id())
    workflow.unaccept(store, store.rows.topics[post.topic_id], post)
    return {"success": "OK"}


def _assigning() -> tuple[ForumStore, Viewer, User, dict[str, object]]:
    store, viewer = here()
    if not store.options.assign:
        raise not_found()
    user = staff_only(viewer)
    if not store.options.assign_allowed:
        raise invalid_access()
    return store, viewer, user, params()


def _assignable(store: ForumStore, user: User) -> bool:
    return user.staff or any(user.username in group.members for group in store.rows.groups.values() if not group.automatic)


def _target(store: ForumStore, viewer: Viewer, values: dict[str, object]) -> Topic:
    target, kind = text(values, "target_id"), text(values, "target_type")
    if target is None or kind is None:
        raise missing("target_id" if target is None else "target_type")
    if not target.isdigit() or kind not in ("Topic", "Post"):
        raise DiscourseError(400, "You supplied invalid parameters to the request", error_type="invalid_parameters")
    if kind == "Post":
        return store.rows.topics[post_for(store, viewer, int(target)).topic_id]
    return topic_for(store, viewer, int(target))


def _post_id() -> int:
    wanted = text(params(), "id")
    if wanted is None or not wanted.isdigit():
        raise missing("id")
    return int(wanted)


def _solver(viewer: Viewer) -> User:
    if viewer.user is None:
        raise invalid_access()
    return viewer.user
