"""Give a ticket to a team or person, pass it on, take it back. Each is a row that ends; what follows outside is `triage`'s."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries
from powerup.assignments.models import Assignment, Dismissal
from powerup.errors import AlreadyAssignedError
from powerup.events.actions import Actor, record
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket

LONGEST_REASON = 280


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom a ticket goes."""

    team_id: int
    area_id: int | None = None
    member_id: str | None = None
    """Trello's id of a person."""


def assign(session: Session, ticket: Ticket, owner: Owner, *, by: Actor, card_id: int | None = None) -> Assignment:
    """Assign a ticket that nobody has; raises AlreadyAssignedError naming who has it, for the second of two triagers."""
    standing = queries.live(session, ticket.id)
    if standing is not None:
        raise refusal(session, standing)
    made = Assignment(
        workspace_id=ticket.workspace_id,
        ticket_id=ticket.id,
        team_id=owner.team_id,
        area_id=owner.area_id,
        member_id=owner.member_id,
        card_id=card_id,
        made_by=by.id,
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        faster = queries.live(session, ticket.id)
        if faster is None:
            raise
        raise refusal(session, faster) from None
    if owner.area_id is not None:
        ticket.area_id = owner.area_id
    _note(session, "assignment.made", made, by)
    return made


def end(session: Session, assignment: Assignment, how: str, *, by: Actor, why: str | None = None) -> None:
    """End an assignment: `reassigned`, `handed_back`, `unlinked` or `undone`. Doing it twice changes nothing."""
    if assignment.ended_at is not None:
        return
    assignment.ended_at, assignment.ended_by, assignment.ended_how = clock.now(), by.id, how
    assignment.ended_why = (why or "").strip()[:LONGEST_REASON] or None
    session.flush()
    _note(session, f"assignment.{how}", assignment, by)


def take(session: Session, assignment: Assignment, member_id: str, *, by: Actor) -> None:
    """A person of the team makes it theirs; raises AlreadyAssignedError when another person has it."""
    if assignment.member_id == member_id:
        return
    if assignment.member_id is not None:
        raise _taken(session, assignment)
    assignment.member_id = member_id
    _note(session, "assignment.taken", assignment, by)


def release(session: Session, assignment: Assignment, *, by: Actor) -> None:
    """Nobody of the team has it in person any more; the team keeps it."""
    if assignment.member_id is None:
        return
    _note(session, "assignment.released", assignment, by)
    assignment.member_id = None


def dismiss(session: Session, ticket: Ticket, made: Dismissal, *, by: Actor) -> Dismissal:
    """Set a thread aside; an earlier dismissal of it ends."""
    end_dismissals(session, ticket.id, by=by)
    session.add(made)
    session.flush()
    record(
        session, ticket.workspace_id, f"triage.{made.kind}", by=by, ticket_id=ticket.id, until=clock.iso(made.until) if made.until else None
    )
    return made


def end_dismissals(session: Session, ticket_id: int, *, by: Actor) -> None:
    """The thread is set aside no longer."""
    for standing in session.scalars(select(Dismissal).where(Dismissal.ticket_id == ticket_id, Dismissal.ended_at.is_(None))):
        standing.ended_at, standing.ended_by = clock.now(), by.id
    session.flush()


def refusal(session: Session, standing: Assignment) -> AlreadyAssignedError:
    """The kind "no" to whoever comes second: who was first, and where it is."""
    team = teams.get(session, standing.workspace_id, standing.team_id, removed_too=True)
    by = teams.name_of(session, standing.workspace_id, standing.made_by) or "Somebody"
    return AlreadyAssignedError(
        f"{by} has already given this thread to {team.name}.",
        by=standing.made_by,
        by_name=by,
        at=clock.iso(standing.made_at),
        team={"id": team.id, "name": team.name},
        assignment_id=standing.id,
    )


def _taken(session: Session, standing: Assignment) -> AlreadyAssignedError:
    """The kind "no" to the second of two people of a team who want the same thread."""
    error = refusal(session, standing)
    name = teams.name_of(session, standing.workspace_id, standing.member_id) or "Somebody else"
    error.detail = f"{name} has already taken this thread."
    error.extra |= {"by": standing.member_id, "by_name": name}
    return error


def _note(session: Session, verb: str, assignment: Assignment, by: Actor) -> None:
    record(
        session,
        assignment.workspace_id,
        verb,
        by=by,
        card_id=assignment.card_id,
        ticket_id=assignment.ticket_id,
        assignment=assignment.id,
        team=assignment.team_id,
        area=assignment.area_id,
        member=assignment.member_id,
    )
