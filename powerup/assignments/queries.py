"""Whose is it, and whose was it?"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from powerup.assignments.models import Assignment
from powerup.errors import NotFoundError
from powerup.teams.models import Area, Team
from powerup.tickets.models import Ticket


def live(session: Session, ticket_id: int) -> Assignment | None:
    """The assignment that holds now."""
    return session.scalar(select(Assignment).where(Assignment.ticket_id == ticket_id, Assignment.ended_at.is_(None)))


def get(session: Session, workspace_id: int, assignment_id: int) -> Assignment:
    """One assignment of this workspace, live or ended; raises NotFoundError."""
    found = session.scalar(select(Assignment).where(Assignment.workspace_id == workspace_id, Assignment.id == assignment_id))
    if found is None:
        raise NotFoundError("There is no such assignment in this workspace.")
    return found


def of_card(session: Session, workspace_id: int, card_id: int) -> Sequence[Row[Assignment, Team]]:
    """The live assignments that a card stands for, oldest first."""
    wanted = (
        select(Assignment, Team)
        .join(Team, Team.id == Assignment.team_id)
        .where(Assignment.workspace_id == workspace_id, Assignment.card_id == card_id, Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    return session.execute(wanted).all()


def history(session: Session, workspace_id: int, ticket_id: int) -> Sequence[Row[Assignment, Team, Area]]:
    """All assignments of a ticket, newest first; the area may be None."""
    wanted = (
        select(Assignment, Team, Area)
        .join(Team, Team.id == Assignment.team_id)
        .outerjoin(Area, Area.id == Assignment.area_id)
        .where(Assignment.workspace_id == workspace_id, Assignment.ticket_id == ticket_id)
        .order_by(Assignment.id.desc())
    )
    return session.execute(wanted).all()


def was_handed_back(session: Session, ticket_id: int) -> bool:
    """Whether the ticket's last assignment (that was not undone) ended by a team that gave it back."""
    last = select(Assignment.ended_how).where(Assignment.ticket_id == ticket_id, not_undone())
    return session.scalar(last.order_by(Assignment.id.desc()).limit(1)) == "handed_back"


def last_end(session: Session, ticket_id: int) -> str | None:
    """How the ticket's last assignment ended; None when it holds, or when there was none."""
    last = select(Assignment.ended_how).where(Assignment.ticket_id == ticket_id).order_by(Assignment.id.desc()).limit(1)
    return session.scalar(last)


def not_undone() -> ColumnElement[bool]:
    """Assignments that happened: what was undone never did."""
    return or_(Assignment.ended_how.is_(None), Assignment.ended_how != "undone")


def open_by_team(session: Session, workspace_id: int) -> Mapping[int, int]:
    """How many threads each team owns that nobody has settled."""
    owned = select(Assignment.team_id, func.count()).join(Ticket, Ticket.id == Assignment.ticket_id)
    owned = owned.where(Assignment.workspace_id == workspace_id, Assignment.ended_at.is_(None), Ticket.triage == "owned")
    return {team_id: count for team_id, count in session.execute(owned.group_by(Assignment.team_id))}
