"""Discourse: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.discourse.adapter import Discourse

__all__ = ["Discourse"]
