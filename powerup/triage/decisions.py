"""Decide about a thread in the queue: assign, link, no action, snooze. Each is one decision that undo takes back whole.

State, event and deliveries commit together; two triagers who decide about one thread meet at the ticket's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Dismissal
from powerup.cards.models import Card
from powerup.errors import AlreadyAssignedError, ConflictError, InvalidError
from powerup.events.actions import Actor
from powerup.links import actions as links
from powerup.outbox.models import Delivery, State
from powerup.teams import queries as teams
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage import lessons
from powerup.triage.effects import Effects
from powerup.triage.models import Decision
from powerup.triage.rules import Pace, Standing
from powerup.triage.standing import refresh

LONGEST_SNOOZE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the triager wants with each thread of the batch."""

    kind: str
    """`assign`, `link`, `no_action` or `snooze`."""
    batch: str
    owner: Owner | None = None
    card: Card | None = None
    """For `link`: the card of the similar problem."""
    until: datetime | None = None
    """For `snooze`."""
    seconds: float | None = None
    rank: int | None = None
    expected: Standing = Standing.new
    """Where the triager saw the thread: deciding anew about one that was set aside must be meant."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who decides, and how the workspace works."""

    by: Actor
    pace: Pace
    max_attempts: int


def decide(session: Session, ticket: Ticket, wanted: Wanted, desk: Desk) -> Decision:
    """Decide about one thread; the same batch gives its first decision again.

    Raises AlreadyAssignedError with who and where when somebody was faster, InvalidError for what cannot be meant.
    """
    session.refresh(ticket, with_for_update=True)
    earlier = session.scalar(
        select(Decision).where(
            Decision.workspace_id == ticket.workspace_id, Decision.batch == wanted.batch, Decision.ticket_id == ticket.id
        )
    )
    if earlier is not None:
        if (earlier.kind, earlier.member_id) != (wanted.kind, desk.by.id or ""):
            raise ConflictError("This batch id was used for another decision. Reload the page, and decide again.")
        return earlier
    _refuse_decided(session, ticket, wanted)
    made = Decision(
        workspace_id=ticket.workspace_id,
        batch=wanted.batch,
        ticket_id=ticket.id,
        kind=wanted.kind,
        member_id=desk.by.id or "",
        at=clock.now(),
        seconds=wanted.seconds,
        rank=wanted.rank,
    )
    if wanted.kind == "assign":
        _assign(session, ticket, wanted, desk, made)
    elif wanted.kind == "link":
        _link(session, ticket, wanted, desk, made)
    else:
        _dismiss(session, ticket, wanted, desk, made)
    session.add(made)
    refresh(session, ticket, desk.pace)
    return made


def batch_of(session: Session, workspace_id: int, batch: str, member_id: str) -> Sequence[Decision]:
    """What this triager decided at once and has not undone."""
    wanted = select(Decision).where(Decision.workspace_id == workspace_id, Decision.batch == batch, Decision.member_id == member_id)
    return session.scalars(wanted.where(Decision.undone_at.is_(None)).order_by(Decision.id)).all()


def _refuse_decided(session: Session, ticket: Ticket, wanted: Wanted) -> None:
    if _seen(ticket) in (Standing.new, wanted.expected):
        standing = owned.live(session, ticket.id)
        if standing is not None:
            raise assignments.refusal(session, standing)
        return
    last = session.scalar(
        select(Decision).where(Decision.ticket_id == ticket.id, Decision.undone_at.is_(None)).order_by(Decision.id.desc()).limit(1)
    )
    standing = owned.live(session, ticket.id)
    if standing is not None:
        raise assignments.refusal(session, standing)
    if last is None:
        raise AlreadyAssignedError(
            "This thread is linked to a card, assigned on the forum, or settled there; it has left the queue.", standing=ticket.triage
        )
    by = teams.name_of(session, ticket.workspace_id, last.member_id) or "Somebody"
    words = {"no_action": "marked it as no action", "snooze": "snoozed it", "link": "linked it to a card", "assign": "assigned it"}
    raise AlreadyAssignedError(
        f"{by} has already {words[last.kind]}.", by=last.member_id, by_name=by, at=clock.iso(last.at), standing=ticket.triage
    )


