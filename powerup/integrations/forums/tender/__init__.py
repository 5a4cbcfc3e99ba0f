"""Tender Support: the adapter and nothing of its words outside this package."""

from powerup.integrations.forums.tender.adapter import Tender

__all__ = ["Tender"]
