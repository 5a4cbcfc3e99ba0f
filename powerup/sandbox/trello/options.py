"""How a Trello double behaves: what a test or the demo may choose when it makes one."""

from dataclasses import dataclass, field
from pathlib import Path

HOST_DIR = Path(__file__).resolve().parent / "host"
"""The board page and the stand-in client library (HTML, CSS, JavaScript)."""


@dataclass
class PowerUp:
    """The one Power-Up of the double, as an admin would have entered it in Trello's portal."""

    id: str = "6560a1b2c3d4e5f601234567"
    name: str = "Closeloop"
    connector_url: str = ""
    icon_url: str = ""
    api_key: str = "0123456789abcdef0123456789abcdef"
    secret: str = "5ecre75ecre75ecre75ecre75ecre75ecre75ecre75ecre75ecre75ecre75ecre"  # noqa: S105 - a sandbox has no secrets
    allowed_origins: tuple[str, ...] = ()
    """Origins that a token may be handed to; the connector's own origin always may."""


@dataclass(frozen=True)
class RateLimits:
    """Trello's published limits (https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/); 0 is no limit."""

    key: int = 300
    token: int = 100
    seconds: float = 10.0
    members: int = 100
    """Calls to /members/{id} itself; nested paths such as /members/me/boards do not count."""
    members_seconds: float = 900.0
    search: int = 30
    """Trello calls it "much stricter" and names no number."""
    lockout_after: int = 200
    """So many refusals in one window, and the whole key is refused until the window ends."""

    @classmethod
    def off(cls) -> "RateLimits":
        """No limits: for load tests."""
        return cls(key=0, token=0, members=0, search=0)


@dataclass
class TrelloOptions:
    """Everything has a default that behaves like Trello; read at each use, so addresses may be filled in once they are known."""

    power_up: PowerUp = field(default_factory=PowerUp)
    limits: RateLimits = field(default_factory=RateLimits)
    webhook_retry_seconds: tuple[float, ...] = (30.0, 60.0, 120.0)
    """Pauses before the second, third and fourth try of a webhook; after the last it is lost."""
    webhook_timeout: float = 10.0
    search_lag_seconds: float = 10.0
    """How old a change must be before search finds it."""
    long_poll_seconds: float = 20.0
    forum_url: str = ""
    slack_url: str = ""
    id_seed: int | None = None
    """A number makes all ids the same on every start (and after every reset)."""
    host_dir: Path = HOST_DIR
    client_js: Path | None = None
    """Trello's own client library, served instead of the stand-in (`host/power-up.js`)."""