def _seen(ticket: Ticket) -> str:
    """Where people see the thread: one whose snooze is over is new."""
    woken = ticket.triage == Standing.snoozed and (ticket.snoozed_until is None or ticket.snoozed_until <= clock.now())
    return Standing.new if woken else ticket.triage


def _assign(session: Session, ticket: Ticket, wanted: Wanted, desk: Desk, made: Decision) -> None:
    if wanted.owner is None:
        raise InvalidError("Say to which team.", errors=[{"field": "team_id", "message": "is missing"}])
    team = teams.get(session, ticket.workspace_id, wanted.owner.team_id)
    assignment = assignments.assign(session, ticket, wanted.owner, by=desk.by)
    made.assignment_id = assignment.id
    lessons.learn(session, assignment)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    effects.card(team, assignment)
    person = teams.person(session, ticket.workspace_id, wanted.owner.member_id) if wanted.owner.member_id else None
    effects.forum_assign(team, person)
    effects.alert("assigned", team, {"assignment_id": assignment.id, "urgent": ticket.impact == "outage"})


def _link(session: Session, ticket: Ticket, wanted: Wanted, desk: Desk, made: Decision) -> None:
    card = wanted.card
    if card is None or card.closed_at is not None:
        raise InvalidError("Choose a card that is still on its board.", errors=[{"field": "card_id", "message": "names no open card"}])
    _refuse_leaving(session, card)
    team, area_id, member_id = _owner_of(session, card)
    made.link_id = links.link(session, card, ticket, by=desk.by, max_attempts=desk.max_attempts).id
    if team is None:
        return
    assignment = assignments.assign(session, ticket, Owner(team.id, area_id, member_id), by=desk.by, card_id=card.id)
    made.assignment_id = assignment.id
    lessons.learn(session, assignment)
    effects = Effects(session, ticket, desk.by, desk.max_attempts)
    effects.label(card.id)
    effects.forum_assign(team, teams.person(session, ticket.workspace_id, member_id) if member_id else None)
    effects.alert("linked", team, {"assignment_id": assignment.id, "card_id": card.id, "urgent": ticket.impact == "outage"})


def _refuse_leaving(session: Session, card: Card) -> None:
    """A worker that is archiving the card has looked already whether anybody else needs it: this thread would go with it."""
    leaving = select(Delivery.id).where(Delivery.card_id == card.id, Delivery.kind == "trello_archive", Delivery.state == State.running)
    if session.scalar(leaving.limit(1)) is not None:
        raise ConflictError("This card is going to the archive at this moment. Assign the thread instead, or choose another card.")


def _owner_of(session: Session, card: Card) -> tuple[Team | None, int | None, str | None]:
    """Whose the card is: as assigned, else the team of its board."""
    standing = owned.of_card(session, card.workspace_id, card.id)
    if standing:
        assignment = standing[0].Assignment
        return standing[0].Team, assignment.area_id, assignment.member_id
    return teams.of_board(session, card.board_id), None, None


def _dismiss(session: Session, ticket: Ticket, wanted: Wanted, desk: Desk, made: Decision) -> None:
    if wanted.kind == "snooze":
        now = clock.now()
        if wanted.until is None or wanted.until <= now or wanted.until - now > timedelta(days=LONGEST_SNOOZE_DAYS):
            problem = {"field": "until", "message": f"is a time from now to {LONGEST_SNOOZE_DAYS} days ahead"}
            raise InvalidError("Until when?", errors=[problem])
    row = Dismissal(
        workspace_id=ticket.workspace_id,
        ticket_id=ticket.id,
        kind=wanted.kind,
        until=wanted.until if wanted.kind == "snooze" else None,
        made_by=desk.by.id,
        made_at=clock.now(),
    )
    made.dismissal_id = assignments.dismiss(session, ticket, row, by=desk.by).id
    if wanted.kind == "no_action":
        Effects(session, ticket, desk.by, desk.max_attempts).acknowledge()
