"""POST /triage/replies: the same first reply to several customers, each called by name."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, settings
from api.limits import RequestId
from api.openapi import Model, body, documented
from api.v1.triage.decisions import TicketIds
from powerup.forums import queries as forums
from powerup.outbox.models import Delivery
from powerup.tickets import queries as tickets
from powerup.tickets.replies import LONGEST, Reply, reply
from powerup.triage import batches, canned

blueprint = Blueprint("triage_replies", __name__)


class RepliesWanted(Model):
    """What to say, in Markdown."""

    ticket_ids: TicketIds
    text: str = Field(min_length=1, max_length=LONGEST)
    """`{name}` becomes the customer's name."""
    request_id: RequestId = Field(min_length=8, max_length=40)
    """Made by the page; the same id never posts twice."""
    canned_id: int | None = None


class ReplyOrdered(Model):
    """A reply on its way."""

    ticket_id: int
    delivery_id: int


class ReplyRefused(Model):
    """A thread that gets no reply, and why."""

    ticket_id: int
    code: str
    detail: str


class RepliesAnswer(Model):
    """What became of each."""

    deliveries: list[ReplyOrdered]
    refused: list[ReplyRefused]


@blueprint.post("/triage/replies")
@documented(tag="triage", json=RepliesWanted, answers={202: RepliesAnswer}, problems=(409, 422))
def write() -> tuple[dict[str, Any], int]:
    """Enqueue a reply to each customer."""
    said, workspace_id = body(RepliesWanted), auth.seat().workspace_id
    with database().write() as session:
        found = tickets.summaries(session, workspace_id, said.ticket_ids)
        used = canned.get(session, workspace_id, said.canned_id) if said.canned_id is not None else None

        def act(ticket_id: int) -> tuple[Delivery, bool]:
            ticket = tickets.get(session, workspace_id, ticket_id)
            customer = found[ticket_id].Customer
            text = canned.addressed(said.text, customer.name or customer.username)
            forum = forums.get(session, workspace_id, ticket.forum_id, removed_too=True)
            words = Reply(text, internal=False, request_id=f"{said.request_id}:{ticket_id}")
            return reply(session, ticket, forum, words, by=auth.actor(), max_attempts=settings().max_attempts)

        made, refused = batches.each(session, said.ticket_ids, act)
        fresh = sum(is_new for _, is_new in made)
        if used is not None and fresh:
            canned.note_use(session, used, fresh)
        return {
            "deliveries": [{"ticket_id": delivery.ticket_id, "delivery_id": delivery.id} for delivery, _ in made],
            "refused": [{"ticket_id": one.ticket_id, "code": str(one.error.code), "detail": one.error.detail} for one in refused],
        }, 202
