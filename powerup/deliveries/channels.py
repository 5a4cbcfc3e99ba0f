"""Where a team hears of things: its channel by the workspace's Slack app, its own webhook, or the workspace's."""

from dataclasses import dataclass
from typing import Literal, Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import Outcome
from powerup.errors import ConflictError
from powerup.integrations.alerts import Alert
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.blocks import Message
from powerup.services import Services
from powerup.teams.editing import team_hook_purpose
from powerup.teams.models import Team
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import slack_bot_purpose, slack_purpose

NOT_CONNECTED = "Slack is no longer connected."


@dataclass(frozen=True)
class Channel:
    """One channel, and how to speak there."""

    services: Services
    kind: Literal["bot", "slack", "msteams"]
    address: str
    """A webhook's address, or the channel's name."""
    token: str = ""
    has_buttons: bool = False
    """Clicks come back and can be verified."""

    @classmethod
    def of(cls, session: Session, services: Services, workspace_id: int, team: Team | None) -> Self:
        """The team's channel, else the workspace's; raises ConflictError where there is none (any more)."""
        workspace = workspaces.workspace(session, workspace_id)
        if team is not None and team.slack_channel and workspace.sealed_slack_bot:
            token = services.sealer.open(slack_bot_purpose(workspace.id), workspace.sealed_slack_bot)
            return cls(services, "bot", team.slack_channel, token, has_buttons=workspace.sealed_slack_secret is not None)
        if team is not None and team.sealed_hook_url:
            url = services.sealer.open(team_hook_purpose(team.id), team.sealed_hook_url)
            return cls(services, "msteams" if team.hook_kind == "msteams" else "slack", url)
        if workspace.sealed_slack_url is None:
            raise ConflictError(NOT_CONNECTED)
        return cls(services, "slack", services.sealer.open(slack_purpose(workspace.id), workspace.sealed_slack_url))

    def tell(self, alert: Alert, message: Message | None = None) -> Outcome:
        """Post. None of the vendors can be asked what was posted: a lost answer may show an alert twice.

        :param message: the same as Slack is to show it, where an alert cannot say it.
        """
        if self.kind == "msteams":
            with self.services.msteams() as webhook:
                webhook.post(self.address, alert)
            return {}
        message = message or slack_message(alert, buttons=self.has_buttons)
        if self.kind == "slack":
            with self.services.slack() as slack:
                slack.post(self.address, message)
            return {}
        with self.services.slack_bot(self.token) as bot:
            posted = bot.post(self.address, message)
        return {"channel": posted.channel, "ts": posted.ts}
