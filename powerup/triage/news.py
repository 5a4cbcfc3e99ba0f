"""What has happened in the queue since a page last asked: a few indexed selects, for it is asked every few seconds by everybody.

The history is the source. Of two transactions the one whose events have smaller numbers may commit last (PostgreSQL), so the cursor
stays a few seconds behind, and a page may be told a thing more than once: it must take "arrived" for "is there".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.events.models import Event
from powerup.tickets.models import Ticket
from powerup.triage.queue import in_queue
from powerup.triage.rules import Standing

BEHIND = timedelta(seconds=5)
"""Longer than a transaction lasts."""
MOST = 1_000
"""Events that are read at once; after more the page loads the queue again."""
WOKEN = timedelta(seconds=15)
"""So long a thread whose snooze has ended is news."""

ARRIVING = (
    "ticket.found",
    "triage.undone",
    "assignment.handed_back",
    "assignment.unlinked",
    "assignment.undone",
    "link.ended",
    "triage.woken",
)
"""After which a thread may be in the queue that was not."""
DECIDING: Mapping[str, str] = {
    "assignment.made": "assign",
    "link.made": "link",
    "triage.no_action": "no_action",
    "triage.snooze": "snooze",
}
"""After which it may have left, and how."""


@dataclass(frozen=True, slots=True)
class Left:
    """A thread that is no longer in the queue: who did what, and to which team it went."""

    event_id: int
    ticket_id: int
    member_id: str | None
    what: str
    team_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since a cursor."""

    cursor: int
    reload: bool
    arrived: tuple[int, ...] = ()
    left: tuple[Left, ...] = ()
    changed: tuple[int, ...] = ()


def since(session: Session, workspace_id: int, cursor: int | None) -> News:
    """What has happened since; None begins now."""
    if cursor is None:
        return News(_begin(session, workspace_id), reload=False)
    wanted = select(Event).where(Event.workspace_id == workspace_id, Event.id > cursor).order_by(Event.id).limit(MOST + 1)
    events = session.scalars(wanted).all()
    if len(events) > MOST:
        return News(_begin(session, workspace_id), reload=True)
    about: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.ticket_id is not None:
            about[event.ticket_id].append(event)
    there = _standing(session, workspace_id, about)
    woken = _woken(session, workspace_id)
    arrived = {ticket_id for ticket_id, of in about.items() if there.get(ticket_id) is None and any(each.verb in ARRIVING for each in of)}
    changed = {ticket_id for ticket_id in about if ticket_id in there and there[ticket_id] is None} - arrived
    arrived = {ticket_id for ticket_id in arrived if ticket_id in there} | woken
    since_when = _owned(session, (ticket_id for ticket_id, of in about.items() if any(each.verb == "link.made" for each in of)))
    gone = (_left(of, there[ticket_id], since_when.get(ticket_id)) for ticket_id, of in about.items() if there.get(ticket_id) is not None)
    left = sorted((each for each in gone if each is not None), key=lambda each: each.event_id)
    return News(_advance(cursor, events), False, tuple(sorted(arrived)), tuple(left), tuple(sorted(changed)))


def _begin(session: Session, workspace_id: int) -> int:
    wanted = select(Event.id, Event.at).where(Event.workspace_id == workspace_id).order_by(Event.id.desc()).limit(MOST)
    old = clock.now() - BEHIND
    newest = session.execute(wanted).all()
    return next((event_id for event_id, at in newest if at <= old), newest[-1][0] - 1 if newest else 0)


def _advance(cursor: int, events: Sequence[Event]) -> int:
    """Over everything that is old enough for nothing to come in before it."""
    old = clock.now() - BEHIND
    for event in events:
        if event.at > old:
            break
        cursor = event.id
    return cursor


def _standing(session: Session, workspace_id: int, ticket_ids: Iterable[int]) -> dict[int, str | None]:
    """Ticket -> None while it is in the queue, else where it stands."""
    ids = list(ticket_ids)
    if not ids:
        return {}
    wanted = select(Ticket.id, Ticket.triage, in_queue(clock.now())).where(Ticket.workspace_id == workspace_id, Ticket.id.in_(ids))
    return {ticket_id: None if queued else triage for ticket_id, triage, queued in session.execute(wanted)}


def _owned(session: Session, ticket_ids: Iterable[int]) -> dict[int, datetime]:
    """Ticket -> since when somebody owns it."""
    ids = list(ticket_ids)
    if not ids:
        return {}
    wanted = select(Assignment.ticket_id, Assignment.made_at).where(Assignment.ticket_id.in_(ids), Assignment.ended_at.is_(None))
    return {ticket_id: made_at for ticket_id, made_at in session.execute(wanted)}


def _woken(session: Session, workspace_id: int) -> set[int]:
    now = clock.now()
    over = and_(Ticket.triage == Standing.snoozed, Ticket.snoozed_until <= now, Ticket.snoozed_until > now - WOKEN)
    return set(session.scalars(select(Ticket.id).where(Ticket.workspace_id == workspace_id, over)))


def _left(events: Sequence[Event], standing: str | None, owned_since: datetime | None) -> Left | None:
    """What took it out of the queue; None when nothing here did."""
    deciding = [event for event in events if event.verb in DECIDING and event.actor_kind == "member" and not _is_late(event, owned_since)]
    if deciding:
        last = deciding[-1]
        # Who ties a thread to a card makes an assignment that has the card from the beginning; any other gets one later.
        what = "link" if last.verb == "assignment.made" and last.card_id is not None else DECIDING[last.verb]
        return Left(last.id, last.ticket_id or 0, last.actor_id, what, last.data.get("team"), last.at)
    if standing == Standing.settled:
        last = events[-1]
        return Left(last.id, last.ticket_id or 0, None, "settled", None, last.at)
    return None


def _is_late(event: Event, owned_since: datetime | None) -> bool:
    """Whether it is a link of a thread that was somebody's already: to the card that was made for it, say."""
    return event.verb == "link.made" and owned_since is not None and owned_since <= event.at
