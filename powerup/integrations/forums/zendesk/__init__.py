"""Zendesk Support. See `adapter`."""

from powerup.integrations.forums.zendesk.adapter import Zendesk

__all__ = ["Zendesk"]
