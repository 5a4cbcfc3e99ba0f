"""Resolutions."""

from typing import Any, Literal

from api.openapi import Model
from powerup import clock
from powerup.resolutions.models import Resolution
from powerup.resolutions.queries import Told


class ResolutionShape(Model):
    """How a card was resolved."""

    id: int
    type: Literal["code_fix", "ui_change", "docs"]
    state: Literal["marked", "shipped", "customers_told", "came_back"]
    evidence_url: str | None
    note: str | None
    message: str | None
    marked_by: str
    marked_at: str
    told: int
    to_tell: int


def resolution_shape(resolution: Resolution, told: Told) -> dict[str, Any]:
    """A `ResolutionShape`."""
    return {
        "id": resolution.id,
        "type": resolution.type,
        "state": resolution.state,
        "evidence_url": resolution.evidence_url,
        "note": resolution.note,
        "message": resolution.message,
        "marked_by": resolution.marked_by,
        "marked_at": clock.iso(resolution.marked_at),
        "told": told.told,
        "to_tell": told.to_tell,
    }
