"""GET and PUT /triage/settings: business hours, and how soon customers are answered."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, body, documented
from powerup import clock, hours
from powerup.errors import InvalidError
from powerup.hours import DAY_NAMES, Hours
from powerup.teams import queries as teams
from powerup.teams.actions import plan_stand_up
from powerup.triage import settings as triage
from powerup.triage.rules import Pace, targets_as_json, targets_from

blueprint = Blueprint("triage_settings", __name__)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LONGEST_WAIT = timedelta(days=2 * 365)
OpenDay = Annotated[list[str], Field(min_length=2, max_length=2)]
"""Opening and closing time."""


class HoursShape(Model):
    """A week in a time zone; a day that is null or left out is closed."""

    time_zone: str = Field(max_length=80)
    days: dict[Weekday, OpenDay | None]
    holidays: list[str] = Field(default_factory=list, max_length=hours.MOST_HOLIDAYS)


class TargetShape(Model):
    """Minutes of business time; null: no promise."""

    first_answer: int | None = None
    next_update: int | None = None


class TargetsShape(Model):
    """For each impact."""

    low: TargetShape
    normal: TargetShape
    high: TargetShape
    outage: TargetShape


class TriageSettingsShape(Model):
    """How this workspace measures waiting."""

    hours: HoursShape
    targets: TargetsShape


@blueprint.get("/triage/settings")
@documented(tag="triage", answers={200: TriageSettingsShape})
def show() -> dict[str, Any]:
    """Business hours and targets; until an admin says otherwise those of Closeloop."""
    with database().read() as session:
        return _shape(triage.pace(session, auth.seat().workspace_id))


@blueprint.put("/triage/settings")
@documented(tag="triage", json=TriageSettingsShape, answers={200: TriageSettingsShape}, problems=(422,))
def change() -> dict[str, Any]:
    """Change them; every waiting thread is measured anew. Board admins only."""
    auth.require_admin()
    said, workspace_id = body(TriageSettingsShape), auth.seat().workspace_id
    wanted = Pace(_hours(said.hours.model_dump()), targets_from(said.targets.model_dump()))
    _refuse_never(wanted)
    with database().write() as session:
        triage.change(session, workspace_id, wanted, by=auth.actor())
        for team in teams.listed(session, workspace_id):
            # Whoever stands up by the workspace's clock does so by the new one.
            plan_stand_up(team, wanted.hours.time_zone)
    return _shape(wanted)


def _hours(given: dict[str, Any]) -> Hours:
    try:
        return hours.read(given)
    except ValueError as error:
        field, _, message = str(error).partition(": ")
        raise InvalidError(f"Something is wrong with hours.{field}.", errors=[{"field": f"hours.{field}", "message": message}]) from None


def _refuse_never(wanted: Pace) -> None:
    """A promise for the year 2090 is a slip of the finger, and would cost seconds a thread to work out."""
    now = clock.now()
    for impact, targets in wanted.targets.items():
        for name in ("first_answer", "next_update"):
            minutes = getattr(targets, name)
            try:
                never = minutes is not None and hours.after(wanted.hours, now, timedelta(minutes=minutes)) - now > LONGEST_WAIT
            except OverflowError:
                never = True
            if never:
                problem = {"field": f"targets.{impact}.{name}", "message": "would take more than two years of these business hours"}
                raise InvalidError("A target is not usable.", errors=[problem])


def _shape(pace: Pace) -> dict[str, Any]:
    said: dict[str, Any] = hours.as_json(pace.hours)
    days = {name: said["days"].get(name) for name in DAY_NAMES}
    return {"hours": said | {"days": days}, "targets": targets_as_json(pace.targets)}
