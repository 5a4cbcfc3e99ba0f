"""Resolutions: how a card's problem was resolved, for this and all future customers."""

from typing import Any

from flask import Blueprint
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.deliveries import DeliveryShape, delivery_shape
from api.v1.shapes.resolutions import ResolutionShape, resolution_shape
from powerup.errors import NotFoundError
from powerup.outbox.models import Delivery
from powerup.resolutions import actions, queries
from powerup.resolutions.models import Resolution
from powerup.resolutions.rules import Type
from powerup.sync.card_lookup import confirm_card
from powerup.tickets.replies import LONGEST

blueprint = Blueprint("resolutions", __name__)


class ResolutionWanted(Model):
    """How it was resolved."""

    type: Type
    evidence_url: str | None = Field(None, max_length=2_000)
    note: str | None = Field(None, max_length=LONGEST)
    message: str | None = Field(None, max_length=LONGEST)
    """Posted to every linked thread; empty tells nobody."""
    request_id: str | None = Field(None, min_length=8, max_length=64)


class ResolutionAnswer(Model):
    """The standing resolution and what goes out because of it."""

    resolution: ResolutionShape
    deliveries: list[DeliveryShape]


@blueprint.get("/cards/<card_id>/resolution")
@documented(tag="resolutions", answers={200: ResolutionAnswer})
def standing(card_id: str) -> dict[str, Any]:
    """How the card was resolved; 404 while it is not."""
    card = confirm_card(services(), auth.seat(), card_id)
    with database().read() as session:
        found = queries.of_card(session, card.workspace_id, card.id)
        if found is None:
            raise NotFoundError("This card is not resolved.")
        return _answer(session, found)


@blueprint.post("/cards/<card_id>/resolution")
@documented(tag="resolutions", json=ResolutionWanted, answers={201: ResolutionAnswer, 200: ResolutionAnswer}, problems=(409, 413, 422))
def mark(card_id: str) -> tuple[dict[str, Any], int]:
    """Mark the card resolved and have its customers told; 409 with `by`, `at` and `resolution_type` when somebody was first."""
    card = confirm_card(services(), auth.seat(), card_id)
    with database().write() as session:
        made, is_new = actions.resolve(session, card, _marking(), by=auth.actor(), max_attempts=settings().max_attempts)
        return _answer(session, made), 201 if is_new else 200


@blueprint.patch("/cards/<card_id>/resolution")
@documented(tag="resolutions", json=ResolutionWanted, answers={200: ResolutionAnswer}, problems=(409, 413, 422))
def change(card_id: str) -> dict[str, Any]:
    """Replace the standing resolution; the old one stays in the history."""
    card = confirm_card(services(), auth.seat(), card_id)
    with database().write() as session:
        made = actions.change(session, card, _marking(), by=auth.actor(), max_attempts=settings().max_attempts)
        return _answer(session, made)


@blueprint.delete("/cards/<card_id>/resolution")
@documented(tag="resolutions", answers={204: None})
def withdraw(card_id: str) -> tuple[str, int]:
    """Take the marking back; messages that have not gone out do not."""
    card = confirm_card(services(), auth.seat(), card_id)
    with database().write() as session:
        actions.withdraw(session, card, by=auth.actor())
    return "", 204


def _marking() -> actions.Marking:
    wanted = body(ResolutionWanted)
    return actions.Marking(wanted.type, wanted.evidence_url, wanted.note, wanted.message, wanted.request_id)


def _answer(session: Session, resolution: Resolution) -> dict[str, Any]:
    sent = session.scalars(select(Delivery).where(Delivery.resolution_id == resolution.id).order_by(Delivery.id))
    return {
        "resolution": resolution_shape(resolution, queries.told(session, resolution.id)),
        "deliveries": [delivery_shape(each) for each in sent],
    }
