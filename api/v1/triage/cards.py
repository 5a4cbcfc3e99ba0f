"""Cards that a thread can be linked to, found by their names."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, documented, query
from api.v1.shapes.triage import AlikeCard
from powerup.cards import queries as cards
from powerup.triage import around

blueprint = Blueprint("triage_cards", __name__)

MOST = 20


class CardsAsked(Model):
    """Words that the name has; all of them, in any order, the last one perhaps unfinished."""

    q: str = Field(min_length=1, max_length=200)


class FoundCards(Model):
    """Open cards, the one seen last first."""

    cards: list[AlikeCard]


@blueprint.get("/triage/cards")
@documented(tag="triage", query=CardsAsked, answers={200: FoundCards}, problems=(422,))
def found() -> dict[str, Any]:
    """Open cards of the workspace that Closeloop has something to do with, by their names."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        rows = cards.named(session, workspace_id, query(CardsAsked).q.split(), limit=MOST)
        teams = around.teams_of(session, [row.board_id for row in rows])
        return {
            "cards": [
                {
                    "id": row.id,
                    "trello_id": row.trello_id,
                    "name": row.name,
                    "url": row.url,
                    "team": {"id": teams[row.board_id].id, "name": teams[row.board_id].name} if row.board_id in teams else None,
                }
                for row in rows
            ]
        }
