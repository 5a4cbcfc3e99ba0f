"""NodeBB: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.nodebb.adapter import NodeBB

__all__ = ["NodeBB"]
