"""Answers whoever clicked a button in Slack, through the address that came with the click."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as owned
from powerup.deliveries.alert_words import alert, gather, local_time
from powerup.deliveries.job import Outcome
from powerup.errors import ConflictError
from powerup.integrations.alerts import Alert
from powerup.integrations.slack import blocks
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.blocks import Message
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.teams.people import slack_response_purpose, slack_token
from powerup.tickets.models import Ticket
from powerup.triage.settings import pace

LATE = "Slack takes an answer to a click for half an hour only; that is over."


@dataclass(frozen=True)
class SlackAnswer:
    """Replaces the message that was clicked, or says something that only this person sees. Twice is harmless."""

    services: Services
    url: str
    message: Message
    replace: bool

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The words; raises ConflictError when Slack takes no answer any more."""
        payload = delivery.payload
        if clock.now() > clock.parse(payload["until"]):
            raise ConflictError(LATE)
        url = services.sealer.open(slack_response_purpose(delivery.workspace_id), payload["sealed_url"])
        match payload["answer"]:
            case "taken":
                return cls(services, url, slack_message(_taken(session, delivery), buttons=True), replace=True)
            case "who":
                return cls(services, url, _who(services, delivery.workspace_id, payload), replace=False)
        return cls(services, url, Message(payload["words"], [blocks.section(payload["words"])]), replace=False)

    def send(self) -> Outcome:
        """Post."""
        with self.services.slack() as slack:
            slack.respond(self.url, self.message, replace=self.replace, ephemeral=not self.replace)
        return {}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def _taken(session: Session, delivery: Delivery) -> Alert:
    """The message as it was, with its links, and who has it instead of the button."""
    payload = delivery.payload
    assignment = owned.get(session, delivery.workspace_id, int(payload["assignment_id"]))
    ticket = session.get_one(Ticket, assignment.ticket_id)
    what = payload["what"]
    now = alert(what, gather(session, ticket, assignment, answer=what == "answered"), urgent=False)
    name = teams.name_of(session, delivery.workspace_id, payload["member_id"]) or "somebody"
    at = local_time(clock.parse(payload["at"]), pace(session, delivery.workspace_id))
    footer = f"✅ Taken by {name}, {at}"
    return Alert(title=now.title, lines=now.lines, facts=now.facts, links=now.links, footer=footer)


def _who(services: Services, workspace_id: int, payload: dict[str, Any]) -> Message:
    """Slack knows the person and we do not: they tell us once, by signing in with Trello."""
    token = slack_token(services.signer, workspace_id, payload["slack_user_id"], payload["slack_name"])
    link = blocks.link(f"{services.settings.base_url}/slack/me?token={token}", "Sign in with Trello")
    words = "Closeloop does not know yet who you are on Trello."
    return Message(words, [blocks.section(raw=f"{blocks.escape(words)} {link} once, then click again. The link works for an hour.")])
