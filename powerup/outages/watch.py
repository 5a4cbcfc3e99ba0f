"""Watches areas for bursts: what new threads are about is written on them, and a rise far above the usual becomes a proposal."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.db.engine import Database
from powerup.forums.models import Forum
from powerup.outages import actions
from powerup.outages.models import Outage
from powerup.suggest.bursts import Burst, burst, distinct
from powerup.teams import queries as teams
from powerup.teams.models import Area
from powerup.tickets.models import Ticket
from powerup.triage.brain import Brain

WEEKS = timedelta(weeks=8)
FRESH = timedelta(days=2)
"""Threads as young as this are given an area; older ones without one tell nothing about now."""
SURE = 0.4
"""Share of a suggestion from which a thread counts for the area."""
AT_ONCE = 100


def guess_areas(database: Database, brain: Brain) -> int:
    """Write down what fresh threads without an area are probably about; returns how many were placed.

    Thinking takes a while and holds no lock: only the writing does.
    """
    fresh = select(Ticket.id).where(
        Ticket.workspace_id == brain.workspace_id, Ticket.area_id.is_(None), Ticket.triage.in_(("new", "snoozed"))
    )
    with database.read() as session:
        found = session.scalars(fresh.where(Ticket.created_at > clock.now() - FRESH).order_by(Ticket.id.desc()).limit(AT_ONCE)).all()
        choices = brain.choices(session, found, limit=1) if found else {}
    sure = [(ticket_id, best[0].area.id) for ticket_id, best in choices.items() if best and best[0].area and best[0].share >= SURE]
    with database.write() as session:
        for ticket_id, area_id in sure:
            session.execute(update(Ticket).where(Ticket.id == ticket_id, Ticket.area_id.is_(None)).values(area_id=area_id))
    return len(sure)


def watch(session: Session, workspace_id: int) -> list[Outage]:
    """Propose outage mode for each area with a burst; those that stand already are left alone."""
    return [made for area in teams.areas(session, workspace_id) if (made := _watch_area(session, area)) is not None]


def _watch_area(session: Session, area: Area) -> Outage | None:
    now = clock.now()
    last = session.scalar(select(Outage).where(Outage.area_id == area.id).order_by(Outage.id.desc()).limit(1))
    if last is not None and last.state in ("proposed", "open"):
        return None
    came = select(Ticket.created_at, Ticket.customer_id).where(Ticket.area_id == area.id, Ticket.created_at > now - WEEKS)
    threads = [(at, str(customer)) for at, customer in session.execute(came.order_by(Ticket.created_at))]
    # Of a forum that was connected just now only fresh threads have areas: its past must not pass for a time when all was quiet.
    known_since = max(area.created_at, _newest_forum(session, area.workspace_id) or area.created_at)
    found = burst(distinct(threads), now, observed_since=known_since - FRESH, proposed_at=last.proposed_at if last else None)
    if found is None:
        return None
    return actions.propose(session, area, evidence(found, area), title=f"Outage: {area.name}")


def _newest_forum(session: Session, workspace_id: int) -> datetime | None:
    """When the last of the workspace's forums was connected."""
    return session.scalar(select(func.max(Forum.created_at)).where(Forum.workspace_id == workspace_id, Forum.removed_at.is_(None)))


def evidence(found: Burst, area: Area) -> dict[str, object]:
    """What the burst showed, for the screen."""
    return {
        "count": found.count,
        "hours": round(found.window.total_seconds() / 3600, 2),
        "usual": round(found.usual, 2),
        "words": found.words(area.name),
    }
