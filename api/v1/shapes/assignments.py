"""Assignments."""

from typing import Any

from sqlalchemy import Row

from api.openapi import Model
from api.v1.shapes.people import AreaRef, Member, People, TeamRef, member, ref
from powerup import clock
from powerup.assignments.models import Assignment
from powerup.teams.models import Area, Team


class AssignmentShape(Model):
    """Whose a ticket is."""

    id: int
    ticket_id: int
    team: TeamRef
    area: AreaRef | None
    person: Member | None
    by: Member | None
    at: str


class AssignmentAnswer(Model):
    """The assignment that holds now."""

    assignment: AssignmentShape


def assignment_shape(assignment: Assignment, team: Team, area: Area | None, people: People) -> dict[str, Any]:
    """An `AssignmentShape`."""
    return {
        "id": assignment.id,
        "ticket_id": assignment.ticket_id,
        "team": ref(team),
        "area": ref(area),
        "person": member(people, assignment.member_id),
        "by": member(people, assignment.made_by),
        "at": clock.iso(assignment.made_at),
    }


def past_assignment(row: Row[Assignment, Team, Area], people: People) -> dict[str, Any]:
    """A `PastAssignment`."""
    made: Assignment = row.Assignment
    shown = assignment_shape(made, row.Team, row.Area, people)
    del shown["ticket_id"]
    ended = {"ended_at": clock.iso(made.ended_at) if made.ended_at else None, "ended_how": made.ended_how, "ended_why": made.ended_why}
    return shown | ended
