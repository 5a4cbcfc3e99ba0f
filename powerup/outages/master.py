"""The master card: one card for all customers who are hit, whoever's thread it was made for."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.assignments import queries as owned
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.events.actions import SYSTEM, Actor
from powerup.links import actions as links
from powerup.outages.models import Outage
from powerup.outages.telling import hit_by
from powerup.outbox.actions import Order, enqueue
from powerup.teams import queries as teams
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Desk
from powerup.triage.effects import card_lane


def link_waiting(session: Session, ticket: Ticket, card: Card, *, max_attempts: int) -> None:
    """The master card has been made: everybody else who is hit is linked to it now, but for those who were given back meanwhile."""
    standing = select(Outage).where(Outage.master_ticket_id == ticket.id, Outage.state == "open")
    for outage in session.scalars(standing):
        for other in hit_by(session, outage):
            if other.id == ticket.id:
                continue
            session.refresh(other, with_for_update=True)
            # A link would take a thread that is back in triage out of the queue again, and no team would have it.
            if owned.live(session, other.id) is not None:
                join_card(session, other, card, SYSTEM, max_attempts)


def keep_a_master(session: Session, outage: Outage, desk: Desk) -> None:
    """The master's thread may have been given back, and its card be gone: another one who is hit takes its place."""
    if outage.master_ticket_id is None or owned.live(session, outage.master_ticket_id) is not None:
        return
    held = [(ticket, standing) for ticket in hit_by(session, outage) if (standing := owned.live(session, ticket.id)) is not None]
    held.sort(key=lambda each: each[1].card_id is None)
    outage.master_ticket_id = held[0][0].id if held else None
    if held and held[0][1].card_id is None:
        order_card(session, outage, held[0][0], held[0][1], desk)


def order_card(session: Session, outage: Outage, ticket: Ticket, standing: Assignment, desk: Desk) -> None:
    """Have the card made in the inbox of whoever owns the master's thread; nothing while that team has no list."""
    team = teams.get(session, ticket.workspace_id, standing.team_id, removed_too=True)
    if not teams.is_ready(team):
        return
    where = {"board_id": team.board_id, "list_id": team.inbox_list_id, "assignment_id": standing.id}
    payload = where | {"name": outage.title, "desc": _described(outage, len(hit_by(session, outage)), desk)}
    order = Order(kind="trello_card", lane=card_lane(ticket), payload=payload, ticket_id=ticket.id, created_by=desk.by.id)
    enqueue(session, ticket.workspace_id, order, max_attempts=desk.max_attempts)


def master_card(session: Session, outage: Outage) -> Card | None:
    """The card, once it is made."""
    made = select(Assignment.card_id).where(Assignment.ticket_id == outage.master_ticket_id, Assignment.ended_at.is_(None))
    card_id = session.scalar(made)
    return session.get(Card, card_id) if card_id is not None else None


def join_card(session: Session, ticket: Ticket, card: Card, by: Actor, max_attempts: int) -> None:
    """Tie a thread to the master card; its assignment has no card of its own then."""
    if links.live(session, card.id, ticket.id) is None:
        links.link(session, card, ticket, by=by, max_attempts=max_attempts)
    standing = owned.live(session, ticket.id)
    if standing is not None and standing.card_id is None:
        standing.card_id = card.id


def _described(outage: Outage, customers: int, desk: Desk) -> str:
    """What the master card says: it stands for all customers, so it quotes none of them."""
    told = "1 customer is" if customers == 1 else f"{customers} customers are"
    lines = [f"Outage: {outage.title}", f"{told} hit; their threads are linked to this card."]
    if outage.next_word_at is not None:
        by = outage.next_word_at.astimezone(ZoneInfo(desk.pace.hours.time_zone))
        lines.append(f"They were promised news by {by:%Y-%m-%d %H:%M} ({desk.pace.hours.time_zone}).")
    return "\n\n".join(lines)
