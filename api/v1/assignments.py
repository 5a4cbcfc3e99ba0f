"""Assignments, from the back of a card: pass on, hand back, take; and how hard a customer is hit."""

from typing import Any

from flask import Blueprint
from pydantic import Field
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services
from api.openapi import Model, body, documented
from api.v1.people import learn_names
from api.v1.shapes.assignments import AssignmentAnswer, assignment_shape
from api.v1.shapes.tickets import TicketSummary, ticket_summary
from api.v1.shapes.triage import ImpactName
from api.v1.triage.decisions import desk
from powerup.assignments import queries
from powerup.assignments.actions import LONGEST_REASON, Owner
from powerup.assignments.models import Assignment
from powerup.teams import queries as teams
from powerup.teams.models import Area
from powerup.tickets import queries as tickets
from powerup.triage import batches, undo
from powerup.triage.impacts import set_impact
from powerup.triage.rules import Impact

blueprint = Blueprint("assignments", __name__)


class Reassignment(Model):
    """To whom it goes."""

    team_id: int
    area_id: int | None = None
    member_id: str | None = Field(None, max_length=64)


class HandBack(Model):
    """What the triagers should know."""

    why: str | None = Field(None, max_length=LONGEST_REASON)


class Taker(Model):
    """Nothing: it is the one who asks."""


class ImpactWanted(Model):
    """How hard the customer is hit."""

    impact: ImpactName


class TicketAnswer(Model):
    """The ticket as it stands now."""

    ticket: TicketSummary


@blueprint.put("/assignments/<int:assignment_id>")
@documented(tag="assignments", json=Reassignment, answers={200: AssignmentAnswer}, problems=(409, 422))
def reassign(assignment_id: int) -> dict[str, Any]:
    """Pass a thread on to another team or person; its card moves to that team's inbox."""
    wanted, workspace_id = body(Reassignment), auth.seat().workspace_id
    with database().write() as session:
        standing = queries.get(session, workspace_id, assignment_id)
        teams.get(session, workspace_id, wanted.team_id)
        batches.check_area(session, workspace_id, wanted.team_id, wanted.area_id)
        batches.check_person(session, workspace_id, wanted.member_id)
        made = undo.reassign(session, standing, Owner(wanted.team_id, wanted.area_id, wanted.member_id), desk(session))
        return {"assignment": _shape(session, made)}


@blueprint.post("/assignments/<int:assignment_id>/hand-back")
@documented(tag="assignments", json=HandBack, answers={200: TicketAnswer}, problems=(409, 422))
def hand_back(assignment_id: int) -> dict[str, Any]:
    """Give a thread back to triage, where it stands near the top; its card is archived unless it stands for other threads too."""
    wanted, workspace_id = body(HandBack), auth.seat().workspace_id
    with database().write() as session:
        ticket = undo.hand_back(session, queries.get(session, workspace_id, assignment_id), desk(session), why=wanted.why)
        session.flush()
        return {"ticket": ticket_summary(tickets.summary(session, workspace_id, ticket.id))}


@blueprint.put("/assignments/<int:assignment_id>/taker")
@documented(tag="assignments", json=Taker, answers={200: AssignmentAnswer}, problems=(409, 422))
def take(assignment_id: int) -> dict[str, Any]:
    """Take a thread yourself."""
    seat = auth.seat()
    learn_names(services(), seat)
    with database().write() as session:
        standing = queries.get(session, seat.workspace_id, assignment_id)
        undo.take(session, standing, seat.member_id, desk(session))
        return {"assignment": _shape(session, standing)}


@blueprint.put("/tickets/<int:ticket_id>/impact")
@documented(tag="tickets", json=ImpactWanted, answers={200: TicketAnswer}, problems=(422,))
def change_impact(ticket_id: int) -> dict[str, Any]:
    """Say how hard the customer is hit: it moves in the queue, its cards wear the label, an outage is told at once."""
    wanted, workspace_id = body(ImpactWanted), auth.seat().workspace_id
    with database().write() as session:
        ticket = tickets.get(session, workspace_id, ticket_id)
        set_impact(session, ticket, Impact(wanted.impact), desk(session))
        session.flush()
        return {"ticket": ticket_summary(tickets.summary(session, workspace_id, ticket_id))}


def _shape(session: Session, assignment: Assignment) -> dict[str, Any]:
    team = teams.get(session, assignment.workspace_id, assignment.team_id, removed_too=True)
    area = session.get(Area, assignment.area_id) if assignment.area_id is not None else None
    return assignment_shape(assignment, team, area, teams.people(session, assignment.workspace_id))
