"""Reading a forum's history: start or widen it, pause it, go on. Board admins only, but for looking."""

from datetime import UTC, date, datetime, time
from typing import Any, Literal

from flask import Blueprint
from sqlalchemy.orm import Session

from api import auth
from api.context import database
from api.openapi import Model, body, documented
from api.v1.shapes.forums import BackfillShape, backfill_shape
from powerup.errors import NotFoundError
from powerup.forums import backfills, queries
from powerup.forums.models import Backfill

blueprint = Blueprint("backfills", __name__)


class BackfillWanted(Model):
    """How far back."""

    since: date
    """Threads with no activity since that day are left out."""


class BackfillChange(Model):
    """What it should do."""

    state: Literal["running", "paused"]


@blueprint.get("/forums/<int:forum_id>/backfill")
@documented(tag="forums", answers={200: BackfillShape})
def one(forum_id: int) -> dict[str, Any]:
    """How far reading the forum's history has come."""
    with database().read() as session:
        return backfill_shape(_get(session, forum_id))


@blueprint.post("/forums/<int:forum_id>/backfill")
@documented(tag="forums", json=BackfillWanted, answers={201: BackfillShape}, problems=(422,))
def start(forum_id: int) -> tuple[dict[str, Any], int]:
    """Read the history back to a day; one that runs is widened. What is known and unchanged is not read again."""
    auth.require_admin()
    since = datetime.combine(body(BackfillWanted).since, time(), UTC)
    with database().write() as session:
        forum = queries.get(session, auth.seat().workspace_id, forum_id)
        return backfill_shape(backfills.start(session, forum, since=since, by=auth.actor())), 201


@blueprint.patch("/forums/<int:forum_id>/backfill")
@documented(tag="forums", json=BackfillChange, answers={200: BackfillShape}, problems=(409, 422))
def change(forum_id: int) -> dict[str, Any]:
    """Pause it, or go on exactly where it stopped."""
    auth.require_admin()
    wanted = body(BackfillChange)
    with database().write() as session:
        made = _get(session, forum_id)
        (backfills.pause if wanted.state == "paused" else backfills.resume)(session, made, by=auth.actor())
        return backfill_shape(made)


def _get(session: Session, forum_id: int) -> Backfill:
    forum = queries.get(session, auth.seat().workspace_id, forum_id)
    made = backfills.of(session, forum.id)
    if made is None:
        raise NotFoundError("This forum's history was never asked for.")
    return made
