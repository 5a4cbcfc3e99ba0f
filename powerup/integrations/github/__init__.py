"""GitHub's API as such: addresses, the client, what its refusals mean. What a kind of integration makes of it lies with that kind."""

from powerup.integrations.github.addresses import Repository, repository_at
from powerup.integrations.github.client import VENDOR, GitHub, Listed

__all__ = ["VENDOR", "GitHub", "Listed", "Repository", "repository_at"]
