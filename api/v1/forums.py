"""Forums: connect, change, remove. Board admins only, but for looking."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services, settings
from api.openapi import body, documented
from api.v1.forum_checks import ForumWanted, address_of, credentials_of, found, try_out
from api.v1.shapes.forums import ForumList, ForumShape, forum_shape
from powerup import clock
from powerup.errors import ConflictError, InvalidError
from powerup.forums import actions, backfills, queries
from powerup.forums.actions import ForumSettings
from powerup.forums.credentials import shown
from powerup.forums.models import Forum
from powerup.integrations.forums.base import Check
from powerup.integrations.forums.registry import adapter_of
from powerup.tickets.queries import count_by_forum

blueprint = Blueprint("forums", __name__)


@blueprint.get("/forums")
@documented(tag="forums", answers={200: ForumList})
def listed() -> dict[str, Any]:
    """The workspace's forums and how reading them goes."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        return {"forums": _shapes(session, workspace_id, queries.listed(session, workspace_id))}


@blueprint.get("/forums/<int:forum_id>")
@documented(tag="forums", answers={200: ForumShape})
def one(forum_id: int) -> dict[str, Any]:
    """One forum."""
    with database().read() as session:
        return _shape(session, queries.get(session, auth.seat().workspace_id, forum_id))


@blueprint.post("/forums")
@documented(tag="forums", json=ForumWanted, answers={201: ForumShape}, problems=(409, 422, 502, 503, 504))
def connect() -> tuple[dict[str, Any], int]:
    """Connect a forum: the site is asked first, and nothing is saved when it does not answer as one."""
    auth.require_admin()
    wanted = body(ForumWanted)
    credentials = credentials_of(wanted, None)
    check = _checked(try_out(wanted, credentials))
    with database().write() as session:
        forum = actions.add(
            session, auth.seat().workspace_id, _settings(wanted, credentials), found(check), by=auth.actor(), sealer=services().sealer
        )
        if settings().backfill_days:
            backfills.start(session, forum, since=clock.now() - timedelta(days=settings().backfill_days), by=auth.actor())
        return _shape(session, forum), 201


@blueprint.patch("/forums/<int:forum_id>")
@documented(tag="forums", json=ForumWanted, answers={200: ForumShape}, problems=(409, 422, 502, 503, 504))
def change(forum_id: int) -> dict[str, Any]:
    """Change a forum's settings; null credentials keep those that are stored."""
    auth.require_admin()
    wanted = body(ForumWanted)
    with database().read() as session:
        before = queries.get(session, auth.seat().workspace_id, forum_id)
    if before.kind != wanted.kind:
        problem = {"field": "kind", "message": f"this forum is a {before.kind}; connect another instead"}
        raise InvalidError("A forum keeps its kind.", errors=[problem])
    credentials = credentials_of(wanted, before)
    check = _checked(try_out(wanted, credentials))
    with database().write() as session:
        forum = queries.get(session, auth.seat().workspace_id, forum_id)
        if (forum.base_url, forum.sealed_credentials) != (before.base_url, before.sealed_credentials):
            # What was tried out is not what would be saved.
            raise ConflictError("Somebody changed this forum at the same moment. Look at it again.")
        actions.change(session, forum, _settings(wanted, credentials), found(check), by=auth.actor(), sealer=services().sealer)
        return _shape(session, forum)


@blueprint.delete("/forums/<int:forum_id>")
@documented(tag="forums", answers={204: None})
def remove(forum_id: int) -> tuple[str, int]:
    """Stop reading and writing a forum; its tickets stay, its credentials are destroyed."""
    auth.require_admin()
    with database().write() as session:
        actions.remove(session, queries.get(session, auth.seat().workspace_id, forum_id), by=auth.actor())
    return "", 204


def _checked(check: Check) -> Check:
    if check.problems:
        raise InvalidError(" ".join(check.problems), errors=[{"field": "base_url", "message": problem} for problem in check.problems])
    return check


def _settings(wanted: ForumWanted, credentials: dict[str, str]) -> ForumSettings:
    return ForumSettings(
        kind=wanted.kind,
        name=wanted.name.strip(),
        base_url=address_of(wanted),
        credentials=credentials,
        hook_secret=wanted.webhook_secret or None,
        staff_usernames=wanted.staff_usernames,
        staff_groups=wanted.staff_groups,
        options={"tag_resolved": wanted.tag_resolved},
    )


def _shape(session: Session, forum: Forum) -> dict[str, Any]:
    return _shapes(session, forum.workspace_id, [forum])[0]


def _shapes(session: Session, workspace_id: int, forums: Sequence[Forum]) -> list[dict[str, Any]]:
    is_admin = auth.seat().role == "admin"
    stored = {forum.id: queries.credentials(forum, services().sealer) for forum in forums}
    counts, history = count_by_forum(session, workspace_id), backfills.by_forum(session, workspace_id)
    return [
        forum_shape(
            forum,
            # The address is half of a secret: for those who can enter it on the forum.
            hook_base=settings().base_url if is_admin else None,
            ticket_count=counts.get(forum.id, 0),
            backfill=history.get(forum.id),
            anonymous=not stored[forum.id],
            open_settings=shown(adapter_of(forum.kind).credential_fields, stored[forum.id]) if is_admin else None,
        )
        for forum in forums
    ]
