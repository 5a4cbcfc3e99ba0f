"""Areas: what teams own, and the words that point to them."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.openapi import Model, body, documented
from api.v1.shapes.teams import AreaShape, area_shape
from powerup.teams import editing, queries
from powerup.teams.actions import add_keyword
from powerup.teams.rules import LONGEST_KEYWORD, MOST_KEYWORDS

blueprint = Blueprint("areas", __name__)

Keyword = Annotated[str, Field(min_length=1, max_length=LONGEST_KEYWORD)]
Keywords = Annotated[list[Keyword], Field(max_length=MOST_KEYWORDS)]
Owners = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=50)]


class NewArea(Model):
    """What a team owns besides what the board says."""

    name: str = Field(min_length=1, max_length=editing.LONGEST_NAME)
    keywords: Keywords = Field(default_factory=list)
    owner_ids: Owners = Field(default_factory=list)


class AreaWanted(Model):
    """What is left out stays; of a card of the Ownership board only `added_keywords` can be changed here."""

    name: str = Field("", min_length=1, max_length=editing.LONGEST_NAME)
    team_id: int = 0
    keywords: Keywords = Field(default_factory=list)
    added_keywords: Keywords = Field(default_factory=list)
    owner_ids: Owners = Field(default_factory=list)


class KeywordWanted(Model):
    """A word or a few, as customers write them."""

    keyword: str = Field(min_length=1, max_length=LONGEST_KEYWORD)


class AreaAnswer(Model):
    """One area."""

    area: AreaShape


@blueprint.post("/teams/<int:team_id>/areas")
@documented(tag="teams", json=NewArea, answers={201: AreaAnswer}, problems=(409, 422))
def add(team_id: int) -> tuple[dict[str, Any], int]:
    """Add an area that no board knows. Board admins only."""
    auth.require_admin()
    wanted, workspace_id = body(NewArea), auth.seat().workspace_id
    with database().write() as session:
        team = queries.get(session, workspace_id, team_id)
        area = editing.add_area(session, team, wanted.name, wanted.keywords, wanted.owner_ids, by=auth.actor())
        return {"area": area_shape(area, queries.people(session, workspace_id))}, 201


@blueprint.put("/areas/<int:area_id>")
@documented(tag="teams", json=AreaWanted, answers={200: AreaAnswer}, problems=(409, 422))
def change(area_id: int) -> dict[str, Any]:
    """Change an area. Board admins only."""
    auth.require_admin()
    wanted, workspace_id = body(AreaWanted), auth.seat().workspace_id
    with database().write() as session:
        area = queries.area(session, workspace_id, area_id)
        values = wanted.model_dump(exclude_unset=True)
        if "team_id" in values:
            queries.get(session, workspace_id, values["team_id"])
        editing.change_area(session, area, values, by=auth.actor())
        return {"area": area_shape(area, queries.people(session, workspace_id))}


@blueprint.delete("/areas/<int:area_id>")
@documented(tag="teams", answers={204: None}, problems=(409,))
def remove(area_id: int) -> tuple[str, int]:
    """Remove an area that is no card of the Ownership board. Board admins only."""
    auth.require_admin()
    with database().write() as session:
        editing.remove_area(session, queries.area(session, auth.seat().workspace_id, area_id), by=auth.actor())
    return "", 204


@blueprint.post("/areas/<int:area_id>/keywords")
@documented(tag="teams", json=KeywordWanted, answers={200: AreaAnswer}, problems=(409, 422))
def teach(area_id: int) -> dict[str, Any]:
    """Have a word point to the area from now on. Every member may; a word that is there already changes nothing."""
    wanted, workspace_id = body(KeywordWanted), auth.seat().workspace_id
    with database().write() as session:
        area = queries.area(session, workspace_id, area_id)
        add_keyword(session, area, wanted.keyword, by=auth.actor())
        return {"area": area_shape(area, queries.people(session, workspace_id))}
