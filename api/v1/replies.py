"""Replies and internal notes: enqueued here, posted by a worker."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services, settings
from api.limits import RequestId
from api.openapi import Model, body, documented
from api.v1.shapes.deliveries import DeliveryAnswer, delivery_shape
from powerup.forums import queries as forums
from powerup.sync.card_lookup import confirm_card
from powerup.tickets import queries as tickets
from powerup.tickets.replies import Reply, reply

blueprint = Blueprint("replies", __name__)


class ReplyWanted(Model):
    """What to say, in Markdown."""

    text: str
    internal: bool = False
    """An internal note: never shown to customers."""
    card_id: str | None = None
    """Trello's id of the card from which it is sent."""
    seen: int | None = None
    """Id of the newest message that the writer had before them: when somebody else has written since, nothing is sent (409)."""
    request_id: RequestId = Field(min_length=8, max_length=64)
    """Made by the sender; the same id never posts twice."""


@blueprint.post("/tickets/<int:ticket_id>/replies")
@documented(tag="replies", json=ReplyWanted, answers={202: DeliveryAnswer, 200: DeliveryAnswer}, problems=(409, 413, 422, 502, 504))
def write(ticket_id: int) -> tuple[dict[str, Any], int]:
    """Post a reply or an internal note; 200 when this request id was seen before."""
    wanted, seat = body(ReplyWanted), auth.seat()
    card = confirm_card(services(), seat, wanted.card_id) if wanted.card_id else None
    said = Reply(wanted.text, wanted.internal, wanted.request_id, card.id if card else None, wanted.seen)
    with database().write() as session:
        ticket = tickets.get(session, seat.workspace_id, ticket_id)
        forum = forums.get(session, seat.workspace_id, ticket.forum_id, removed_too=True)
        made, is_new = reply(session, ticket, forum, said, by=auth.actor(), max_attempts=settings().max_attempts)
        return {"delivery": delivery_shape(made)}, 202 if is_new else 200
