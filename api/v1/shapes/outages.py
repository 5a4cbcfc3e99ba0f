"""Outages."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.openapi import Model
from api.v1.shapes.refs import AreaRef, MemberRef, TeamRef, area_ref, member_ref, team_ref
from powerup import clock
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.outages import queries
from powerup.outages.models import Outage
from powerup.outages.queries import Found
from powerup.teams.models import Person
from powerup.tickets.models import Ticket


class OutageEvidence(Model):
    """What the burst showed."""

    count: int
    hours: float
    usual: float
    words: str


class OutageTicketRef(Model):
    """A customer's thread that is hit, or may be."""

    id: int
    subject: str
    url: str
    created_at: str


class OutageCard(Model):
    """The master card."""

    trello_id: str
    name: str
    url: str


class OutageShape(Model):
    """Many customers with one problem."""

    id: int
    state: Literal["proposed", "open", "over", "dismissed"]
    area: AreaRef
    team: TeamRef
    title: str
    evidence: OutageEvidence | None
    opened_by: MemberRef | None
    opened_at: str | None
    promise_minutes: int
    next_word_at: str | None
    """By when customers were promised news."""
    late: bool
    """The promise is broken."""
    tickets: list[OutageTicketRef]
    candidates: list[OutageTicketRef]
    """Threads of the area that nobody owns and that are not in it."""
    told: int
    """Messages to customers that went out …"""
    to_tell: int
    """… of so many."""
    card: OutageCard | None
    ended_at: str | None


def outage_shapes(session: Session, found: list[Found], people: Mapping[str, Person]) -> list[dict[str, Any]]:
    """`OutageShape`s."""
    telling = queries.telling(session, [row.Outage.id for row in found])
    return [_shape(session, row, people, telling[row.Outage.id]) for row in found]


def _shape(session: Session, row: Found, people: Mapping[str, Person], telling: tuple[int, int]) -> dict[str, Any]:
    outage: Outage = row.Outage
    stands = outage.state in ("proposed", "open")
    return {
        "id": outage.id,
        "state": outage.state,
        "area": area_ref(row.Area),
        "team": team_ref(row.Team),
        "title": outage.title,
        "evidence": outage.evidence or None,
        "opened_by": member_ref(people, outage.opened_by),
        "opened_at": clock.iso(outage.opened_at) if outage.opened_at else None,
        "promise_minutes": outage.promise_minutes,
        "next_word_at": clock.iso(outage.next_word_at) if outage.next_word_at else None,
        "late": outage.next_word_at is not None and outage.next_word_at < clock.now(),
        "tickets": [_ticket(each) for each in queries.tickets_of(session, outage.id)],
        "candidates": [_ticket(each) for each in queries.candidates(session, outage)] if stands else [],
        "told": telling[0],
        "to_tell": telling[1],
        "card": _card(session, outage),
        "ended_at": clock.iso(outage.ended_at) if outage.ended_at else None,
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {"id": ticket.id, "subject": ticket.subject, "url": ticket.url, "created_at": clock.iso(ticket.created_at)}


def _card(session: Session, outage: Outage) -> dict[str, Any] | None:
    made = select(Card).join(Assignment, Assignment.card_id == Card.id)
    made = made.where(Assignment.ticket_id == outage.master_ticket_id, Assignment.ended_at.is_(None))
    card = session.scalar(made.limit(1))
    return {"trello_id": card.trello_id, "name": card.name, "url": card.url} if card is not None else None
