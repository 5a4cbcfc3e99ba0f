"""POST /badges: what a whole board's cards have to say, in one request."""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, body, documented
from powerup.badges import queries as badges

blueprint = Blueprint("badges", __name__)

CardId = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]


class BadgeQuestion(Model):
    """Trello's ids of the cards on screen."""

    cards: list[CardId] = Field(max_length=badges.LARGEST)


class BadgeResolution(Model):
    """How the card was resolved."""

    type: Literal["code_fix", "ui_change", "docs"]
    state: Literal["marked", "shipped", "customers_told", "came_back"]


class BadgeFacts(Model):
    """What one card has to say; words and colours are the screen's."""

    tickets: int
    waiting_on: Literal["us", "customer"] | None
    waiting_since: str | None
    resolution: BadgeResolution | None
    failed: int
    pending: int
    impact: Literal["low", "normal", "high", "outage"] | None
    """The highest of its tickets'; null without tickets."""
    outage: bool
    """A ticket that is not settled has the impact outage."""
    warn_at: str | None
    due_at: str | None
    """When the first promise to one of its customers runs out; null while nobody waits on us."""
    due_kind: Literal["first_answer", "next_update"] | None


class BadgeAnswer(Model):
    """Facts by card id; cards with nothing to say are absent."""

    cards: dict[str, BadgeFacts]


@blueprint.post("/badges")
@documented(tag="badges", json=BadgeQuestion, answers={200: BadgeAnswer}, problems=(413, 422))
def ask() -> dict[str, Any]:
    """Badge facts for up to 1,000 cards of the token's board."""
    with database().read() as session:
        return {"cards": badges.of_cards(session, auth.seat().board_id, body(BadgeQuestion).cards)}
