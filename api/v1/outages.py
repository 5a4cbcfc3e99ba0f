"""Outages: many customers, one problem, one master card."""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy.orm import Session

from api import auth
from api.context import database, settings
from api.openapi import Model, body, documented
from api.v1.shapes.outages import OutageShape, outage_shapes
from powerup.outages import actions, queries
from powerup.outages.actions import MOST_AT_ONCE, PROMISES, Declaration
from powerup.teams import queries as teams
from powerup.tickets.replies import LONGEST
from powerup.triage.decisions import Desk
from powerup.triage.settings import pace

blueprint = Blueprint("outages", __name__)

TicketIds = Annotated[list[int], Field(min_length=1, max_length=MOST_AT_ONCE)]
Minutes = Annotated[int, Field(ge=PROMISES[0], le=PROMISES[1])]


class OutageWanted(Model):
    """What the person who opens outage mode says."""

    area_id: int
    title: str = Field(min_length=1, max_length=250)
    ticket_ids: TicketIds
    reply: str = Field("", max_length=LONGEST)
    """The holding reply to each customer; `{name}` becomes their name."""
    promise_minutes: Minutes = 60


class OutageChange(Model):
    """`dismissed`: the burst was none. `over`: the all-clear, with its words to the customers."""

    state: Literal["dismissed", "over"]
    text: str = Field("", max_length=LONGEST)


class OutageNews(Model):
    """News for every customer, and the next promise."""

    text: str = Field(min_length=1, max_length=LONGEST)
    promise_minutes: Minutes | None = None
    request_id: str | None = Field(None, min_length=8, max_length=64)
    """The same id tells everybody once."""


class OutageJoin(Model):
    """More customers who are hit; `reply` is said to them."""

    ticket_ids: TicketIds
    reply: str = Field("", max_length=LONGEST)


class OutageList(Model):
    """The newest first."""

    outages: list[OutageShape]


class OutageAnswer(Model):
    """One outage."""

    outage: OutageShape


@blueprint.get("/outages")
@documented(tag="outages", answers={200: OutageList})
def listed() -> dict[str, Any]:
    """Proposed, open and past outages."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        people = teams.people(session, workspace_id)
        return {"outages": outage_shapes(session, list(queries.listed(session, workspace_id)), people)}


@blueprint.post("/outages")
@documented(tag="outages", json=OutageWanted, answers={201: OutageAnswer}, problems=(409, 422))
def declare() -> tuple[dict[str, Any], int]:
    """Open outage mode, on a proposal or without one: a master card, a holding reply to all, a promise of news."""
    wanted, workspace_id = body(OutageWanted), auth.seat().workspace_id
    with database().write() as session:
        area = teams.area(session, workspace_id, wanted.area_id)
        said = Declaration(wanted.title, wanted.ticket_ids, wanted.reply, wanted.promise_minutes)
        made = actions.declare(session, area, said, _desk(session))
        return _answer(session, made.id), 201


@blueprint.put("/outages/<int:outage_id>")
@documented(tag="outages", json=OutageChange, answers={200: OutageAnswer}, problems=(409, 422))
def change(outage_id: int) -> dict[str, Any]:
    """Set a proposal aside, or give the all-clear."""
    wanted = body(OutageChange)
    with database().write() as session:
        outage = queries.get(session, auth.seat().workspace_id, outage_id).Outage
        if wanted.state == "dismissed":
            actions.dismiss(session, outage, by=auth.actor())
        else:
            actions.end(session, outage, wanted.text, _desk(session))
        return _answer(session, outage_id)


@blueprint.post("/outages/<int:outage_id>/updates")
@documented(tag="outages", json=OutageNews, answers={200: OutageAnswer}, problems=(409, 422))
def update(outage_id: int) -> dict[str, Any]:
    """Keep the promise: news to every customer."""
    wanted = body(OutageNews)
    with database().write() as session:
        outage = queries.get(session, auth.seat().workspace_id, outage_id).Outage
        actions.update(session, outage, wanted.text, _desk(session), promise_minutes=wanted.promise_minutes, request_id=wanted.request_id)
        return _answer(session, outage_id)


@blueprint.post("/outages/<int:outage_id>/tickets")
@documented(tag="outages", json=OutageJoin, answers={200: OutageAnswer}, problems=(409, 422))
def join(outage_id: int) -> dict[str, Any]:
    """More threads of the same problem."""
    wanted = body(OutageJoin)
    with database().write() as session:
        outage = queries.get(session, auth.seat().workspace_id, outage_id).Outage
        actions.join(session, outage, wanted.ticket_ids, _desk(session), reply=wanted.reply)
        return _answer(session, outage_id)


def _desk(session: Session) -> Desk:
    return Desk(auth.actor(), pace(session, auth.seat().workspace_id), settings().max_attempts)


def _answer(session: Session, outage_id: int) -> dict[str, Any]:
    workspace_id = auth.seat().workspace_id
    session.flush()
    row = queries.get(session, workspace_id, outage_id)
    return {"outage": outage_shapes(session, [row], teams.people(session, workspace_id))[0]}
