"""Propose, open, speak in, and end outage mode. Replies go out as deliveries, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import actions as assignments
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.errors import ConflictError, InvalidError
from powerup.events.actions import SYSTEM, Actor, record
from powerup.forums.models import Forum
from powerup.links import actions as links
from powerup.outages.models import Outage, OutageTicket
from powerup.outbox.actions import Order, enqueue
from powerup.teams import queries as teams
from powerup.teams.models import Area
from powerup.threads import ThreadState
from powerup.tickets import queries as tickets
from powerup.tickets.models import Customer, Ticket
from powerup.tickets.replies import LONGEST, lane
from powerup.triage.decisions import Desk
from powerup.triage.effects import Effects, card_lane
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
    hit = _hit(session, outage)
    _promise(outage, promise_minutes or outage.promise_minutes)
    record(session, outage.workspace_id, "outage.updated", by=desk.by, outage=outage.id, told=len(hit))
    return _tell(session, outage, hit, text, desk.by, desk.max_attempts, what=f"news-{_short(request_id or clock.iso(clock.now()))}")


def end(session: Session, outage: Outage, text: str, desk: Desk) -> int:
    """The all-clear: every customer is told, nothing is promised any more, impacts go back to normal."""
    _need_open(session, outage)
    hit = _hit(session, outage)
    outage.state, outage.ended_by, outage.ended_at, outage.next_word_at = "over", desk.by.id, clock.now(), None
    record(session, outage.workspace_id, "outage.over", by=desk.by, outage=outage.id, told=len(hit))
    told = _tell(session, outage, hit, text, desk.by, desk.max_attempts, what="over")
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


def link_waiting(session: Session, ticket: Ticket, card: Card, *, max_attempts: int) -> None:
    """The master card has been made: everybody else who is hit is linked to it now, but for those who were given back meanwhile."""
    standing = select(Outage).where(Outage.master_ticket_id == ticket.id, Outage.state == "open")
    for outage in session.scalars(standing):
        for other in _hit(session, outage):
            if other.id == ticket.id:
                continue
            session.refresh(other, with_for_update=True)
            # A link would take a thread that is back in triage out of the queue again, and no team would have it.
            if owned.live(session, other.id) is not None:
                _link(session, other, card, SYSTEM, max_attempts)


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
    _keep_a_master(session, outage, desk)
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
        _order_card(session, outage, *master, desk)
    _tell(session, outage, added, reply, desk.by, desk.max_attempts, what="hold")
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
    card = _master_card(session, outage)
    if card is not None and not is_master:
        _link(session, ticket, card, desk.by, desk.max_attempts)
    if card is not None:
        Effects(session, ticket, desk.by, desk.max_attempts).label(card.id)
    refresh(session, ticket, desk.pace)
    return made


def _keep_a_master(session: Session, outage: Outage, desk: Desk) -> None:
    """The master's thread may have been given back, and its card be gone: another one who is hit takes its place."""
    if outage.master_ticket_id is None or owned.live(session, outage.master_ticket_id) is not None:
        return
    held = [(ticket, standing) for ticket in _hit(session, outage) if (standing := owned.live(session, ticket.id)) is not None]
    held.sort(key=lambda each: each[1].card_id is None)
    outage.master_ticket_id = held[0][0].id if held else None
    if held and held[0][1].card_id is None:
        _order_card(session, outage, held[0][0], held[0][1], desk)


def _order_card(session: Session, outage: Outage, ticket: Ticket, standing: Assignment, desk: Desk) -> None:
    team = teams.get(session, ticket.workspace_id, standing.team_id, removed_too=True)
    if not teams.is_ready(team):
        return
    where = {"board_id": team.board_id, "list_id": team.inbox_list_id, "assignment_id": standing.id}
    payload = where | {"name": outage.title, "desc": _described(outage, len(_hit(session, outage)), desk)}
    order = Order(kind="trello_card", lane=card_lane(ticket), payload=payload, ticket_id=ticket.id, created_by=desk.by.id)
    enqueue(session, ticket.workspace_id, order, max_attempts=desk.max_attempts)


def _described(outage: Outage, customers: int, desk: Desk) -> str:
    """What the master card says: it stands for all customers, so it quotes none of them."""
    told = "1 customer is" if customers == 1 else f"{customers} customers are"
    lines = [f"Outage: {outage.title}", f"{told} hit; their threads are linked to this card."]
    if outage.next_word_at is not None:
        by = outage.next_word_at.astimezone(ZoneInfo(desk.pace.hours.time_zone))
        lines.append(f"They were promised news by {by:%Y-%m-%d %H:%M} ({desk.pace.hours.time_zone}).")
    return "\n\n".join(lines)


def _master_card(session: Session, outage: Outage) -> Card | None:
    made = select(Assignment.card_id).where(Assignment.ticket_id == outage.master_ticket_id, Assignment.ended_at.is_(None))
    card_id = session.scalar(made)
    return session.get(Card, card_id) if card_id is not None else None


def _link(session: Session, ticket: Ticket, card: Card, by: Actor, max_attempts: int) -> None:
    if links.live(session, card.id, ticket.id) is None:
        links.link(session, card, ticket, by=by, max_attempts=max_attempts)
    standing = owned.live(session, ticket.id)
    if standing is not None and standing.card_id is None:
        standing.card_id = card.id


def _tell(session: Session, outage: Outage, hit: Sequence[Ticket], text: str, by: Actor, max_attempts: int, *, what: str) -> int:
    words = text.strip()[:LONGEST]
    told = 0
    for ticket in hit if words else ():
        forum = session.get_one(Forum, ticket.forum_id)
        if forum.removed_at is not None or "reply" not in forum.features.get("can", ()) or ticket.state == ThreadState.deleted:
            continue
        customer = session.get_one(Customer, ticket.customer_id)
        payload = {"text": words.replace("{name}", customer.name or customer.username)}
        request = f"outage:{outage.id}:{what}:{ticket.id}"[:64]
        order = Order(kind="forum_reply", lane=lane(ticket), payload=payload, ticket_id=ticket.id, created_by=by.id, request_id=request)
        enqueue(session, ticket.workspace_id, order, max_attempts=max_attempts)
        told += 1
    return told


def _hit(session: Session, outage: Outage) -> Sequence[Ticket]:
    there = select(Ticket).join(OutageTicket, OutageTicket.ticket_id == Ticket.id).where(OutageTicket.outage_id == outage.id)
    return session.scalars(there.order_by(Ticket.id)).all()


def _short(text: str) -> str:
    """Fits into a request id beside the outage's and the ticket's."""
    return sha256(text.encode()).hexdigest()[:12]


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
