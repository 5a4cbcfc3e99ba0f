"""A workspace's business hours and targets."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock, hours
from powerup.events.actions import Actor, record
from powerup.tickets.models import Ticket
from powerup.triage.models import TriageSettings
from powerup.triage.rules import DEFAULT, Pace, Standing, targets_as_json, targets_from
from powerup.triage.standing import place


def pace(session: Session, workspace_id: int) -> Pace:
    """How this workspace measures waiting."""
    row = session.get(TriageSettings, workspace_id)
    return Pace(hours.read(row.hours), targets_from(row.targets)) if row else DEFAULT


def change(session: Session, workspace_id: int, wanted: Pace, *, by: Actor) -> None:
    """Save, and measure every ticket that waits for us anew."""
    row = session.get(TriageSettings, workspace_id)
    if row is None:
        row = TriageSettings(workspace_id=workspace_id)
        session.add(row)
    row.hours, row.targets, row.changed_at = hours.as_json(wanted.hours), targets_as_json(wanted.targets), clock.now()
    record(session, workspace_id, "triage.settings_changed", by=by)
    waiting = select(Ticket).where(Ticket.workspace_id == workspace_id, Ticket.waiting_on == "us", Ticket.triage != Standing.settled)
    for ticket in session.scalars(waiting.execution_options(yield_per=500)):
        place(ticket, wanted)
