"""A thread that its forum merged into another: its cards belong to the other one from then on."""

from sqlalchemy.orm import Session

from powerup.errors import AlreadyLinkedError
from powerup.events.actions import SYSTEM, record
from powerup.links import actions as links
from powerup.links import queries
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from powerup.triage.arrivals import after_reading
from powerup.triage.linking import linked


def merge(session: Session, merged: Ticket, into: Ticket, *, max_attempts: int) -> None:
    """Mark `merged` as gone and link its cards to `into` too. Doing it twice changes nothing.

    The old links stay: what was said in the merged thread before stays readable on its cards.
    """
    is_news = merged.state != "deleted"
    tickets.mark_deleted(session, merged)
    spoke = merged.customer_spoke_at
    after_reading(session, merged, spoke_before=spoke, is_new=False, max_attempts=max_attempts)
    for card in queries.cards_of(session, merged.workspace_id, merged.id):
        try:
            links.link(session, card, into, by=SYSTEM, max_attempts=max_attempts)
        except AlreadyLinkedError:
            continue
        linked(session, into, card, by=SYSTEM)
    if is_news:
        record(session, merged.workspace_id, "ticket.merged", by=SYSTEM, ticket_id=merged.id, into=into.id)
