"""Decide about threads, take it back, say how hard customers are hit."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from flask import Blueprint
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.people import TeamRef
from api.v1.shapes.triage import ImpactName
from powerup import clock
from powerup.assignments.actions import Owner
from powerup.cards import queries as cards
from powerup.errors import InvalidError
from powerup.teams import queries as teams
from powerup.teams.models import Team
from powerup.triage import batches, queue
from powerup.triage.batches import Outcome, Refused
from powerup.triage.decisions import Desk, Wanted
from powerup.triage.rules import Impact, Standing
from powerup.triage.settings import pace

blueprint = Blueprint("triage_decisions", __name__)

MOST = 100
"""Threads that are decided about at once."""
TicketIds = Annotated[list[int], Field(min_length=1, max_length=MOST)]
BATCH = r"^[\w.:-]{8,64}$"


class DecisionsWanted(Model):
    """The same decision about each of these threads."""

    kind: Literal["assign", "link", "no_action", "snooze"]
    ticket_ids: TicketIds
    team_id: int | None = None
    area_id: int | None = None
    """Left out: the team's area that the thread is most probably about."""
    member_id: str | None = Field(None, max_length=64)
    card_id: int | None = None
    """Our id of the card of the similar problem."""
    until: str | None = Field(None, max_length=40)
    seconds: float | None = Field(None, ge=0, le=86_400)
    """How long they were in front of the triager, all together."""
    ranks: dict[int, Annotated[int, Field(ge=0, le=3)]] = Field(default_factory=dict, max_length=MOST)
    """Ticket -> which suggestion was taken: 1 to 3, 0 for another team; left out where nothing was suggested."""
    expected: Literal["new", "snoozed", "no_action"] = "new"
    """Where the triager saw the threads."""
    batch: str = Field(pattern=BATCH)
    """Made by the page; the same id never decides twice, and takes it all back."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed = {"assign": "team_id", "link": "card_id", "snooze": "until"}.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            raise ValueError(f"{self.kind} needs {needed}")
        return self


class Done(Model):
    """A thread that was decided about."""

    ticket_id: int
    decision_id: int
    assignment_id: int | None
    note: str | None
    """What the triager should know, in plain words."""


class DecisionRefused(Model):
    """A thread about which nothing was decided: who was faster, and where it is."""

    ticket_id: int
    code: str
    detail: str
    by_name: str | None
    team: TeamRef | None
    at: str | None


class DecisionsAnswer(Model):
    """What became of the batch."""

    batch: str
    done: list[Done]
    refused: list[DecisionRefused]


class UndoRefused(Model):
    """A thread that cannot be taken back so, and why."""

    ticket_id: int
    detail: str


class UndoneAnswer(Model):
    """What was taken back."""

    undone: list[int]
    refused: list[UndoRefused]


class ImpactsWanted(Model):
    """How hard these customers are hit."""

    ticket_ids: TicketIds
    impact: ImpactName


class ImpactsAnswer(Model):
    """Tickets whose impact was another one before."""

    changed: list[int]


def desk(session: Session) -> Desk:
    """Who decides in this request."""
    return Desk(auth.actor(), pace(session, auth.seat().workspace_id), settings().max_attempts)


@blueprint.post("/triage/decisions")
@documented(tag="triage", json=DecisionsWanted, answers={200: DecisionsAnswer}, problems=(409, 422))
def decide() -> dict[str, Any]:
    """Assign, link, mark as no action or snooze; each thread for itself, all in one transaction."""
    said, workspace_id = body(DecisionsWanted), auth.seat().workspace_id
    areas = _areas(said, workspace_id)
    with database().write() as session:
        card = cards.in_workspace(session, workspace_id, said.card_id) if said.kind == "link" and said.card_id is not None else None
        owner = Owner(said.team_id, said.area_id, said.member_id) if said.kind == "assign" and said.team_id is not None else None
        wanted = Wanted(said.kind, said.batch, owner, card, _until(said.until), seconds=said.seconds, expected=Standing(said.expected))
        outcome = batches.decide_all(session, workspace_id, said.ticket_ids, wanted, desk(session), areas, said.ranks)
        team = teams.get(session, workspace_id, owner.team_id) if owner else None
        return _answer(said.batch, outcome, team)


@blueprint.delete("/triage/batches/<batch>")
@documented(tag="triage", answers={200: UndoneAnswer}, problems=(409,))
def take_back(batch: str) -> dict[str, Any]:
    """Undo what you decided at once in the last 24 hours; cards that were made are archived."""
    with database().write() as session:
        undone, refused = batches.undo_all(session, auth.seat().workspace_id, batch, desk(session))
        return {"undone": undone, "refused": [{"ticket_id": each.ticket_id, "detail": each.error.detail} for each in refused]}


@blueprint.put("/triage/impacts")
@documented(tag="triage", json=ImpactsWanted, answers={200: ImpactsAnswer}, problems=(422,))
def set_impacts() -> dict[str, Any]:
    """Set the impact of threads, in the queue or not."""
    said = body(ImpactsWanted)
    with database().write() as session:
        changed = batches.set_impacts(session, auth.seat().workspace_id, said.ticket_ids, Impact(said.impact), desk(session))
        return {"changed": changed}


def _areas(said: DecisionsWanted, workspace_id: int) -> dict[int, int]:
    """Looked up before the transaction: nobody waits for the models with a lock in hand."""
    if said.kind != "assign" or said.area_id is not None or said.team_id is None:
        return {}
    with database().read() as session:
        ours = list(queue.rows(session, workspace_id, said.ticket_ids))
        choices = services().brains.of(workspace_id).choices(session, ours, limit=MOST)
    return batches.best_areas(choices, said.team_id)


def _until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return clock.parse(text)
    except (ValueError, OverflowError):
        raise InvalidError("Until when?", errors=[{"field": "until", "message": "is a time like 2026-11-23T08:30:00Z"}]) from None


def _answer(batch: str, outcome: Outcome, team: Team | None) -> dict[str, Any]:
    note = f"{team.name} has no board yet: no card is made." if team is not None and not teams.is_ready(team) else None
    return {
        "batch": batch,
        "done": [
            {"ticket_id": each.ticket_id, "decision_id": each.id, "assignment_id": each.assignment_id, "note": note}
            for each in outcome.done
        ],
        "refused": [refusal(each) for each in outcome.refused],
    }


def refusal(refused: Refused) -> dict[str, Any]:
    """A `DecisionRefused`."""
    error = refused.error
    about = {name: error.extra.get(name) for name in ("by_name", "team", "at")}
    return {"ticket_id": refused.ticket_id, "code": str(error.code), "detail": error.detail, **about}
