"""Tells an address that came with a card of our own making from one that somebody attached."""

from sqlalchemy import select

from powerup.integrations.trello.models import Card
from powerup.outbox.models import Delivery, State
from powerup.outbox.rules import reference
from powerup.services import Services
from powerup.sync import members
from powerup.workspaces.models import Board

AT_ONCE = 10
"""Seconds between a card and what was attached in the making; the ids of both begin with Trello's own time."""


def came_with_card(services: Services, board: Board, card: Card, attachment_id: str, ticket_id: int) -> bool:
    """Whether a delivery of ours made this card for this ticket, though its answer may have been lost: then that delivery links them.

    Without this the webhook about a card that was undone a moment ago would tie the thread to it again. Trello tells us with a
    webhook which changes are our own; this is for when it does not.
    """
    about = select(Delivery).where(Delivery.ticket_id == ticket_id, Delivery.workspace_id == board.workspace_id)
    with services.database.read() as session:
        orders = session.scalars(about.where(Delivery.kind == "trello_card", Delivery.attempts > 0)).all()
    if any((order.outcome or {}).get("card_id") == card.id for order in orders):
        return _seconds(attachment_id) - _seconds(card.id) <= AT_ONCE
    open_orders = [order for order in orders if order.state != State.done]
    if not open_orders:
        return False
    with members.acting_on(services, board) as trello:
        found = [trello.find_card_in_list(card.list_id, reference(order.marker)) for order in open_orders]
    return any(each is not None and each.id == card.id for each in found)


def _seconds(trello_id: str) -> int:
    try:
        return int(trello_id[:8], 16)
    except ValueError:
        return 0
