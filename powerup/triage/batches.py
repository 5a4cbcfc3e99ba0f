"""Decide about many threads at once: each for itself, all in one transaction. One that is refused holds up no other.

Tickets are taken in the order of their ids, whatever the page sent, so that two batches never wait for each other crosswise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.actions import Owner
from powerup.errors import CloseloopError, ConflictError, InvalidError, NotFoundError
from powerup.teams import queries as teams
from powerup.tickets import queries as tickets
from powerup.triage.brain import TeamChoice
from powerup.triage.decisions import Desk, Wanted, decide
from powerup.triage.impacts import set_impact
from powerup.triage.models import Decision
from powerup.triage.rules import Impact
from powerup.triage.undo import undo

UNDOABLE = timedelta(hours=24)
"""Later the team has begun to work on it: then the way back is "hand back" on the card."""
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Refused:
    """A thread about which nothing was decided, and why."""

    ticket_id: int
    error: CloseloopError


@dataclass(slots=True)
class Outcome:
    """What became of a batch, in the order of ticket ids."""

    done: list[Decision] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def each(session: Session, ticket_ids: Iterable[int], act: Callable[[int], Made]) -> tuple[list[Made], list[Refused]]:
    """Do it for each ticket on its own; what a CloseloopError says "no" to is undone and told. Nonsense (InvalidError) ends it all."""
    done: list[Made] = []
    refused: list[Refused] = []
    for ticket_id in sorted(set(ticket_ids)):
        try:
            with session.begin_nested():
                done.append(act(ticket_id))
        except InvalidError:
            raise
        except CloseloopError as error:
            refused.append(Refused(ticket_id, error))
    return done, refused


def decide_all(
    session: Session,
    workspace_id: int,
    ticket_ids: Sequence[int],
    wanted: Wanted,
    desk: Desk,
    areas: Mapping[int, int],
    ranks: Mapping[int, int],
) -> Outcome:
    """Decide the same about each.

    :param areas: ticket -> area, for tickets whose area the triager left open.
    :param ranks: ticket -> which suggestion was taken.
    """
    _check_owner(session, workspace_id, wanted.owner)
    # What was decided at once took each thread its part of the time.
    shared = wanted.seconds / len(set(ticket_ids)) if wanted.seconds is not None else None

    def act(ticket_id: int) -> Decision:
        ticket = tickets.get(session, workspace_id, ticket_id)
        owner = wanted.owner
        if owner is not None and owner.area_id is None:
            owner = replace(owner, area_id=areas.get(ticket_id))
        made = decide(session, ticket, replace(wanted, owner=owner, seconds=shared, rank=ranks.get(ticket_id)), desk)
        session.flush()
        return made

    return Outcome(*each(session, ticket_ids, act))


def undo_all(session: Session, workspace_id: int, batch: str, desk: Desk) -> tuple[list[int], list[Refused]]:
    """Take back what this triager decided at once; doing it twice changes nothing. Raises NotFoundError for a batch of nobody's."""
    own = select(Decision).where(Decision.workspace_id == workspace_id, Decision.batch == batch, Decision.member_id == (desk.by.id or ""))
    mine = {decision.ticket_id: decision for decision in session.scalars(own)}
    if not mine:
        raise NotFoundError("You have decided nothing under this id.")

    def act(ticket_id: int) -> int:
        decision = mine[ticket_id]
        if decision.undone_at is None and decision.at < clock.now() - UNDOABLE:
            raise ConflictError("This was decided more than a day ago. Hand the thread back from its card instead.")
        undo(session, decision, desk)
        session.flush()
        return ticket_id

    return each(session, mine, act)


def set_impacts(session: Session, workspace_id: int, ticket_ids: Sequence[int], impact: Impact, desk: Desk) -> list[int]:
    """Set the impact of each; returns those whose impact has changed. Raises NotFoundError for a ticket that is not ours."""
    changed = []
    for ticket_id in sorted(set(ticket_ids)):
        ticket = tickets.get(session, workspace_id, ticket_id)
        if set_impact(session, ticket, impact, desk):
            changed.append(ticket_id)
    return changed


def best_areas(choices: Mapping[int, Sequence[TeamChoice]], team_id: int) -> dict[int, int]:
    """Ticket -> the area of this team that the thread is most probably about, where anything speaks for one."""
    return {
        ticket_id: found.area.id
        for ticket_id, offered in choices.items()
        for found in offered
        if found.team.id == team_id and found.area is not None
    }


def check_area(session: Session, workspace_id: int, team_id: int, area_id: int | None) -> None:
    """Raises InvalidError unless the area is one of the team's."""
    if area_id is not None and teams.area(session, workspace_id, area_id).team_id != team_id:
        raise InvalidError("This area belongs to another team.", errors=[{"field": "area_id", "message": "is not the team's"}])


def check_person(session: Session, workspace_id: int, member_id: str | None) -> None:
    """Raises InvalidError unless Closeloop knows this person here."""
    if member_id is not None and teams.person(session, workspace_id, member_id) is None:
        raise InvalidError(
            "Closeloop knows no such person here.", errors=[{"field": "member_id", "message": "names nobody of this workspace"}]
        )


def _check_owner(session: Session, workspace_id: int, owner: Owner | None) -> None:
    if owner is None:
        return
    teams.get(session, workspace_id, owner.team_id)
    check_area(session, workspace_id, owner.team_id, owner.area_id)
    check_person(session, workspace_id, owner.member_id)
