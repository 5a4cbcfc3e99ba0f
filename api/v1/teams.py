"""Teams: read from an Ownership board, or entered here."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.boards import look_at
from api.v1.shapes.teams import OwnershipShape, PersonShape, Setting, StandUpShape, TeamShape, ownership_shape, person_shape, team_shapes
from api.v1.shapes.teams import team_shape as shape
from powerup.assignments import queries as assignments
from powerup.errors import InvalidError
from powerup.events.actions import record
from powerup.integrations.trello.models import Member as TrelloMember
from powerup.integrations.trello.models import TrelloList
from powerup.teams import editing, queries
from powerup.teams.actions import SeenPerson, plan_stand_up, remember_people
from powerup.teams.editing import Hook, Inbox
from powerup.teams.models import Team
from powerup.triage.settings import pace
from powerup.triage.waiting import cards_for_waiting
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

blueprint = Blueprint("teams", __name__)

MOST_MEMBERS = 200


class TeamWanted(Model):
    """What is left out stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=editing.LONGEST_NAME)
    board_trello_id: str | None = Field(None, max_length=64)
    """A connected board of the workspace; null: no cards are made."""
    inbox_list_id: str | None = Field(None, max_length=64)
    """The board's list for new cards; left out: the one called Inbox, or the first."""
    member_ids: list[str] | None = Field(None, max_length=MOST_MEMBERS)
    forum_group: str | None = Field(None, max_length=255)
    slack_channel: str | None = Field(None, max_length=120)
    hook_kind: Literal["slack", "msteams"] | None = None
    hook_url: str | None = Field(None, max_length=2_000)
    """A credential: it is never sent back. Null disconnects."""
    stand_up: StandUpShape | None = None
    reset: list[Setting] = Field(default_factory=list, max_length=10)
    """Settings that the Ownership board says again."""


class NewTeam(TeamWanted):
    """A team that no board knows."""

    name: str = Field(min_length=1, max_length=editing.LONGEST_NAME)


class TeamAnswer(Model):
    """One team."""

    team: TeamShape


class TeamList(Model):
    """Everybody, and where that comes from."""

    teams: list[TeamShape]
    people: list[PersonShape]
    ownership: OwnershipShape


@blueprint.get("/teams")
@documented(tag="teams", answers={200: TeamList})
def listed() -> dict[str, Any]:
    """The teams of the workspace with their areas, in the board's order."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        return {
            "teams": team_shapes(session, workspace_id, queries.listed(session, workspace_id)),
            "people": [person_shape(each) for each in queries.people(session, workspace_id).values()],
            "ownership": ownership_shape(session, queries.ownership(session, workspace_id)),
        }


@blueprint.post("/teams")
@documented(tag="teams", json=NewTeam, answers={201: TeamAnswer}, problems=(409, 422, 502, 504))
def add() -> tuple[dict[str, Any], int]:
    """Add a team that no board knows. Board admins only."""
    auth.require_steward()
    wanted, workspace_id = body(NewTeam), auth.seat().workspace_id
    seen = _look(wanted, workspace_id, None)
    with database().write() as session:
        team = editing.add_team(session, workspace_id, wanted.name, by=auth.actor())
        _change(session, team, wanted, seen)
        return {"team": shape(session, team)}, 201


@blueprint.put("/teams/<int:team_id>")
@documented(tag="teams", json=TeamWanted, answers={200: TeamAnswer}, problems=(409, 422, 502, 504))
def change(team_id: int) -> dict[str, Any]:
    """Change a team; what is set here the Ownership board no longer changes. Board admins only."""
    auth.require_steward()
    wanted, workspace_id = body(TeamWanted), auth.seat().workspace_id
    with database().read() as session:
        known = queries.get(session, workspace_id, team_id)
    seen = _look(wanted, workspace_id, known)
    with database().write() as session:
        team = queries.get(session, workspace_id, team_id)
        if wanted.name is not None:
            editing.rename(session, team, wanted.name)
        _change(session, team, wanted, seen)
        record(session, workspace_id, "team.changed", by=auth.actor(), team=team.id, what=sorted(wanted.model_fields_set))
        return {"team": shape(session, team)}


@blueprint.delete("/teams/<int:team_id>")
@documented(tag="teams", answers={204: None}, problems=(409,))
def remove(team_id: int) -> tuple[str, int]:
    """Remove a team that owns no open thread and is no list of the Ownership board. Board admins only."""
    auth.require_steward()
    workspace_id = auth.seat().workspace_id
    with database().write() as session:
        team = queries.get(session, workspace_id, team_id)
        count = assignments.open_by_team(session, workspace_id).get(team.id, 0)
        editing.remove_team(session, team, open_tickets=count, by=auth.actor())
    return "", 204


class Seen:
    """What Trello showed of the board for a team's cards, asked before the transaction."""

    def __init__(self) -> None:
        self.inbox: Inbox | None = None
        self.people: list[SeenPerson] = []


