"""Tells the owning team's channel that a problem was resolved."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from powerup.assignments import queries as owned
from powerup.cards import queries as cards
from powerup.cards.models import Card
from powerup.deliveries.channels import Channel
from powerup.deliveries.job import Outcome
from powerup.integrations.alerts import Alert
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.teams.models import Team


@dataclass(frozen=True)
class SlackAlert:
    """Has no look first: no chat can be asked. A lost answer may show an alert twice."""

    channel: Channel
    alert: Alert

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The channel and the words; raises ConflictError when the channel was disconnected meanwhile."""
        card = cards.in_workspace(session, delivery.workspace_id, delivery.card_id or 0)
        channel = Channel.of(session, services, delivery.workspace_id, _team(session, card))
        return cls(channel, words(delivery.payload, card))

    def send(self) -> Outcome:
        """Post."""
        return self.channel.tell(self.alert)

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def words(payload: dict[str, Any], card: Card) -> Alert:
    """What the channel reads."""
    telling = payload.get("telling", 0)
    told = f"{telling} customer{'' if telling == 1 else 's'} told on the forum" if telling else "No customer is told"
    links = [("Open card", card.url)]
    if payload.get("evidence_url"):
        links.append(("Evidence", payload["evidence_url"]))
    lines = [payload["note"]] if payload.get("note") else []
    return Alert(title=f"Resolved: {payload['words']}: {card.name}", lines=lines, links=links, footer=told)


def _team(session: Session, card: Card) -> Team | None:
    standing = owned.of_card(session, card.workspace_id, card.id)
    return standing[0].Team if standing else teams.of_board(session, card.board_id)
