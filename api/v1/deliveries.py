"""Deliveries: how each effect in the outside world is going, retry and cancel."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy.orm import Session

from api import auth
from api.context import database, settings
from api.openapi import Model, documented, query
from api.v1.shapes.deliveries import DeliveryAnswer, DeliveryShape, delivery_shape
from powerup.cards import queries as cards
from powerup.errors import CardElsewhereError
from powerup.events.actions import record
from powerup.outbox import actions, queries
from powerup.outbox.models import Delivery
from powerup.resolutions.actions import note_told

blueprint = Blueprint("deliveries", __name__)


class DeliveryFilter(Model):
    """Which deliveries."""

    card_id: str | None = None
    """Trello's id of a card on the token's board."""
    state: Literal["pending", "running", "done", "failed", "cancelled"] | None = None
    cursor: int | None = None
    limit: int = Field(50, ge=1, le=200)


class DeliveryList(Model):
    """Newest first."""

    deliveries: list[DeliveryShape]
    next_cursor: int | None


@blueprint.get("/deliveries")
@documented(tag="deliveries", query=DeliveryFilter, answers={200: DeliveryList}, problems=(422,))
def listed() -> dict[str, Any]:
    """Deliveries of the workspace, or of one card."""
    wanted = query(DeliveryFilter)
    with database().read() as session:
        card_id = None
        if wanted.card_id is not None:
            card = cards.on_board(session, auth.seat().board_id, wanted.card_id)
            if card is None:
                raise CardElsewhereError("Closeloop knows no such card on this board.")
            card_id = card.id
        found = queries.listed(
            session,
            auth.seat().workspace_id,
            card_id=card_id,
            state=wanted.state,
            before_id=wanted.cursor,
            limit=wanted.limit + 1,
        )
        page = found[: wanted.limit]
        more = len(found) > wanted.limit
        return {"deliveries": [delivery_shape(each) for each in page], "next_cursor": page[-1].id if more else None}


@blueprint.get("/deliveries/<int:delivery_id>")
@documented(tag="deliveries", answers={200: DeliveryAnswer})
def one(delivery_id: int) -> dict[str, Any]:
    """One delivery."""
    with database().read() as session:
        return {"delivery": delivery_shape(queries.get(session, auth.seat().workspace_id, delivery_id))}


@blueprint.post("/deliveries/<int:delivery_id>/attempts")
@documented(tag="deliveries", answers={202: DeliveryAnswer}, problems=(409,))
def retry(delivery_id: int) -> tuple[dict[str, Any], int]:
    """Try a failed delivery again now."""
    with database().write() as session:
        delivery = queries.get(session, auth.seat().workspace_id, delivery_id)
        actions.retry(session, delivery, max_attempts=settings().max_attempts)
        _note(session, delivery, "delivery.retried")
        return {"delivery": delivery_shape(delivery)}, 202


@blueprint.delete("/deliveries/<int:delivery_id>")
@documented(tag="deliveries", answers={204: None}, problems=(409,))
def cancel(delivery_id: int) -> tuple[str, int]:
    """Give up a delivery that has not gone out."""
    with database().write() as session:
        delivery = queries.get(session, auth.seat().workspace_id, delivery_id)
        actions.cancel(session, delivery)
        if delivery.resolution_id is not None:
            note_told(session, delivery.resolution_id)
        _note(session, delivery, "delivery.cancelled")
    return "", 204


def _note(session: Session, delivery: Delivery, verb: str) -> None:
    record(
        session,
        delivery.workspace_id,
        verb,
        by=auth.actor(),
        card_id=delivery.card_id,
        ticket_id=delivery.ticket_id,
        delivery=delivery.id,
    )
