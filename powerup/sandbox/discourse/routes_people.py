"""Users and groups."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from powerup import clock
from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.errors import DiscourseError, not_found
from powerup.sandbox.discourse.models import Group, User
from powerup.sandbox.discourse.post_json import Json, small_user
from powerup.sandbox.discourse.store import ForumStore

bp = Blueprint("people", __name__)


@bp.get("/u/<username>.json")
def user(username: str) -> Json:
    """One user's card."""
    store, viewer = here()
    found = store.user(username)
    if found is None:
        raise not_found()
    posts = [post for post in store.rows.posts.values() if post.username == found.username and viewer.may_see_post(post)]
    topics = [topic for topic in store.rows.topics.values() if topic.username == found.username and viewer.may_see(store, topic)]
    last = max((post.created_at for post in posts), default=None)
    body = _card(found) | {"last_posted_at": clock.iso(last) if last else None, "post_count": len(posts), "topic_count": len(topics)}
    body["groups"] = [_group(group) for group in store.rows.groups.values() if found.username in group.members]
    return {"user_badges": [], "badges": [], "badge_types": [], "users": [], "user": body}


@bp.get("/u/<username>/emails.json")
def emails(username: str) -> ResponseReturnValue:
    """A user's addresses: for the user, and, with an entry in the log, for admins (moderators with a setting)."""
    store, viewer = here()
    if viewer.user is None:
        raise DiscourseError(403, "You need to be logged in to do that.", error_type="not_logged_in")
    found = store.user(username)
    if found is None:
        raise not_found()
    if found is not viewer.user:
        if not viewer.user.admin and not (viewer.staff and store.options.moderators_view_emails):
            return {"failed": "FAILED"}, 403
        store.rows.looks.append((viewer.user.username, found.username))
    return {"email": found.email, "secondary_emails": [], "unconfirmed_emails": [], "associated_accounts": []}


@bp.get("/admin/users/<int(signed=True):number>.json")
def account(number: int) -> Json:
    """A user as staff see them: without their address, but for oneself and staged users. For others there is no such page."""
    store, viewer = here()
    found = next((user for user in store.rows.users.values() if user.id == number), None)
    if found is None or not viewer.staff:
        raise not_found()
    shown = {"email": found.email, "secondary_emails": []} if found.staged or found is viewer.user else {}
    return _card(found) | shown | {"active": found.active, "can_activate": not found.active, "can_deactivate": found.active}


@bp.get("/groups.json")
def groups() -> Json:
    """All groups on one page."""
    store, _viewer = here()
    rows = [_group(group) for group in store.rows.groups.values()]
    return {"groups": rows, "extras": {"type_filters": ["automatic"]}, "total_rows_groups": len(rows), "load_more_groups": "/groups?page=1"}


@bp.get("/groups/<name>.json")
def group(name: str) -> Json:
    """One group."""
    store, _viewer = here()
    return {"group": _group(_found(store, name)), "extras": {"visible_group_names": [one.name for one in store.rows.groups.values()]}}


@bp.get("/groups/<name>/members.json")
def members(name: str) -> Json:
    """Members by `offset` and `limit`."""
    store, _viewer = here()
    names = _found(store, name).members
    offset = max(request.args.get("offset", 0, int), 0)
    limit = min(max(request.args.get("limit", 50, int), 1), 1000)
    rows = [_card(store.rows.users[one.lower()]) for one in names[offset : offset + limit]]
    meta = {"total": len(names), "limit": limit, "offset": offset}
    return {"members": rows, "owners": [], "meta": meta}


def _found(store: ForumStore, name: str) -> Group:
    found = store.rows.groups.get(name.lower())
    if found is None:
        raise not_found()
    return found


def _group(group: Group) -> Json:
    return {
        "id": group.id,
        "automatic": group.automatic,
        "name": group.name,
        "display_name": group.name,
        "full_name": group.full_name or None,
        "user_count": len(group.members),
        "mentionable_level": 0,
        "messageable_level": 99,
        "assignable_level": 99,
        "visibility_level": 0,
        "primary_group": False,
        "title": None,
        "has_messages": not group.automatic,
        "can_see_members": True,
    }


def _card(user: User) -> Json:
    return small_user(user) | {
        "last_posted_at": None,
        "last_seen_at": None,
        "created_at": clock.iso(user.created_at) if user.created_at else None,
        "trust_level": 4 if user.staff else 1,
        "moderator": user.moderator,
        "admin": user.admin,
        "staged": user.staged,
        "title": user.title,
        "badge_count": 0,
        "custom_fields": {},
    }