def _look(wanted: TeamWanted, workspace_id: int, known: Team | None) -> Seen:
    """Ask Trello what cannot be taken on the browser's word: that the list is the board's, and who people are."""
    seen, said = Seen(), wanted.model_fields_set
    board = _board(wanted, workspace_id, known)
    asks_list, asks_people = bool(said & {"board_trello_id", "inbox_list_id"}), bool(wanted.member_ids)
    if asks_list and board is None:
        seen.inbox = Inbox(None, None, None)
    if not asks_list and not asks_people:
        return seen
    with database().read() as session:
        strangers = set(wanted.member_ids or ()) - queries.people(session, workspace_id).keys()
        beside = board or workspaces.board(session, auth.seat().board_id)
    if strangers or (asks_list and board is not None):
        lists, people = look_at(beside)
        seen.people = [_person(each) for each in people]
        if asks_list and board is not None:
            seen.inbox = _inbox(board, lists, wanted.inbox_list_id)
    if strangers - {each.member_id for each in seen.people}:
        problem = {"field": "member_ids", "message": "names somebody who is not on the team's board"}
        raise InvalidError("Closeloop knows one of these people not. Add them to the team's board first.", errors=[problem])
    return seen


def _board(wanted: TeamWanted, workspace_id: int, known: Team | None) -> Board | None:
    with database().read() as session:
        if "board_trello_id" in wanted.model_fields_set:
            return workspaces.connected_board(session, workspace_id, wanted.board_trello_id) if wanted.board_trello_id else None
        return workspaces.board(session, known.board_id) if known is not None and known.board_id is not None else None


def _inbox(board: Board, lists: Any, list_id: str | None) -> Inbox:
    found: TrelloList | None
    if list_id is not None:
        found = next((each for each in lists if each.id == list_id), None)
    else:
        found = next((each for each in lists if each.name.strip().lower() == "inbox"), lists[0] if lists else None)
    if found is None:
        problem = {"field": "inbox_list_id", "message": "is no open list of this board"}
        raise InvalidError(f"Choose a list of the board “{board.name}”.", errors=[problem])
    return Inbox(board.id, found.id, found.name)


def _person(one: TrelloMember) -> SeenPerson:
    return SeenPerson(one.id, one.username, one.full_name)


def _change(session: Session, team: Team, wanted: TeamWanted, seen: Seen) -> None:
    said = wanted.model_fields_set
    if wanted.member_ids:
        remember_people(session, team.workspace_id, [each for each in seen.people if each.member_id in wanted.member_ids])
    if seen.inbox is not None:
        place = {"board_id": seen.inbox.board_id, "inbox_list_id": seen.inbox.list_id, "inbox_list_name": seen.inbox.list_name}
        editing.set_by_hand(session, team, "board", place)
    if "member_ids" in said:
        editing.set_by_hand(session, team, "members", {"member_ids": list(dict.fromkeys(wanted.member_ids or ()))})
    for name in ("forum_group", "slack_channel"):
        if name in said:
            editing.set_by_hand(session, team, name, {name: (getattr(wanted, name) or "").strip() or None})
    if "stand_up" in said:
        stand_up = editing.read_stand_up_json(wanted.stand_up.model_dump()) if wanted.stand_up else None
        editing.set_by_hand(session, team, "stand_up", {"stand_up": stand_up})
    if "hook_url" in said:
        editing.set_hook(team, _hook(wanted), sealer=services().sealer)
    editing.give_back(session, team, wanted.reset)
    plan_stand_up(team, pace(session, team.workspace_id).hours.time_zone)
    cards_for_waiting(session, team, max_attempts=settings().max_attempts)


def _hook(wanted: TeamWanted) -> Hook:
    if wanted.hook_url is None:
        return Hook(None, None)
    if wanted.hook_kind is None:
        raise InvalidError("Say what the address is of.", errors=[{"field": "hook_kind", "message": "is slack or msteams"}])
    with services().slack() as slack, services().msteams() as msteams:
        (slack if wanted.hook_kind == "slack" else msteams).check_address(wanted.hook_url)
    return Hook(wanted.hook_kind, wanted.hook_url)
