"""Roundup: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.roundup.adapter import Roundup

__all__ = ["Roundup"]
