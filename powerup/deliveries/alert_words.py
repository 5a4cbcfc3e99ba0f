"""What a team's channel reads about a thread. A private thread is not told of by its words: the channel may be public."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock, hours
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.integrations.alerts import Alert, AlertAction
from powerup.render.text import excerpt
from powerup.teams import queries as teams
from powerup.teams.models import Area, Team
from powerup.threads import Role, Visibility
from powerup.tickets.models import Customer, Message, Ticket
from powerup.triage.rules import Pace
from powerup.triage.settings import pace

TAKE = "take"
"""The button's word for "Take it"; its value is the assignment's id."""
LONGEST_EXCERPT = 400


@dataclass(frozen=True)
class Told:
    """What there is to tell of a thread."""

    ticket: Ticket
    customer: str
    words: str
    """First words of the thread, or of what the customer answered."""
    assignment: Assignment | None
    team: Team | None
    area: Area | None
    card: Card | None
    owner: str | None
    by: str | None
    pace: Pace

    @property
    def subject(self) -> str:
        """What to call it where others read along."""
        return "a private thread" if self.ticket.private else self.ticket.subject


def gather(session: Session, ticket: Ticket, assignment: Assignment | None, *, answer: bool = False) -> Told:
    """Everything that an alert may say. :param answer: the customer's last words rather than the first."""
    workspace_id = ticket.workspace_id
    team = teams.get(session, workspace_id, assignment.team_id, removed_too=True) if assignment else None
    area = session.get(Area, assignment.area_id) if assignment and assignment.area_id else None
    card = session.get(Card, assignment.card_id) if assignment and assignment.card_id else None
    customer = session.get_one(Customer, ticket.customer_id)
    return Told(
        ticket=ticket,
        customer="" if ticket.private else customer.name or customer.username,
        words="" if ticket.private else excerpt(_answer(session, ticket) if answer else ticket.excerpt, LONGEST_EXCERPT),
        assignment=assignment,
        team=team,
        area=area,
        card=card if card is not None and card.closed_at is None else None,
        owner=teams.name_of(session, workspace_id, assignment.member_id) if assignment else None,
        by=teams.name_of(session, workspace_id, assignment.made_by) if assignment else None,
        pace=pace(session, workspace_id),
    )


def alert(what: str, told: Told, *, urgent: bool) -> Alert:
    """The alert about a thread: `assigned`, `linked`, `answered` or `outage`."""
    return Alert(
        title=_TITLES[what](told),
        lines=[told.words] if told.words else [],
        facts=facts(told),
        links=links(told),
        actions=_actions(told.assignment),
        urgent=urgent,
        footer=f"Assigned by {told.by}" if what == "assigned" and told.by else "",
    )


def facts(told: Told) -> list[tuple[str, str]]:
    """Customer, impact, waiting time, area, owner."""
    found = [("Customer", told.customer), ("Impact", told.ticket.impact.capitalize()), ("Waiting", waiting(told.ticket, told.pace))]
    found += [("Area", told.area.name if told.area else ""), ("Owner", told.owner or "")]
    return [(label, value) for label, value in found if value]


def links(told: Told) -> list[tuple[str, str]]:
    """The card, where there is one, and the thread."""
    card = [("Open card", told.card.url)] if told.card is not None else []
    return [*card, ("Open thread", told.ticket.url)]


def waiting(ticket: Ticket, pace: Pace) -> str:
    """How long the customer has waited for us, in business time where there is one; empty when nobody waits."""
    if ticket.waiting_on != "us" or ticket.waiting_since is None:
        return ""
    worked = spoken(hours.worked(pace.hours, ticket.waiting_since, clock.now()))
    return worked if pace.hours.is_always else f"{worked} of business time"


def spoken(time: timedelta) -> str:
    """`3 d 2 h`, `2 h 5 min`, `less than a minute`."""
    minutes = int(time.total_seconds() // 60)
    days, left = divmod(minutes, 24 * 60)
    parts = [(days, "d"), (left // 60, "h"), (left % 60 if not days else 0, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"


def local_time(at: datetime, pace: Pace) -> str:
    """The time of day where the workspace is."""
    return at.astimezone(ZoneInfo(pace.hours.time_zone)).strftime("%H:%M")


def _actions(assignment: Assignment | None) -> list[AlertAction]:
    is_free = assignment is not None and assignment.ended_at is None and assignment.member_id is None
    return [AlertAction("Take it", TAKE, str(assignment.id), style="primary")] if assignment is not None and is_free else []


def _answer(session: Session, ticket: Ticket) -> str:
    wrote = select(Message.text).where(Message.ticket_id == ticket.id, Message.author_role == Role.customer, Message.deleted_at.is_(None))
    said = wrote.where(Message.visibility == Visibility.public, Message.system.is_(False))
    return session.scalar(said.order_by(Message.number.desc(), Message.id.desc()).limit(1)) or ticket.excerpt


def _assigned(told: Told) -> str:
    return f"New for {told.team.name if told.team else 'you'}: {told.subject}"


def _linked(told: Told) -> str:
    where = f" “{told.card.name}”" if told.card is not None else " a card of yours"
    return f"One more customer on{where}: {told.subject}"


def _answered(told: Told) -> str:
    return f"{told.customer or 'The customer'} answered: {told.subject}"


def _outage(told: Told) -> str:
    return f"Outage: {told.subject}"


_TITLES: Mapping[str, Callable[[Told], str]] = {"assigned": _assigned, "linked": _linked, "answered": _answered, "outage": _outage}
