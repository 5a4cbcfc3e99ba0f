"""Put a team's digest together from what stands in the tables now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.forums.models import Forum
from powerup.outages.models import Outage
from powerup.resolutions.models import Resolution
from powerup.teams.models import Area, Team
from powerup.tickets.models import Customer, Ticket
from powerup.triage.rules import Standing

SHOWN = 5
"""Threads that a section names in a channel; the page shows more."""
LONGEST = timedelta(days=4)
"""A digest looks back to the last one, but not further than a long weekend."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thread in a section."""

    ticket_id: int
    subject: str
    """Empty for a private thread: a channel may be public."""
    customer: str
    forum: str
    url: str
    card_url: str | None
    member_id: str | None
    impact: str
    waiting_on: str | None
    waiting_since: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its threads; `count` is of all, `lines` are the most urgent."""

    key: str
    title: str
    count: int
    lines: Sequence[Line]
    above: int = 0
    """Threads of this section that an earlier one names; only where each is named once."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A team's morning."""

    team_id: int
    team: str
    at: datetime
    since: datetime
    sections: Sequence[Section]
    outages: Sequence[str] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        """Nothing to do: a good morning."""
        return not self.outages and not any(section.count for section in self.sections)


def compile_digest(session: Session, team: Team, *, since: datetime | None = None, shown: int = SHOWN, once: bool = False) -> Digest:
    """The digest as of now; `since` is when the last one was sent (a day ago when unknown).

    :param once: name each thread in the first section in which it stands; the others only count it.
    """
    now = clock.now()
    begin = max(since or now - timedelta(days=1), now - LONGEST)
    named: set[int] = set()
    parts = []
    for key, title, condition in _conditions(begin, now):
        parts.append(_section(session, team, key, title, condition, shown, named if once else ()))
        named.update(line.ticket_id for line in parts[-1].lines)
    return Digest(team.id, team.name, now, begin, parts, _outages(session, team))


def _conditions(since: datetime, now: datetime) -> list[tuple[str, str, ColumnElement[bool]]]:
    on_us = Ticket.waiting_on == "us"
    resolved = exists().where(Resolution.card_id == Assignment.card_id, Resolution.ended_at.is_(None))
    spoke_after = exists().where(
        Resolution.card_id == Assignment.card_id, Resolution.ended_at.is_(None), Ticket.customer_spoke_at > Resolution.marked_at
    )
    back = and_(on_us, or_(spoke_after, Ticket.state == "resolved"))
    return [
        ("over_target", "Over target", and_(on_us, Ticket.due_at < now)),
        ("came_back", "Came back after it was resolved", back),
        ("new", "New since the last digest", Assignment.made_at >= since),
        ("waiting_on_us", "Waiting on us", on_us),
        ("answered", "Answered, but not resolved", and_(Ticket.waiting_on == "customer", Ticket.state == "open", ~resolved)),
    ]


def _section(
    session: Session, team: Team, key: str, title: str, condition: ColumnElement[bool], shown: int, named: Collection[int]
) -> Section:
    mine = and_(Assignment.team_id == team.id, Assignment.ended_at.is_(None), Ticket.triage != Standing.settled, condition)
    if key == "came_back":
        mine = and_(Assignment.team_id == team.id, Assignment.ended_at.is_(None), condition)
    counted = select(func.count(Ticket.id)).join(Assignment, Assignment.ticket_id == Ticket.id).where(mine)
    count = session.scalar(counted) or 0
    above = session.scalar(counted.where(Ticket.id.in_(named))) or 0 if count and named else 0
    wanted = (
        select(Ticket, Assignment.member_id, Customer, Forum.name, Card.url)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .join(Forum, Forum.id == Ticket.forum_id)
        .outerjoin(Card, Card.id == Assignment.card_id)
        .where(mine, Ticket.id.not_in(named))
        .order_by(Ticket.queue_rank, Ticket.queue_at, Ticket.id)
        .limit(shown)
    )
    lines = [_line(*row) for row in session.execute(wanted)] if count else []
    return Section(key, title, count, lines, above)


def _line(ticket: Ticket, member_id: str | None, customer: Customer, forum: str, card_url: str | None) -> Line:
    return Line(
        ticket_id=ticket.id,
        subject="" if ticket.private else ticket.subject,
        customer="" if ticket.private else customer.name or customer.username,
        forum=forum,
        url=ticket.url,
        card_url=card_url,
        member_id=member_id,
        impact=ticket.impact,
        waiting_on=ticket.waiting_on,
        waiting_since=ticket.waiting_since,
        due_at=ticket.due_at,
    )


def _outages(session: Session, team: Team) -> list[str]:
    wanted = select(Outage.title).join(Area, Area.id == Outage.area_id).where(Area.team_id == team.id, Outage.state == "open")
    return list(session.scalars(wanted.order_by(Outage.id)))
