"""Edit teams and areas in the settings, with an Ownership board or without one. What an admin sets by hand wins over the board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.crypto import Sealer
from powerup.errors import ConflictError, InvalidError
from powerup.events.actions import Actor, record
from powerup.teams import queries
from powerup.teams.actions import read_soon
from powerup.teams.models import Area, Team
from powerup.teams.rules import tidy_keywords
from powerup.teams.stand_up import StandUpError, time_zone

LONGEST_NAME = 120
BY_HAND: Mapping[str, tuple[str, ...]] = {
    "board": ("board_id", "inbox_list_id", "inbox_list_name"),
    "members": ("member_ids",),
    "forum_group": ("forum_group",),
    "slack_channel": ("slack_channel",),
    "stand_up": ("stand_up",),
}
"""What can be set by hand, and the columns of each; the first one stands for it in `Team.from_settings`."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The board and list in which a team's cards are made."""

    board_id: int | None
    list_id: str | None
    list_name: str | None


@dataclass(frozen=True, slots=True)
class Hook:
    """A channel's own webhook; both None disconnects."""

    kind: str | None
    url: str | None


def add_team(session: Session, workspace_id: int, name: str, *, by: Actor) -> Team:
    """A team that no board knows."""
    last = session.scalar(select(func.max(Team.position)).where(Team.workspace_id == workspace_id))
    team = Team(workspace_id=workspace_id, name="", position=(last or 0.0) + 1.0, member_ids=[], from_settings=[], created_at=clock.now())
    rename(session, team, name)
    session.add(team)
    session.flush()
    record(session, workspace_id, "team.added", by=by, team=team.id)
    return team


def rename(session: Session, team: Team, name: str) -> None:
    """Give a team its name; raises InvalidError for one that the board names, or that another team has."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise _invalid("name", f"has 1 to {LONGEST_NAME} characters")
    if tidy == team.name:
        return
    if is_of_board(session, team):
        raise _invalid("name", "is the name of its list on the Ownership board: rename the list")
    if any(each.name.casefold() == tidy.casefold() and each.id != team.id for each in queries.listed(session, team.workspace_id)):
        raise _invalid("name", "is another team's already")
    team.name = tidy


def set_by_hand(session: Session, team: Team, what: str, values: Mapping[str, Any]) -> None:
    """Set columns of one setting; the Ownership board no longer changes them."""
    for name in BY_HAND[what]:
        if getattr(team, name) != values[name]:
            setattr(team, name, values[name])
    key = BY_HAND[what][0]
    if is_of_board(session, team) and key not in team.from_settings:
        team.from_settings = [*team.from_settings, key]


def give_back(session: Session, team: Team, names: Sequence[str]) -> None:
    """Let the Ownership board say these again; it is read at once."""
    keys = {BY_HAND[name][0] for name in names}
    team.from_settings = [name for name in team.from_settings if name not in keys]
    ownership = queries.ownership(session, team.workspace_id)
    if keys and ownership is not None and ownership.board_id is not None:
        read_soon(session, ownership.board_id)


def set_hook(team: Team, hook: Hook, *, sealer: Sealer) -> None:
    """Connect or disconnect the team's own webhook; its address is a credential and is kept sealed."""
    team.hook_kind = hook.kind if hook.url else None
    team.sealed_hook_url = sealer.seal(team_hook_purpose(team.id), hook.url) if hook.url else None


def team_hook_purpose(team_id: int) -> str:
    """What the sealed address of a team's webhook is sealed for."""
    return f"teams.hook:{team_id}"


def read_stand_up_json(given: Mapping[str, Any]) -> dict[str, Any]:
    """`{"at", "days", "time_zone"}` as `Team.stand_up` keeps it; raises InvalidError naming the field."""
    days = sorted(set(given["days"]))
    if not days or days[0] < 0 or days[-1] > 6:
        raise _invalid("stand_up.days", "names at least one weekday, from 0 for Monday to 6 for Sunday")
    hour, _, minute = given["at"].partition(":")
    is_clock = given["at"].isascii() and hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2
    if not (is_clock and int(hour) < 24 and int(minute) < 60):
        raise _invalid("stand_up.at", "is a time of day like 09:15")
    zone = given.get("time_zone")
    try:
        zone = time_zone(zone) if zone else None
    except StandUpError as error:
        raise _invalid("stand_up.time_zone", str(error)) from None
    return {"at": f"{int(hour):02}:{minute}", "days": days, "time_zone": zone}


def remove_team(session: Session, team: Team, *, open_tickets: int, by: Actor) -> None:
    """Take a team out of the settings; raises ConflictError while the board names it, or while customers wait for it."""
    if is_of_board(session, team):
        raise ConflictError("This team is a list of the Ownership board. Archive that list, and the team goes.")
    if open_tickets:
        raise ConflictError(f"{team.name} still owns {open_tickets} open threads. Pass them on, or hand them back to triage, first.")
    team.removed_at, team.stand_up_next_at = clock.now(), None
    record(session, team.workspace_id, "team.removed", by=by, team=team.id)


def add_area(session: Session, team: Team, name: str, keywords: Sequence[str], owner_ids: Sequence[str], *, by: Actor) -> Area:
    """An area that no board knows."""
    last = session.scalar(select(func.max(Area.position)).where(Area.team_id == team.id))
    area = Area(
        workspace_id=team.workspace_id,
        team_id=team.id,
        name=_area_name(name),
        keywords=list(tidy_keywords(keywords)),
        added_keywords=[],
        owner_ids=list(owner_ids),
        position=(last or 0.0) + 1.0,
        created_at=clock.now(),
    )
    session.add(area)
    session.flush()
    record(session, team.workspace_id, "area.added", by=by, area=area.id, team=team.id)
    return area


def change_area(session: Session, area: Area, values: Mapping[str, Any], *, by: Actor) -> None:
    """Change an area; of one that is a card of the Ownership board only the words added here."""
    if area.card_trello_id is not None and values.keys() - {"added_keywords"}:
        raise ConflictError("This area is a card of the Ownership board: change it there. Only words added here are changed here.")
    tidy = dict(values)
    if "name" in tidy:
        tidy["name"] = _area_name(tidy["name"])
    for name in ("keywords", "added_keywords"):
        if name in tidy:
            tidy[name] = list(tidy_keywords(tidy[name]))
    for name, value in tidy.items():
        if getattr(area, name) != value:
            setattr(area, name, value)
    record(session, area.workspace_id, "area.changed", by=by, area=area.id)


def remove_area(session: Session, area: Area, *, by: Actor) -> None:
    """Take an area out of the settings; history keeps it. Raises ConflictError for one that is a card of the Ownership board."""
    if area.card_trello_id is not None:
        raise ConflictError("This area is a card of the Ownership board. Archive the card, and the area goes.")
    area.removed_at = clock.now()
    record(session, area.workspace_id, "area.removed", by=by, area=area.id)


def is_of_board(session: Session, team: Team) -> bool:
    """Whether the team is a list of the Ownership board that is being followed."""
    ownership = queries.ownership(session, team.workspace_id)
    return team.list_trello_id is not None and ownership is not None and ownership.board_id is not None


def _area_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise _invalid("name", f"has 1 to {LONGEST_NAME} characters")
    return tidy


def _invalid(field: str, message: str) -> InvalidError:
    return InvalidError(f"Something is wrong with {field}.", errors=[{"field": field, "message": message}])
