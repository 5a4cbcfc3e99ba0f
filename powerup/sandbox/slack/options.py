"""How a Slack double behaves: what a test or the demo may choose when it makes one."""

from dataclasses import dataclass

CHANNELS = ("deployments", "web-and-api", "triage")
HOOK = "T0SANDBOX/B0SANDBOX/closeloopsandboxhook0001"


@dataclass(frozen=True, slots=True)
class SlackUser:
    """Somebody who can click."""

    id: str
    name: str

    @property
    def handle(self) -> str:
        """The name that Slack writes without spaces."""
        return ".".join(self.name.lower().split())


USERS = (SlackUser("U0ADA00001", "Ada Okafor"), SlackUser("U0BEN00001", "Ben Lindqvist"), SlackUser("U0NOOR0001", "Noor Haddad"))


@dataclass
class SlackOptions:
    """Everything has a default; read at each use."""

    channels: tuple[str, ...] = CHANNELS
    """The first is the one on the front page and behind `webhook_url`."""
    teams_channels: tuple[str, ...] = ("Operations",)
    """Channels of Microsoft Teams beside Slack's."""
    team: str = "Acme"
    team_id: str = "T0SANDBOX"
    hook: str = HOOK
    """What follows /services/ for the first channel."""
    users: tuple[SlackUser, ...] = USERS
    bot_token: str = "xoxb-sandbox-0001"  # noqa: S105 - a sandbox has no secrets
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - the example of Slack's own documentation
    scopes: tuple[str, ...] = ("chat:write", "chat:write.public", "incoming-webhook")
    request_url: str = ""
    """Where clicks are sent; empty: nowhere, and whoever clicks sees a warning."""
    answer_seconds: float = 3.0
    """How long the app may take to acknowledge a click."""
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
