"""POST /ticket-lookups: what thread an address is, reading its forum when we do not know it yet."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services
from api.openapi import Model, body, documented
from api.v1.shapes.tickets import TicketSummary, ticket_summary
from powerup.sync.lookup import ticket_for_url
from powerup.tickets import queries as tickets

blueprint = Blueprint("ticket_lookups", __name__)


class Lookup(Model):
    """A pasted address."""

    url: str = Field(max_length=2_000)


class TicketAnswer(Model):
    """The thread."""

    ticket: TicketSummary


@blueprint.post("/ticket-lookups")
@documented(tag="tickets", json=Lookup, answers={200: TicketAnswer}, problems=(422, 502, 503, 504))
def look_up() -> dict[str, Any]:
    """The thread behind an address."""
    seat = auth.seat()
    ticket = ticket_for_url(services(), seat.workspace_id, body(Lookup).url)
    with database().read() as session:
        return {"ticket": ticket_summary(tickets.summary(session, seat.workspace_id, ticket.id))}
