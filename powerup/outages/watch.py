"""Watches areas for bursts: what new threads are about is written on them, and a rise far above the usual becomes a proposal."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.db.engine import Database
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
    found = burst(distinct(threads), now, observed_since=area.created_at - FRESH, proposed_at=last.proposed_at if last else None)
    if found is None:
        return None
    return actions.propose(session, area, evidence(found, area), title=f"Outage: {area.name}")


def evidence(found: Burst, area: Area) -> dict[str, object]:
    """What the burst showed, for the screen."""
    return {
        "count": found.count,
        "hours": round(found.window.total_seconds() / 3600, 2),
        "usual": round(found.usual, 2),
        "words": found.words(area.name),
    }
