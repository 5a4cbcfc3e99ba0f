"""Clicks on buttons in Slack: who it was, what follows, and what Slack is told. The answer goes out as a delivery."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as owned
from powerup.assignments.models import Assignment
from powerup.errors import CloseloopError, ForbiddenError, NotFoundError
from powerup.events.actions import Actor
from powerup.inbox.models import Received
from powerup.outbox.actions import Order, enqueue
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.teams.models import Person
from powerup.triage.decisions import Desk
from powerup.triage.settings import pace
from powerup.triage.undo import take
from powerup.workspaces import queries as workspaces

TAKE = "take"
ANSWERED_WITHIN = timedelta(minutes=30)
"""How long Slack takes an answer (docs.slack.dev/interactivity/handling-user-interaction#message_responses)."""


def work_on(services: Services, item: Received) -> None:
    """Do what was clicked. Whoever comes second is refused kindly; whom we do not know is asked who they are."""
    if item.hint["action"] != TAKE:
        return
    try:
        with services.database.write() as session:
            person = teams.person_on_slack(session, item.workspace_id, item.hint["user"])
            if person is None:
                _answer(services, session, item, None, answer="who", slack_user_id=item.hint["user"], slack_name=item.hint["name"])
                return
            assignment = _take(services, session, item, person)
            about = {"assignment_id": assignment.id, "member_id": person.trello_member_id, "at": clock.iso(item.received_at)}
            _answer(services, session, item, assignment, answer="taken", what=_what(session, item, assignment), **about)
    except CloseloopError as error:
        with services.database.write() as session:
            _answer(services, session, item, _assignment(session, item), answer="refused", words=error.detail)


def _take(services: Services, session: Session, item: Received, person: Person) -> Assignment:
    assignment = _assignment(session, item)
    if assignment is None:
        raise NotFoundError("This thread is not known here any more.")
    member_id = person.trello_member_id
    if not workspaces.may_see(session, item.workspace_id, member_id):
        raise ForbiddenError("You are not a member of a board that is connected to Closeloop. Ask a board admin to add you.")
    desk = Desk(Actor("member", member_id), pace(session, item.workspace_id), services.settings.max_attempts)
    take(session, assignment, member_id, desk)
    return assignment


def _assignment(session: Session, item: Received) -> Assignment | None:
    value = str(item.hint["value"])
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        return None
    try:
        return owned.get(session, item.workspace_id, int(value))
    except NotFoundError:
        return None


def _what(session: Session, item: Received, assignment: Assignment) -> str:
    """Which alert it was whose button was clicked, so that its words stay."""
    sent = select(Delivery).where(Delivery.ticket_id == assignment.ticket_id, Delivery.kind == "team_alert")
    for delivery in session.scalars(sent):
        outcome: Mapping[str, Any] = delivery.outcome or {}
        if (outcome.get("channel"), outcome.get("ts")) == (item.hint["channel"], item.hint["ts"]):
            return str(delivery.payload["what"])
    return "assigned"


def _answer(services: Services, session: Session, item: Received, assignment: Assignment | None, **what: Any) -> None:
    payload = {"sealed_url": item.hint["sealed_url"], "until": clock.iso(item.received_at + ANSWERED_WITHIN), **what}
    order = Order(
        kind="slack_answer",
        lane=f"slack-answer:{item.id}",
        payload=payload,
        ticket_id=assignment.ticket_id if assignment else None,
        card_id=assignment.card_id if assignment else None,
        request_id=f"slack-click:{item.id}",
    )
    enqueue(session, item.workspace_id, order, max_attempts=services.settings.max_attempts)
