"""People and teams, as shapes name them."""

from collections.abc import Mapping
from typing import Any

from api.v1.shapes.refs import AreaRef, TeamRef
from api.v1.shapes.refs import MemberRef as Member
from api.v1.shapes.refs import member_ref as member
from powerup.teams.models import Area, Team
from powerup.teams.models import Person as PersonRow

__all__ = ["AreaRef", "Member", "People", "TeamRef", "member", "members", "ref"]

People = Mapping[str, PersonRow]
"""By Trello's member id."""


def members(people: People, member_ids: list[str]) -> list[dict[str, Any] | None]:
    """A `MemberRef` for each."""
    return [member(people, each) for each in member_ids]


def ref(row: Team | Area | None) -> dict[str, Any] | None:
    """A `TeamRef` or an `AreaRef`."""
    return {"id": row.id, "name": row.name} if row is not None else None
