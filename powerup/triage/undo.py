"""Take decisions back, and pass tickets on after them: undo, reassign, hand back, take."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment, Dismissal
from powerup.cards.models import Card
from powerup.errors import AlreadyAssignedError, ConflictError
from powerup.events.actions import record
from powerup.links import actions as links
from powerup.links.models import Link
from powerup.outbox.actions import cancel_where
from powerup.outbox.models import Delivery
from powerup.resolutions.models import Resolution
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage import lessons
from powerup.triage.decisions import Desk
from powerup.triage.effects import Effects, was_made_for
from powerup.triage.models import Decision
from powerup.triage.standing import refresh


def undo(session: Session, decision: Decision, desk: Desk) -> Ticket:
    """The thread is back in the queue as if nothing had happened; a card that was made is archived.

    Raises ConflictError when somebody has gone on from there (passed it on, linked more to the card, resolved it): then the
    way back is "hand back" on the card.
    """
    ticket = session.get_one(Ticket, decision.ticket_id, with_for_update=True)
    session.refresh(decision)
    if decision.undone_at is not None:
        return ticket
    if decision.assignment_id is not None:
        _undo_assignment(session, ticket, session.get_one(Assignment, decision.assignment_id), desk, made_card=decision.kind == "assign")
    if decision.link_id is not None:
        _undo_link(session, ticket, session.get_one(Link, decision.link_id), desk)
    if decision.dismissal_id is not None:
        dismissal = session.get_one(Dismissal, decision.dismissal_id)
        dismissal.ended_at, dismissal.ended_by = dismissal.ended_at or clock.now(), desk.by.id
        Effects(session, ticket, desk.by, desk.max_attempts).unsaid()
    decision.undone_at = clock.now()
    record(session, ticket.workspace_id, "triage.undone", by=desk.by, ticket_id=ticket.id, decision=decision.id, kind=decision.kind)
    refresh(session, ticket, desk.pace)
    return ticket


def reassign(session: Session, assignment: Assignment, owner: Owner, desk: Desk, *, card_is_there: bool = False) -> Assignment:
    """Pass a ticket on to another team or person; its card moves there. Raises ConflictError when it is not theirs any more.

    :param card_is_there: somebody has taken the card to the team's board already.
    """
    ticket = session.get_one(Ticket, assignment.ticket_id, with_for_update=True)
    session.refresh(assignment)
    _refuse_ended(session, assignment)
    team = teams.get(session, ticket.workspace_id, owner.team_id)
    if (assignment.team_id, assignment.area_id, assignment.member_id) == (owner.team_id, owner.area_id, owner.member_id):
        return assignment
    same_team = assignment.team_id == owner.team_id
    assignments.end(session, assignment, "reassigned", by=desk.by)
    made = assignments.assign(session, ticket, owner, by=desk.by, card_id=assignment.card_id)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    if not same_team:
        _misrouted(session, assignment)
        if not card_is_there:
            effects.move(team, made)
    if assignment.area_id != made.area_id or not same_team:
        lessons.unlearn(session, assignment)
        lessons.learn(session, made, instead_of=assignment)
    if owner.member_id != assignment.member_id:
        effects.members(made, add=owner.member_id, remove=assignment.member_id)
    person = teams.person(session, ticket.workspace_id, owner.member_id) if owner.member_id else None
    effects.forum_assign(team, person)
    if not same_team:
        effects.alert("assigned", team, {"assignment_id": made.id, "urgent": ticket.impact == "outage"})
    refresh(session, ticket, desk.pace)
    return made


def hand_back(session: Session, assignment: Assignment, desk: Desk, *, why: str | None) -> Ticket:
    """Give a ticket back to triage: it stands near the top of the queue.

    A card that was made for it is archived, unless it stands for other tickets too; a card that people made only lets it go.
    """
    ticket = session.get_one(Ticket, assignment.ticket_id, with_for_update=True)
    session.refresh(assignment)
    _refuse_ended(session, assignment)
    alone = assignment.card_id is None or (
        was_made_for(session, assignment.card_id, ticket.id) and _others_on(session, assignment.card_id, ticket.id) == 0
    )
    assignments.end(session, assignment, "handed_back", by=desk.by, why=why)
    # Whoever had set it aside before it was assigned could not know that it would come back.
    assignments.end_dismissals(session, ticket.id, by=desk.by)
    _misrouted(session, assignment)
    # What the assignment taught is not true; where the thread belongs is not known yet.
    lessons.unlearn(session, assignment)
    lessons.learn_wrong(session, assignment)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    if alone:
        effects.archive(assignment)
    _end_links(session, ticket, desk, detach=not alone)
    effects.forum_assign(None, None)
    refresh(session, ticket, desk.pace)
    return ticket


def take(session: Session, assignment: Assignment, member_id: str, desk: Desk) -> None:
    """A person makes a ticket theirs, from the card or from Slack; raises AlreadyAssignedError when another person has it."""
    ticket = session.get_one(Ticket, assignment.ticket_id, with_for_update=True)
    session.refresh(assignment)
    _refuse_ended(session, assignment)
    if assignment.member_id == member_id:
        return
    assignments.take(session, assignment, member_id, by=desk.by)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    effects.members(assignment, add=member_id, remove=None)
    person = teams.person(session, ticket.workspace_id, member_id)
    effects.forum_assign(teams.get(session, ticket.workspace_id, assignment.team_id, removed_too=True), person)


def _undo_assignment(session: Session, ticket: Ticket, assignment: Assignment, desk: Desk, *, made_card: bool) -> None:
    session.refresh(assignment)
    if assignment.ended_at is not None:
        raise ConflictError("Somebody has passed this thread on since; it can be given back from its card.")
    if made_card and assignment.card_id is not None and _is_worked_on(session, assignment.card_id, ticket.id):
        raise ConflictError(
            "The card has been worked on since (more threads, or a resolution). Hand the thread back from its card instead."
        )
    assignments.end(session, assignment, "undone", by=desk.by)
    lessons.unlearn(session, assignment)
    cancel_where(session, Delivery.ticket_id == ticket.id, Delivery.kind == "team_alert")
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    if made_card:
        effects.archive(assignment)
        _end_links(session, ticket, desk, detach=False)
    effects.forum_assign(None, None)


def _undo_link(session: Session, ticket: Ticket, link: Link, desk: Desk) -> None:
    links.unlink(session, link, session.get_one(Card, link.card_id), ticket, by=desk.by, max_attempts=desk.max_attempts)


def _end_links(session: Session, ticket: Ticket, desk: Desk, *, detach: bool) -> None:
    """The ticket leaves its cards; an archived card keeps the address, so that its history can be read."""
    for link in session.scalars(select(Link).where(Link.ticket_id == ticket.id, Link.ended_at.is_(None))):
        if detach:
            _undo_link(session, ticket, link, desk)
        else:
            link.ended_at, link.ended_by = clock.now(), desk.by.id
            record(session, ticket.workspace_id, "link.ended", by=desk.by, card_id=link.card_id, ticket_id=ticket.id)


def _others_on(session: Session, card_id: int, ticket_id: int) -> int:
    others = select(func.count()).where(Link.card_id == card_id, Link.ticket_id != ticket_id, Link.ended_at.is_(None))
    return session.scalar(others) or 0


def _is_worked_on(session: Session, card_id: int, ticket_id: int) -> bool:
    resolved = select(Resolution.id).where(Resolution.card_id == card_id, Resolution.ended_at.is_(None)).limit(1)
    return _others_on(session, card_id, ticket_id) > 0 or session.scalar(resolved) is not None


def _misrouted(session: Session, assignment: Assignment) -> None:
    """The flight recorder hears that the decision was wrong."""
    about = update(Decision).where(Decision.assignment_id == assignment.id, Decision.handed_back_at.is_(None))
    session.execute(about.values(handed_back_at=clock.now()))


def _refuse_ended(session: Session, assignment: Assignment) -> None:
    if assignment.ended_at is None:
        return
    standing = owned.live(session, assignment.ticket_id)
    if standing is not None:
        raise assignments.refusal(session, standing)
    raise AlreadyAssignedError("This thread is back in triage; somebody gave it back or undid the assignment.")
