"""How hard a ticket's customer is hit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.assignments import queries as owned
from powerup.events.actions import record
from powerup.links.models import Link
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Desk
from powerup.triage.effects import Effects
from powerup.triage.rules import Impact
from powerup.triage.standing import refresh


def set_impact(session: Session, ticket: Ticket, impact: Impact, desk: Desk) -> bool:
    """Change a ticket's impact: its place in the queue, its targets, its cards' labels; an outage is told at once.

    Returns whether it was another one before.
    """
    session.refresh(ticket, with_for_update=True)
    if ticket.impact == impact:
        return False
    was, ticket.impact = ticket.impact, impact.value
    record(session, ticket.workspace_id, "ticket.impact_set", by=desk.by, ticket_id=ticket.id, impact=impact.value, was=was)
    refresh(session, ticket, desk.pace)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    for card_id in session.scalars(select(Link.card_id).where(Link.ticket_id == ticket.id, Link.ended_at.is_(None))):
        effects.label(card_id)
    if impact is Impact.outage:
        standing = owned.live(session, ticket.id)
        team = teams.get(session, ticket.workspace_id, standing.team_id, removed_too=True) if standing else None
        effects.alert("outage", team, {"assignment_id": standing.id if standing else None, "urgent": True})
    return True
