"""Saved views and canned replies."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, body, documented
from api.v1.triage.queue import QueueFilter
from powerup.tickets.replies import LONGEST
from powerup.triage import canned, views
from powerup.triage.models import CannedReply, View

blueprint = Blueprint("triage_views", __name__)


class ViewWanted(Model):
    """A filter and what to call it."""

    name: str = Field(min_length=1, max_length=80)
    filter: QueueFilter


class ViewShape(ViewWanted):
    """A saved view."""

    id: int


class ViewList(Model):
    """Your own, by name."""

    views: list[ViewShape]


class ViewAnswer(Model):
    """One."""

    view: ViewShape


class CannedWanted(Model):
    """A first reply that is often the same."""

    title: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=LONGEST)
    """`{name}` becomes the customer's name."""


class CannedShape(CannedWanted):
    """One of the workspace's."""

    id: int
    used: int


class CannedList(Model):
    """Most used first."""

    canned_replies: list[CannedShape]


class CannedAnswer(Model):
    """One."""

    canned_reply: CannedShape


@blueprint.get("/triage/views")
@documented(tag="triage", answers={200: ViewList})
def listed() -> dict[str, Any]:
    """Your saved views."""
    with database().read() as session:
        return {"views": [_view(each) for each in views.listed(session, *_me())]}


@blueprint.post("/triage/views")
@documented(tag="triage", json=ViewWanted, answers={201: ViewAnswer}, problems=(409, 422))
def save() -> tuple[dict[str, Any], int]:
    """Save a view; one of the same name is replaced."""
    wanted = body(ViewWanted)
    with database().write() as session:
        return {"view": _view(views.save(session, *_me(), wanted.name, wanted.filter.model_dump(exclude_unset=True)))}, 201


@blueprint.delete("/triage/views/<int:view_id>")
@documented(tag="triage", answers={204: None})
def forget(view_id: int) -> tuple[str, int]:
    """Delete one of your views."""
    with database().write() as session:
        views.delete(session, *_me(), view_id)
    return "", 204


@blueprint.get("/triage/canned-replies")
@documented(tag="triage", answers={200: CannedList})
def listed_replies() -> dict[str, Any]:
    """The workspace's canned replies."""
    with database().read() as session:
        return {"canned_replies": [_canned(each) for each in canned.listed(session, auth.seat().workspace_id)]}


@blueprint.post("/triage/canned-replies")
@documented(tag="triage", json=CannedWanted, answers={201: CannedAnswer}, problems=(409, 422))
def add_reply() -> tuple[dict[str, Any], int]:
    """Add one."""
    wanted = body(CannedWanted)
    with database().write() as session:
        return {"canned_reply": _canned(canned.add(session, auth.seat().workspace_id, wanted.title, wanted.text))}, 201


@blueprint.put("/triage/canned-replies/<int:reply_id>")
@documented(tag="triage", json=CannedWanted, answers={200: CannedAnswer}, problems=(422,))
def change_reply(reply_id: int) -> dict[str, Any]:
    """Give it other words."""
    wanted = body(CannedWanted)
    with database().write() as session:
        found = canned.get(session, auth.seat().workspace_id, reply_id)
        canned.change(found, wanted.title, wanted.text)
        return {"canned_reply": _canned(found)}


@blueprint.delete("/triage/canned-replies/<int:reply_id>")
@documented(tag="triage", answers={204: None})
def remove_reply(reply_id: int) -> tuple[str, int]:
    """Remove it."""
    with database().write() as session:
        canned.remove(canned.get(session, auth.seat().workspace_id, reply_id))
    return "", 204


def _me() -> tuple[int, str]:
    return auth.seat().workspace_id, auth.seat().member_id


def _view(view: View) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "filter": dict(view.filter)}


def _canned(reply: CannedReply) -> dict[str, Any]:
    return {"id": reply.id, "title": reply.title, "text": reply.text, "used": reply.used}
