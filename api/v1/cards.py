"""GET /cards/<id>: everything that the back of one card shows, in one request."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services
from api.openapi import Model, documented
from api.v1.shapes.assignments import AssignmentShape, assignment_shape
from api.v1.shapes.deliveries import DeliveryShape, delivery_shape
from api.v1.shapes.people import Member, TeamRef, members
from api.v1.shapes.resolutions import ResolutionShape, resolution_shape
from api.v1.shapes.tickets import TicketDetail, ticket_detail
from powerup import clock
from powerup.assignments import queries as assignments
from powerup.cards.models import Card
from powerup.events import queries as events
from powerup.events.models import Event
from powerup.links import queries as links
from powerup.links.models import Link
from powerup.outbox import queries as outbox
from powerup.resolutions import queries as resolutions
from powerup.sync.card_lookup import confirm_card
from powerup.teams import queries as teams
from powerup.tickets import queries as tickets

blueprint = Blueprint("cards", __name__)


class CardShape(Model):
    """The card itself; `id` is Trello's."""

    id: str
    name: str


class LinkShape(Model):
    """A linked ticket with the latest part of its thread."""

    id: int
    created_at: str
    created_by: str | None
    ticket: TicketDetail


class EventShape(Model):
    """One line of history."""

    id: int
    at: str
    actor: str
    """`member`, `forum`, `trello` or `system`."""
    actor_id: str | None
    verb: str
    ticket_id: int | None


class CardTeam(TeamRef):
    """A team and who is in it."""

    members: list[Member]


class CardPanel(Model):
    """The back of a card."""

    card: CardShape
    links: list[LinkShape]
    resolution: ResolutionShape | None
    deliveries: list[DeliveryShape]
    history: list[EventShape]
    assignments: list[AssignmentShape]
    """Live ones, oldest first."""
    teams: list[CardTeam]
    """To whom a thread can be passed on."""


@blueprint.get("/cards/<card_id>")
@documented(tag="cards", answers={200: CardPanel}, problems=(502, 504))
def panel(card_id: str) -> dict[str, Any]:
    """The card's linked threads, resolution, deliveries and history."""
    card = confirm_card(services(), auth.seat(), card_id)
    with database().read() as session:
        return card_panel(session, card)


def card_panel(session: Session, card: Card) -> dict[str, Any]:
    """A `CardPanel`."""
    tied = links.of_card(session, card.workspace_id, card.id)
    resolution = resolutions.of_card(session, card.workspace_id, card.id)
    return {
        "card": {"id": card.trello_id, "name": card.name},
        "links": [link_shape(session, row.Link, card) for row in tied],
        "resolution": resolution_shape(resolution, resolutions.told(session, resolution.id)) if resolution else None,
        "deliveries": [delivery_shape(each) for each in outbox.listed(session, card.workspace_id, card_id=card.id, limit=30)],
        "history": [_event(each) for each in events.of_card(session, card.workspace_id, card.id)],
        **_owners(session, card),
    }


def _owners(session: Session, card: Card) -> dict[str, Any]:
    people = teams.people(session, card.workspace_id)
    areas = {area.id: area for area in teams.areas(session, card.workspace_id)}
    return {
        "assignments": [
            assignment_shape(row.Assignment, row.Team, areas.get(row.Assignment.area_id or 0), people)
            for row in assignments.of_card(session, card.workspace_id, card.id)
        ],
        "teams": [
            {"id": team.id, "name": team.name, "members": members(people, team.member_ids)}
            for team in teams.listed(session, card.workspace_id)
        ],
    }


def link_shape(session: Session, link: Link, card: Card) -> dict[str, Any]:
    """A `LinkShape`."""
    row = tickets.summary(session, card.workspace_id, link.ticket_id)
    others = [each for each in links.cards_of(session, card.workspace_id, link.ticket_id) if each.id != card.id]
    return {
        "id": link.id,
        "created_at": clock.iso(link.made_at),
        "created_by": link.made_by,
        "ticket": ticket_detail(session, row, tickets.messages(session, link.ticket_id), others),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": clock.iso(event.at),
        "actor": event.actor_kind,
        "actor_id": event.actor_id,
        "verb": event.verb,
        "ticket_id": event.ticket_id,
    }
