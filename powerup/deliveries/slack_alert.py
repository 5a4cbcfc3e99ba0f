"""Tells the workspace's Slack channel that a problem was resolved."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from powerup.cards import queries as cards
from powerup.cards.models import Card
from powerup.deliveries.job import Outcome
from powerup.errors import ConflictError
from powerup.integrations.slack import blocks
from powerup.integrations.slack.blocks import Message
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import slack_purpose


@dataclass(frozen=True)
class SlackAlert:
    """The one kind without a look first: Slack's webhooks cannot be asked. A lost answer may show an alert twice."""

    services: Services
    url: str
    message: Message

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The channel's address and the words; raises ConflictError when Slack was disconnected meanwhile."""
        workspace = workspaces.workspace(session, delivery.workspace_id)
        if workspace.sealed_slack_url is None:
            raise ConflictError("Slack is no longer connected.")
        card = cards.in_workspace(session, delivery.workspace_id, delivery.card_id or 0)
        url = services.sealer.open(slack_purpose(workspace.id), workspace.sealed_slack_url)
        return cls(services, url, words(delivery.payload, card))

    def send(self) -> Outcome:
        """Post."""
        with self.services.slack() as slack:
            slack.post(self.url, self.message)
        return {}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def words(payload: dict[str, Any], card: Card) -> Message:
    """What the channel reads."""
    what = f"Resolved: {payload['words']}"
    lines = [blocks.section(raw=f"*{blocks.escape(what)}*\n{blocks.link(card.url, card.name)}")]
    if payload.get("evidence_url"):
        lines.append(blocks.context(raw=[f"Evidence: {blocks.link(payload['evidence_url'], payload['evidence_url'])}"]))
    if payload.get("note"):
        lines.append(blocks.section(payload["note"]))
    telling = payload.get("telling", 0)
    lines.append(blocks.context(f"{telling} customer{'' if telling == 1 else 's'} told on the forum" if telling else "No customer is told"))
    return Message(f"{what}: {card.name}", lines)
