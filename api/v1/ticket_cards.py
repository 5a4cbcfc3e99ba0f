"""POST /tickets/<id>/cards: have a card made for a ticket."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, settings
from api.limits import RequestId
from api.openapi import Model, body, documented
from api.v1.shapes.deliveries import DeliveryAnswer, delivery_shape
from powerup.events.actions import record
from powerup.outbox.actions import Order, enqueue, repeated
from powerup.tickets import queries as tickets

blueprint = Blueprint("ticket_cards", __name__)


class CardWanted(Model):
    """Where the card is to be made."""

    list_id: str = Field(pattern=r"^[0-9a-f]{24}$")
    """A list of the token's board."""
    name: str | None = Field(None, max_length=500)
    """The thread's subject when left out; a neutral name for a private thread."""
    request_id: RequestId = Field(min_length=8, max_length=64)


@blueprint.post("/tickets/<int:ticket_id>/cards")
@documented(tag="cards", json=CardWanted, answers={202: DeliveryAnswer}, problems=(409, 422))
def make(ticket_id: int) -> tuple[dict[str, Any], int]:
    """Enqueue a card that stands for the ticket; exactly one is made and linked."""
    wanted, seat = body(CardWanted), auth.seat()
    with database().write() as session:
        ticket = tickets.get(session, seat.workspace_id, ticket_id)
        order = Order(
            kind="trello_card",
            lane=f"ticket:{ticket.id}",
            payload={"list_id": wanted.list_id, "name": wanted.name, "board_id": seat.board_id},
            ticket_id=ticket.id,
            created_by=seat.member_id,
            request_id=wanted.request_id,
        )
        earlier = repeated(session, seat.workspace_id, order)
        if earlier is not None:
            return {"delivery": delivery_shape(earlier)}, 202
        made = enqueue(session, seat.workspace_id, order, max_attempts=settings().max_attempts)
        record(session, seat.workspace_id, "card.ordered", by=auth.actor(), ticket_id=ticket.id, delivery=made.id)
        return {"delivery": delivery_shape(made)}, 202
