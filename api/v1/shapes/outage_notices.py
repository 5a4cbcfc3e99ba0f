"""Outages in a line: what the queue has to know of them."""

from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.openapi import Model
from api.v1.shapes.people import AreaRef, TeamRef, ref
from powerup import clock
from powerup.outages.models import Outage
from powerup.teams.models import Area, Team


class OutageNotice(Model):
    """An outage that is proposed or open; GET /outages has the whole."""

    id: int
    state: Literal["proposed", "open"]
    area: AreaRef
    team: TeamRef
    title: str
    evidence: dict[str, Any]
    opened_at: str | None
    next_word_at: str | None
    late: bool
    """The promised word is overdue."""


def outage_notices(session: Session, workspace_id: int) -> list[dict[str, Any]]:
    """An `OutageNotice` for each that is proposed or open, newest first."""
    standing = select(Outage, Area, Team).join(Area, Area.id == Outage.area_id).join(Team, Team.id == Area.team_id)
    standing = standing.where(Outage.workspace_id == workspace_id, Outage.state.in_(("proposed", "open"))).order_by(Outage.id.desc())
    now = clock.now()
    return [
        {
            "id": outage.id,
            "state": outage.state,
            "area": ref(area),
            "team": ref(team),
            "title": outage.title,
            "evidence": outage.evidence,
            "opened_at": clock.iso(outage.opened_at) if outage.opened_at else None,
            "next_word_at": clock.iso(outage.next_word_at) if outage.next_word_at else None,
            "late": outage.next_word_at is not None and outage.next_word_at < now,
        }
        for outage, area, team in session.execute(standing)
    ]
