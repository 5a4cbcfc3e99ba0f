"""Who is hit by an outage, and saying something to all of them."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.events.actions import Actor
from powerup.forums.models import Forum
from powerup.outages.models import Outage, OutageTicket
from powerup.outbox.actions import Order, enqueue
from powerup.threads import ThreadState
from powerup.tickets.models import Customer, Ticket
from powerup.tickets.replies import LONGEST, lane


def tell(session: Session, outage: Outage, hit: Sequence[Ticket], text: str, by: Actor, max_attempts: int, *, what: str) -> int:
    """A reply on each thread that can be written to, once for each `what`; `{name}` becomes the customer's. Returns how many."""
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


def hit_by(session: Session, outage: Outage) -> Sequence[Ticket]:
    """The threads that are in it."""
    there = select(Ticket).join(OutageTicket, OutageTicket.ticket_id == Ticket.id).where(OutageTicket.outage_id == outage.id)
    return session.scalars(there.order_by(Ticket.id)).all()


def short(text: str) -> str:
    """Fits into a request id beside the outage's and the ticket's."""
    return sha256(text.encode()).hexdigest()[:12]
