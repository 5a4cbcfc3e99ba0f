"""Small names of teams, areas and people, as many answers carry them."""

from collections.abc import Mapping
from typing import Any

from api.openapi import Model
from powerup.teams.models import Area, Person, Team


class TeamRef(Model):
    """A team."""

    id: int
    name: str


class AreaRef(Model):
    """An area that a team owns."""

    id: int
    name: str


class MemberRef(Model):
    """Somebody of the workspace; `id` is Trello's."""

    id: str
    name: str
    username: str


def team_ref(team: Team) -> dict[str, Any]:
    """A `TeamRef`."""
    return {"id": team.id, "name": team.name}


def area_ref(area: Area | None) -> dict[str, Any] | None:
    """An `AreaRef`."""
    return {"id": area.id, "name": area.name} if area is not None else None


def member_ref(people: Mapping[str, Person], member_id: str | None) -> dict[str, Any] | None:
    """A `MemberRef`; somebody of whom we know no name is shown as a member all the same."""
    if member_id is None:
        return None
    known = people.get(member_id)
    return {"id": member_id, "name": known.name if known else "A member", "username": known.username if known else ""}
