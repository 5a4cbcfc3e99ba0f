"""The flight recorder: how fast triage goes, and what it costs in threads sent to the wrong team."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, documented, query
from api.v1.shapes.refs import MemberRef, TeamRef, member_ref, team_ref
from powerup import clock
from powerup.teams import queries as teams
from powerup.triage import recorder
from powerup.triage.recorder import Day
from powerup.triage.settings import pace

blueprint = Blueprint("recorder", __name__)


class RecorderAsked(Model):
    """How far back."""

    days: int = Field(14, ge=1, le=90)


class RecorderToday(Model):
    """This morning."""

    left: int
    decided: int
    seconds_per_decision: float | None
    minutes_left: float
    triagers: int


class RecorderDay(Model):
    """One day, in the workspace's time zone."""

    date: str
    decisions: int
    seconds_per_decision: float | None
    undone: int
    misroutes: int
    misroute_rate: float | None
    """Of the threads that were assigned; null where none was."""
    rank1_share: float | None
    """How often the first suggestion was taken, of those with one."""
    settled: bool
    """Whether 48 hours have passed: before that, more may still come back."""


class RecorderTicket(Model):
    """A thread."""

    id: int
    subject: str
    url: str
    standing: str


class Misroute(Model):
    """A thread that went to the wrong team."""

    ticket: RecorderTicket
    team: TeamRef
    """That had it."""
    at: str
    why: str | None
    by: MemberRef | None
    decided_by: MemberRef | None


class RecorderAnswer(Model):
    """Speed against accuracy."""

    today: RecorderToday
    days: list[RecorderDay]
    misroutes: list[Misroute]
    time_zone: str


@blueprint.get("/triage/recorder")
@documented(tag="triage", query=RecorderAsked, answers={200: RecorderAnswer}, problems=(422,))
def show() -> dict[str, Any]:
    """How triage goes."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        zone = pace(session, workspace_id).hours.time_zone
        people = teams.people(session, workspace_id)
        now = recorder.progress(session, workspace_id, zone)
        return {
            "today": {
                "left": now.left,
                "decided": now.decided,
                "seconds_per_decision": now.seconds_per_decision,
                "minutes_left": round(now.minutes_left, 1),
                "triagers": now.triagers,
            },
            "days": [_day(each) for each in recorder.days(session, workspace_id, zone, number=query(RecorderAsked).days)],
            "misroutes": [_misroute(row, people) for row in recorder.misroutes(session, workspace_id)],
            "time_zone": zone,
        }


def _day(day: Day) -> dict[str, Any]:
    return {
        "date": day.day.isoformat(),
        "decisions": day.decisions,
        "seconds_per_decision": day.seconds_per_decision,
        "undone": day.undone,
        "misroutes": day.misroutes,
        "misroute_rate": day.misroutes / day.assigned if day.assigned else None,
        "rank1_share": day.first_taken / day.suggested if day.suggested else None,
        "settled": day.settled,
    }


def _misroute(row: Any, people: Any) -> dict[str, Any]:
    ticket, assignment = row.Ticket, row.Assignment
    return {
        "ticket": {"id": ticket.id, "subject": ticket.subject, "url": ticket.url, "standing": ticket.triage},
        "team": team_ref(row.Team),
        "at": clock.iso(row.Decision.handed_back_at),
        "why": assignment.ended_why,
        "by": member_ref(people, assignment.ended_by),
        "decided_by": member_ref(people, row.Decision.member_id),
    }
