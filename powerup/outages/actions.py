"""Propose, open, speak in, and end outage mode. Replies go out as deliveries, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.errors import ConflictError, InvalidError
from powerup.events.actions import SYSTEM, Actor, record
from powerup.outages.master import join_card, keep_a_master, master_card, order_card
from powerup.outages.models import Outage, OutageTicket
from powerup.outages.telling import hit_by, short, tell
from powerup.teams import queries as teams
from powerup.teams.models import Area
from powerup.threads import ThreadState
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Desk
from powerup.triage.effects import Effects
from powerup.triage.impacts import set_impact
from powerup.triage.rules import Impact
from powerup.triage.standing import refresh

MOST_TICKETS = 500
MOST_AT_ONCE = 100
"""Threads of one request: each is several rows, and all of them one transaction."""
PROMISES = (15, 24 * 60)
"""Shortest and longest promise of news, in minutes."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the person who opens outage mode says."""

    title: str
    """The master card's name."""
    ticket_ids: Sequence[int]
    reply: str
    """The holding reply; `{name}` becomes the customer's name; blank says nothing."""
    promise_minutes: int = 60


def propose(session: Session, area: Area, evidence: dict[str, Any], *, title: str) -> Outage | None:
    """Put a burst before the triagers; None when this area's outage stands already."""
    made = Outage(
        workspace_id=area.workspace_id,
        area_id=area.id,
        state="proposed",
        title=title,
        evidence=evidence,
        proposed_at=clock.now(),
        promise_minutes=60,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return None
    record(session, area.workspace_id, "outage.proposed", by=SYSTEM, outage=made.id, area=area.id)
    return made


def declare(session: Session, area: Area, said: Declaration, desk: Desk) -> Outage:
    """Open outage mode for an area without a proposal, or on the one that stands; raises ConflictError when it is open already."""
    standing = session.scalar(select(Outage).where(Outage.area_id == area.id, Outage.state.in_(("proposed", "open"))).with_for_update())
    outage = standing or propose(session, area, {}, title=said.title)
    if outage is None:
        raise ConflictError("Somebody has just opened outage mode for this area.")
    open_(session, outage, said, desk)
    return outage


def open_(session: Session, outage: Outage, said: Declaration, desk: Desk) -> None:
    """One master card, all customers linked to it, a holding reply to each, and a promise of news.

    Raises ConflictError when it is not a proposal any more, InvalidError for a declaration that cannot be meant.
    """
    session.refresh(outage, with_for_update=True)
    if outage.state != "proposed":
        raise ConflictError(f"This outage is {outage.state} already.")
    if not said.ticket_ids:
        raise InvalidError("Choose at least one thread.", errors=[{"field": "ticket_ids", "message": "is empty"}])
    outage.state, outage.title = "open", said.title.strip() or outage.title
    outage.opened_by, outage.opened_at = desk.by.id, clock.now()
    _promise(outage, said.promise_minutes)
    record(session, outage.workspace_id, "outage.opened", by=desk.by, outage=outage.id, area=outage.area_id)
    _add(session, outage, said.ticket_ids, desk, reply=said.reply)
    master = session.get_one(Ticket, outage.master_ticket_id)
    team = teams.get(session, outage.workspace_id, session.get_one(Area, outage.area_id).team_id, removed_too=True)
    Effects(session, master, desk.by, desk.max_attempts).alert("outage_opened", team, {"outage_id": outage.id, "urgent": True})


def join(session: Session, outage: Outage, ticket_ids: Sequence[int], desk: Desk, *, reply: str) -> list[Ticket]:
    """More customers who are hit, while it is open; raises ConflictError when it is not."""
    _need_open(session, outage)
    return _add(session, outage, ticket_ids, desk, reply=reply)


def update(session: Session, outage: Outage, text: str, desk: Desk, *, promise_minutes: int | None, request_id: str | None = None) -> int:
    """News for every customer, and the next promise; returns how many are told. Raises ConflictError when it is not open.

    :param request_id: the same id tells everybody once, however often it is sent.
    """
    _need_open(session, outage)
    if not text.strip():
        raise InvalidError("Write the news first.", errors=[{"field": "text", "message": "is empty"}])
    hit = hit_by(session, outage)
    _promise(outage, promise_minutes or outage.promise_minutes)
    record(session, outage.workspace_id, "outage.updated", by=desk.by, outage=outage.id, told=len(hit))
    return tell(session, outage, hit, text, desk.by, desk.max_attempts, what=f"news-{short(request_id or clock.iso(clock.now()))}")


def end(session: Session, outage: Outage, text: str, desk: Desk) -> int:
    """The all-clear: every customer is told, nothing is promised any more, impacts go back to normal."""
    _need_open(session, outage)
    hit = hit_by(session, outage)
    outage.state, outage.ended_by, outage.ended_at, outage.next_word_at = "over", desk.by.id, clock.now(), None
    record(session, outage.workspace_id, "outage.over", by=desk.by, outage=outage.id, told=len(hit))
    told = tell(session, outage, hit, text, desk.by, desk.max_attempts, what="over")
    for ticket in hit:
        set_impact(session, ticket, Impact.normal, desk)
    team = teams.get(session, outage.workspace_id, session.get_one(Area, outage.area_id).team_id, removed_too=True)
    if outage.master_ticket_id is not None:
        master = session.get_one(Ticket, outage.master_ticket_id)
        Effects(session, master, desk.by, desk.max_attempts).alert("outage_over", team, {"outage_id": outage.id})
    return told


def dismiss(session: Session, outage: Outage, *, by: Actor) -> None:
    """The burst was none; the area is proposed again only after it was quiet."""
    session.refresh(outage, with_for_update=True)
    if outage.state != "proposed":
        raise ConflictError(f"This outage is {outage.state} already.")
    outage.state, outage.ended_by, outage.ended_at = "dismissed", by.id, clock.now()
    record(session, outage.workspace_id, "outage.dismissed", by=by, outage=outage.id, area=outage.area_id)


def remind_due(session: Session, *, max_attempts: int, ahead: timedelta = timedelta(minutes=10)) -> int:
    """Tell the teams whose promise of news runs out soon; once a promise. Returns how many."""
    now = clock.now()
    due = select(Outage).where(Outage.state == "open", Outage.next_word_at <= now + ahead, Outage.reminded_at.is_(None))
    count = 0
    for outage in session.scalars(due.with_for_update(skip_locked=True)):
        outage.reminded_at = now
        team = teams.get(session, outage.workspace_id, session.get_one(Area, outage.area_id).team_id, removed_too=True)
        if outage.master_ticket_id is not None:
            master = session.get_one(Ticket, outage.master_ticket_id)
            Effects(session, master, SYSTEM, max_attempts).alert("outage_news_due", team, {"outage_id": outage.id, "urgent": True})
        record(session, outage.workspace_id, "outage.news_due", by=SYSTEM, outage=outage.id)
        count += 1
    return count


def _add(session: Session, outage: Outage, ticket_ids: Sequence[int], desk: Desk, *, reply: str) -> list[Ticket]:
    """Linked to the master card, told once. Those who are in it already are left alone."""
    there = set(session.scalars(select(OutageTicket.ticket_id).where(OutageTicket.outage_id == outage.id)))
    if len(there) + len(ticket_ids) > MOST_TICKETS:
        raise InvalidError(f"An outage holds at most {MOST_TICKETS} threads.", errors=[{"field": "ticket_ids", "message": "are too many"}])
    keep_a_master(session, outage, desk)
    added: list[Ticket] = []
    master: tuple[Ticket, Assignment] | None = None
    for ticket_id in sorted(set(ticket_ids) - there):
        ticket = tickets.get(session, outage.workspace_id, ticket_id)
        session.refresh(ticket, with_for_update=True)
        if ticket.state == ThreadState.deleted:
            continue
        session.add(OutageTicket(outage_id=outage.id, ticket_id=ticket.id, added_at=clock.now()))
        outage.master_ticket_id = outage.master_ticket_id or ticket.id
        fresh = _own(session, outage, ticket, desk)
        if fresh is not None and outage.master_ticket_id == ticket.id:
            master = ticket, fresh
        added.append(ticket)
    session.flush()
    if master is not None:
        order_card(session, outage, *master, desk)
    tell(session, outage, added, reply, desk.by, desk.max_attempts, what="hold")
    return added


def _own(session: Session, outage: Outage, ticket: Ticket, desk: Desk) -> Assignment | None:
    """The area's team has it; all but the master are linked to the master card. Returns the assignment if nobody had it before."""
    area = session.get_one(Area, outage.area_id)
    is_master = outage.master_ticket_id == ticket.id
    made: Assignment | None = None
    ticket.impact = Impact.outage.value
    if owned.live(session, ticket.id) is None:
        made = assignments.assign(session, ticket, Owner(area.team_id, area.id), by=desk.by)
        effects = Effects(session, ticket, desk.by, desk.max_attempts)
        team = teams.get(session, ticket.workspace_id, area.team_id)
        effects.forum_assign(team, None)
    card = master_card(session, outage)
    if card is not None and not is_master:
        join_card(session, ticket, card, desk.by, desk.max_attempts)
    if card is not None:
        Effects(session, ticket, desk.by, desk.max_attempts).label(card.id)
    refresh(session, ticket, desk.pace)
    return made


def _promise(outage: Outage, minutes: int) -> None:
    shortest, longest = PROMISES
    if not shortest <= minutes <= longest:
        problem = {"field": "promise_minutes", "message": f"is a number of minutes from {shortest} to {longest}"}
        raise InvalidError("Promise news within a quarter of an hour to a day.", errors=[problem])
    outage.promise_minutes, outage.reminded_at = minutes, None
    outage.next_word_at = clock.now() + timedelta(minutes=minutes)


def _need_open(session: Session, outage: Outage) -> None:
    session.refresh(outage, with_for_update=True)
    if outage.state != "open":
        raise ConflictError(f"This outage is {outage.state}; nothing more is said in it.")
