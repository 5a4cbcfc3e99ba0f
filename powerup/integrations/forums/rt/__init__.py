"""Request Tracker: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.rt.adapter import Rt

__all__ = ["Rt"]
