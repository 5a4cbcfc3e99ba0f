"""Teams, their areas, and where they are read from."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from api.openapi import Model
from api.v1.shapes.people import Member, People, members
from powerup import clock
from powerup.assignments import queries as assignments
from powerup.teams import queries
from powerup.teams.editing import BY_HAND
from powerup.teams.models import Area, Ownership, Person, Team
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

Setting = Literal["board", "members", "forum_group", "slack_channel", "stand_up"]


class TeamBoard(Model):
    """Where a team's cards are made."""

    id: int
    trello_id: str
    name: str


class TeamInbox(Model):
    """The list for new cards; `id` is Trello's."""

    id: str
    name: str


class AreaShape(Model):
    """What a team owns, and the words that point to it."""

    id: int
    name: str
    keywords: list[str]
    added_keywords: list[str]
    """Added from the triage page, and not on the Ownership board."""
    owners: list[Member]
    card_url: str | None


class StandUpShape(Model):
    """When a team stands up."""

    at: str
    days: list[int]
    """0 is Monday."""
    time_zone: str | None
    """Null: the workspace's."""


class TeamShape(Model):
    """A team; addresses of webhooks are never sent back."""

    id: int
    name: str
    source: Literal["board", "settings"]
    board: TeamBoard | None
    inbox: TeamInbox | None
    members: list[Member]
    forum_group: str | None
    slack_channel: str | None
    hook_kind: Literal["slack", "msteams"] | None
    hook_connected: bool
    stand_up: StandUpShape | None
    stand_up_next_at: str | None
    ready: bool
    """Cards can be made for it."""
    by_hand: list[Setting]
    """What an admin set here: the Ownership board no longer changes it."""
    areas: list[AreaShape]
    open_tickets: int


class PersonShape(Member):
    """Somebody as Trello, the forum and Slack know them."""

    forum_username: str | None
    slack_user_id: str | None


class OwnershipBoard(Model):
    """The board that is read."""

    id: int
    trello_id: str
    name: str
    url: str


class ReadingProblem(Model):
    """What could not be understood there, with the card's address."""

    text: str
    name: str
    url: str


class OwnershipShape(Model):
    """Where teams and areas come from."""

    board: OwnershipBoard | None
    read_at: str | None
    read_error: str | None
    problems: list[ReadingProblem]


def team_shapes(session: Session, workspace_id: int, wanted: Sequence[Team]) -> list[dict[str, Any]]:
    """A `TeamShape` for each."""
    people = queries.people(session, workspace_id)
    boards = {board.id: board for board in workspaces.boards(session, workspace_id)}
    areas: defaultdict[int, list[Area]] = defaultdict(list)
    for area in queries.areas(session, workspace_id):
        areas[area.team_id].append(area)
    counts, ownership = assignments.open_by_team(session, workspace_id), queries.ownership(session, workspace_id)
    followed = ownership is not None and ownership.board_id is not None
    return [
        _settings(team, boards.get(team.board_id or 0))
        | {
            "source": "board" if followed and team.list_trello_id is not None else "settings",
            "members": members(people, team.member_ids),
            "areas": [area_shape(area, people) for area in areas[team.id]],
            "open_tickets": counts.get(team.id, 0),
        }
        for team in wanted
    ]


def team_shape(session: Session, team: Team) -> dict[str, Any]:
    """A `TeamShape`."""
    session.flush()
    return team_shapes(session, team.workspace_id, [team])[0]


def area_shape(area: Area, people: People) -> dict[str, Any]:
    """An `AreaShape`."""
    return {
        "id": area.id,
        "name": area.name,
        "keywords": list(area.keywords),
        "added_keywords": list(area.added_keywords),
        "owners": members(people, area.owner_ids),
        "card_url": area.card_url,
    }


def person_shape(person: Person) -> dict[str, Any]:
    """A `PersonShape`."""
    return {
        "id": person.trello_member_id,
        "name": person.name,
        "username": person.username,
        "forum_username": person.forum_username,
        "slack_user_id": person.slack_user_id,
    }


def ownership_shape(session: Session, ownership: Ownership | None) -> dict[str, Any]:
    """An `OwnershipShape`."""
    if ownership is None:
        return {"board": None, "read_at": None, "read_error": None, "problems": []}
    board = workspaces.board(session, ownership.board_id) if ownership.board_id is not None else None
    return {
        "board": {"id": board.id, "trello_id": board.trello_id, "name": board.name, "url": board.url} if board else None,
        "read_at": clock.iso(ownership.read_at) if ownership.read_at else None,
        "read_error": ownership.read_error,
        "problems": list(ownership.problems),
    }


def _settings(team: Team, board: Board | None) -> dict[str, Any]:
    inbox = {"id": team.inbox_list_id, "name": team.inbox_list_name or "Inbox"} if team.inbox_list_id else None
    return {
        **{name: getattr(team, name) for name in ("id", "name", "forum_group", "slack_channel", "hook_kind", "stand_up")},
        "board": {"id": board.id, "trello_id": board.trello_id, "name": board.name} if board else None,
        "inbox": inbox,
        "hook_connected": team.sealed_hook_url is not None,
        "stand_up_next_at": clock.iso(team.stand_up_next_at) if team.stand_up_next_at else None,
        "ready": queries.is_ready(team) and board is not None,
        "by_hand": [name for name, columns in BY_HAND.items() if columns[0] in team.from_settings],
    }
