"""Links: which threads a card stands for."""

from typing import Any, Self

from flask import Blueprint
from pydantic import Field, model_validator

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.cards import LinkShape, link_shape
from powerup.links import actions, queries
from powerup.sync.card_lookup import confirm_card
from powerup.sync.lookup import ticket_for_url
from powerup.tickets import queries as tickets
from powerup.triage import linking

blueprint = Blueprint("links", __name__)


class LinkWanted(Model):
    """A thread's address, or a ticket's id."""

    url: str | None = Field(None, max_length=2_000)
    ticket_id: int | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.url is None) == (self.ticket_id is None):
            raise ValueError("give either url or ticket_id")
        return self


class LinkAnswer(Model):
    """The new link."""

    link: LinkShape


@blueprint.post("/cards/<card_id>/links")
@documented(tag="links", json=LinkWanted, answers={201: LinkAnswer}, problems=(409, 422, 502, 504))
def link(card_id: str) -> tuple[dict[str, Any], int]:
    """Link a thread to the card; a pasted address that we have not read yet is read from its forum now."""
    wanted, seat = body(LinkWanted), auth.seat()
    card = confirm_card(services(), seat, card_id)
    ticket_id = wanted.ticket_id
    if wanted.url is not None:
        ticket_id = ticket_for_url(services(), seat.workspace_id, wanted.url).id
    with database().write() as session:
        ticket = tickets.get(session, seat.workspace_id, ticket_id or 0)
        made = actions.link(session, card, ticket, by=auth.actor(), max_attempts=settings().max_attempts)
        linking.linked(session, ticket, card, by=auth.actor())
        return {"link": link_shape(session, made, card)}, 201


@blueprint.delete("/cards/<card_id>/links/<int:link_id>")
@documented(tag="links", answers={204: None})
def unlink(card_id: str, link_id: int) -> tuple[str, int]:
    """Untie a thread from the card; the thread itself is not touched."""
    seat = auth.seat()
    card = confirm_card(services(), seat, card_id)
    with database().write() as session:
        made = queries.get(session, seat.workspace_id, card.id, link_id)
        ticket = tickets.get(session, seat.workspace_id, made.ticket_id)
        actions.unlink(session, made, card, ticket, by=auth.actor(), max_attempts=settings().max_attempts)
        linking.unlinked(session, ticket, card, by=auth.actor(), max_attempts=settings().max_attempts)
    return "", 204
