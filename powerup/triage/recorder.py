"""The flight recorder: how fast triage goes, and how often it sends threads to the wrong team. Speed against accuracy, in numbers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage.models import Decision
from powerup.triage.queue import Filter, count

MISROUTE = timedelta(hours=48)
"""A thread that its team gives back or passes on within this time went to the wrong team."""
USUAL_SECONDS = 8.0
"""A decision's length while nobody has decided anything yet."""
LONGEST_SECONDS = 300.0
"""A page left open over lunch is no long decision."""
SHORTEST_SECONDS = 1.0
"""Nobody reads a thread in less; a script's decisions would make every estimate nothing."""
RECENT = 50
"""Decisions from which the pace of now is taken."""


@dataclass(frozen=True, slots=True)
class Progress:
    """This morning."""

    left: int
    decided: int
    seconds_per_decision: float | None
    """Median of the latest decisions; None before the first."""
    minutes_left: float
    triagers: int
    """Who decided something within the last quarter of an hour, one at least."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day."""

    day: date
    decisions: int
    seconds_per_decision: float | None
    undone: int
    assigned: int
    misroutes: int
    suggested: int
    """Assignments for which something was suggested."""
    first_taken: int
    """… and the first suggestion was taken."""
    settled: bool
    """Whether 48 hours have passed since its end: before, more threads may come back."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is counted of a decision; the fields are columns of it."""

    at: datetime
    batch: str
    member_id: str
    seconds: float | None
    rank: int | None
    assignment_id: int | None
    undone_at: datetime | None
    handed_back_at: datetime | None


def progress(session: Session, workspace_id: int, zone: str) -> Progress:
    """How many are left, and about how long they will take at the pace of now."""
    now = clock.now()
    local = now.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = _since(session, workspace_id, midnight)
    done = [each for each in today if each.undone_at is None]
    pace = _lengths(done)[-RECENT:]
    seconds = median(pace) if pace else None
    busy = {each.member_id for each in done if each.at > now - timedelta(minutes=15)}
    left = count(session, workspace_id, Filter())
    minutes = left * (seconds if seconds is not None else USUAL_SECONDS) / 60 / max(len(busy), 1)
    return Progress(left, len(done), seconds, minutes, max(len(busy), 1))


def days(session: Session, workspace_id: int, zone: str, *, number: int = 14) -> list[Day]:
    """The last days on which something was decided, the latest first."""
    now, there = clock.now(), ZoneInfo(zone)
    by_day: defaultdict[date, list[Fact]] = defaultdict(list)
    for decision in _since(session, workspace_id, now - timedelta(days=number)):
        by_day[decision.at.astimezone(there).date()].append(decision)
    return [_day(day, by_day[day], now, there) for day in sorted(by_day, reverse=True)]


def misroutes(session: Session, workspace_id: int, *, limit: int = 50) -> Sequence[Row[Decision, Ticket, Assignment, Team]]:
    """Threads that went to the wrong team, the latest first."""
    wanted = (
        select(Decision, Ticket, Assignment, Team)
        .join(Ticket, Ticket.id == Decision.ticket_id)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .join(Team, Team.id == Assignment.team_id)
        .where(Decision.workspace_id == workspace_id, Decision.handed_back_at.is_not(None), Decision.undone_at.is_(None))
        .order_by(Decision.handed_back_at.desc())
        .limit(limit)
    )
    return [row for row in session.execute(wanted) if is_misroute(row.Decision)]


def is_misroute(decision: Decision | Fact) -> bool:
    """Whether it came back soon enough to have been wrong from the beginning."""
    back = decision.handed_back_at
    return back is not None and decision.undone_at is None and back - decision.at <= MISROUTE


def _since(session: Session, workspace_id: int, begin: datetime) -> Sequence[Fact]:
    # Columns, no entities: a quarter of a year is a hundred thousand rows.
    columns = (getattr(Decision, each.name) for each in fields(Fact))
    wanted = select(*columns).where(Decision.workspace_id == workspace_id, Decision.at >= begin)
    return [Fact(*row) for row in session.execute(wanted.order_by(Decision.at, Decision.id))]


def _lengths(decisions: Sequence[Fact]) -> list[float]:
    """How long each took, in seconds; what was decided at once was one decision."""
    together: defaultdict[str, float] = defaultdict(float)
    for each in decisions:
        if each.seconds is not None:
            together[each.batch] += each.seconds
    return [min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS) for seconds in together.values()]


def _day(day: date, decisions: Sequence[Fact], now: datetime, zone: ZoneInfo) -> Day:
    stand = [each for each in decisions if each.undone_at is None]
    seconds = _lengths(stand)
    assigned = [each for each in stand if each.assignment_id is not None]
    suggested = [each for each in assigned if each.rank is not None]
    over = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    return Day(
        day=day,
        decisions=len(stand),
        seconds_per_decision=median(seconds) if seconds else None,
        undone=len(decisions) - len(stand),
        assigned=len(assigned),
        misroutes=sum(is_misroute(each) for each in assigned),
        suggested=len(suggested),
        first_taken=sum(each.rank == 1 for each in suggested),
        settled=now - over > MISROUTE,
    )
