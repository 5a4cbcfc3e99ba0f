"""What an admin chose for a repository, read from the credentials."""

from dataclasses import dataclass

from powerup.integrations.forums.base import ForumConfig

ISSUES, DISCUSSIONS, BOTH = "issues", "discussions", "both"
DEFAULT_PREFIX = "team:"
_LONGEST_LABEL = 50
"""https://docs.github.com/en/issues/using-labels-and-milestones-to-track-work/managing-labels."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which lists are tickets, and how a label that names a team begins."""

    issues: bool
    discussions: bool
    prefix: str

    @classmethod
    def of(cls, config: ForumConfig) -> "Settings":
        """From the fields `threads` and `team_prefix`; what is empty or unknown is the default."""
        chosen = config.credentials.get("threads", "").strip().lower()
        prefix = config.credentials.get("team_prefix", "").strip() or DEFAULT_PREFIX
        return cls(chosen != DISCUSSIONS, chosen in (DISCUSSIONS, BOTH), prefix[: _LONGEST_LABEL - 10])

    def team_in(self, labels: tuple[str, ...]) -> str | None:
        """The team that a thread's labels name."""
        return next((label[len(self.prefix) :].strip() for label in labels if self.is_team(label)), None)

    def is_team(self, label: str) -> bool:
        """Whether the label names a team. Labels are the same in any case."""
        return label.lower().startswith(self.prefix.lower()) and len(label) > len(self.prefix)

    def label_of(self, team: str) -> str:
        """The label that names a team."""
        return f"{self.prefix}{team.strip()}"[:_LONGEST_LABEL]
