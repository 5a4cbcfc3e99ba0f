"""Tells a team's channel what happened to a thread of theirs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as owned
from powerup.assignments.models import Assignment
from powerup.deliveries.alert_words import alert, gather
from powerup.deliveries.channels import Channel
from powerup.deliveries.job import Outcome
from powerup.deliveries.outage_words import KINDS, outage_alert
from powerup.integrations.alerts import Alert
from powerup.integrations.errors import VendorBrokenError
from powerup.outbox.models import Delivery, State
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.triage.effects import card_lane

ABOUT_OWNERS = ("assigned", "linked", "answered")
"""What only matters to whoever still owns the thread."""
WAITS_FOR_CARD = timedelta(seconds=20)


@dataclass(frozen=True)
class TeamAlert:
    """Has no look first: no chat can be asked. A lost answer may show an alert twice."""

    channel: Channel
    alert: Alert | None
    """None: the thread is somebody else's by now."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The channel and the words, as things stand now; raises ConflictError where no channel is connected any more."""
        team_id = delivery.payload.get("team_id")
        team = teams.get(session, delivery.workspace_id, int(team_id), removed_too=True) if team_id else None
        channel = Channel.of(session, services, delivery.workspace_id, team)
        return cls(channel, team_alert(session, delivery))

    def send(self) -> Outcome:
        """Post."""
        if self.alert is None:
            return {"skipped": "The thread is no longer theirs."}
        return self.channel.tell(self.alert)

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def team_alert(session: Session, delivery: Delivery) -> Alert | None:
    """What the channel reads; None when it would be wrong by now."""
    what, urgent = delivery.payload["what"], bool(delivery.payload.get("urgent"))
    ticket = tickets.get(session, delivery.workspace_id, delivery.ticket_id or 0)
    assignment = _assignment(session, delivery)
    if what in ABOUT_OWNERS and (assignment is None or assignment.ended_at is not None):
        return None
    if what in KINDS:
        return outage_alert(session, delivery, gather(session, ticket, assignment), urgent=urgent)
    if what == "assigned" and not urgent and assignment is not None:
        _wait_for_card(session, delivery, ticket, assignment)
    return alert(what, gather(session, ticket, assignment, answer=what == "answered"), urgent=urgent)


def _assignment(session: Session, delivery: Delivery) -> Assignment | None:
    assignment_id = delivery.payload.get("assignment_id")
    if assignment_id is None:
        return owned.live(session, delivery.ticket_id or 0)
    return owned.get(session, delivery.workspace_id, int(assignment_id))


def _wait_for_card(session: Session, delivery: Delivery, ticket: Ticket, assignment: Assignment) -> None:
    """An alert that leads to the card is worth a moment; raises so that the next attempt comes then."""
    if assignment.card_id is not None or delivery.attempts_left <= 1 or clock.now() - delivery.created_at > WAITS_FOR_CARD:
        return
    coming = select(Delivery.id).where(Delivery.lane == card_lane(ticket), Delivery.kind == "trello_card")
    if session.scalar(coming.where(Delivery.state.in_((State.pending, State.running))).limit(1)) is not None:
        raise VendorBrokenError("It waits a moment for the card, to lead there.", sent=False)
