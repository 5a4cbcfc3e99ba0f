"""GitHub's Issues and Discussions: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.github.adapter import GitHubForum

__all__ = ["GitHubForum"]
