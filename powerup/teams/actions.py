"""Keep teams as the Ownership board (or an admin) says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.errors import ConflictError
from powerup.events.actions import SYSTEM, Actor, record
from powerup.hours import next_local
from powerup.teams import queries
from powerup.teams.models import Area, Ownership, Person, Team
from powerup.teams.rules import MOST_KEYWORDS, Problem, ReadArea, Reading, ReadTeam, tidy_keywords
from powerup.tickets.names import staff_username
from powerup.workspaces.models import Board

READ_EVERY = timedelta(minutes=10)
"""Between two readings of the board; its webhooks usually tell sooner."""
OWNERSHIP = "ownership"
"""A board of this name is followed by itself."""
READ_AGAIN = timedelta(minutes=1)
"""After a reading that failed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A connected board with its lists, as Trello showed them just now."""

    board_id: int
    name: str
    references: frozenset[str]
    """What a Team card may call it: id, short link, name in lower case."""
    lists: Mapping[str, str]
    """Name in lower case -> Trello's id."""
    list_names: Mapping[str, str]
    """Trello's id -> name."""


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """A member as Trello describes them."""

    member_id: str
    username: str
    name: str


def follow(session: Session, workspace_id: int, board_id: int | None, *, by: Actor) -> Ownership:
    """Read teams from this board from now on (None: from the settings only)."""
    row = session.get(Ownership, workspace_id)
    if row is None:
        row = Ownership(workspace_id=workspace_id, problems=[])
        session.add(row)
    row.board_id, row.read_error = board_id, None
    row.next_read_at = clock.now() if board_id is not None else None
    row.problems = [] if board_id is None else row.problems
    record(session, workspace_id, "ownership.followed" if board_id else "ownership.left", by=by, board=board_id)
    session.flush()
    return row


def follow_if_ownership(session: Session, board: Board, *, by: Actor = SYSTEM) -> bool:
    """A board called "Ownership" becomes the source of teams when it is connected and the workspace has none; returns whether it did.

    One that is the source already is read again; what an admin chose stays.
    """
    ownership = queries.ownership(session, board.workspace_id)
    if ownership is not None and ownership.board_id == board.id:
        read_soon(session, board.id)
        return False
    if ownership is not None or board.name.strip().lower() != OWNERSHIP:
        return False
    follow(session, board.workspace_id, board.id, by=by)
    return True


def read_soon(session: Session, board_id: int) -> None:
    """Something changed on the board."""
    session.execute(update(Ownership).where(Ownership.board_id == board_id).values(next_read_at=clock.now()))


def read_workspace_soon(session: Session, workspace_id: int) -> None:
    """Something changed on a board that the Ownership board names."""
    theirs = update(Ownership).where(Ownership.workspace_id == workspace_id, Ownership.board_id.is_not(None))
    session.execute(theirs.values(next_read_at=clock.now()))


def claim_due(session: Session) -> Ownership | None:
    """The next Ownership board that is due to be read; two workers never get the same."""
    now = clock.now()
    due = select(Ownership.workspace_id).where(Ownership.next_read_at <= now).order_by(Ownership.next_read_at).limit(1)
    taken = session.execute(
        update(Ownership)
        .where(Ownership.workspace_id == due.with_for_update(skip_locked=True).scalar_subquery())
        .values(next_read_at=now + READ_EVERY)
        .returning(Ownership)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.scalar_one_or_none()


def apply(
    session: Session,
    workspace_id: int,
    reading: Reading,
    places: Sequence[Place],
    people: Iterable[SeenPerson],
    *,
    read_at: datetime | None = None,
) -> bool:
    """Make teams and areas what the board says; what an admin set by hand stays, what left the board is removed (and kept for history).

    Returns whether anything changed. A reading that began (`read_at`) before one that was applied already is thrown away.
    """
    ownership = session.get_one(Ownership, workspace_id, with_for_update=True)
    began = read_at or clock.now()
    if ownership.read_at is not None and ownership.read_at > began:
        return False
    before = (_snapshot(session, workspace_id), ownership.problems, ownership.read_error)
    problems = [*reading.problems]
    teams = {one.list_id: _team(session, workspace_id, one, places, problems) for one in reading.teams}
    session.flush()
    for one in reading.areas:
        _area(session, workspace_id, teams[one.list_id].id, one)
    _remove_missing(session, workspace_id, reading)
    remember_people(session, workspace_id, people)
    ownership.problems, ownership.read_at, ownership.read_error = [each.as_json() for each in problems], began, None
    has_changed = before != (_snapshot(session, workspace_id), ownership.problems, None)
    if has_changed:
        record(session, workspace_id, "ownership.read", by=SYSTEM, teams=len(teams), areas=len(reading.areas), problems=len(problems))
    return has_changed


def note_failure(session: Session, workspace_id: int, reason: str) -> None:
    """The board could not be read: say so in the settings, and try again soon."""
    row = session.get_one(Ownership, workspace_id)
    row.read_error, row.next_read_at = reason, clock.now() + READ_AGAIN


def remember_people(session: Session, workspace_id: int, people: Iterable[SeenPerson]) -> None:
    """Names of members; the forum's name of somebody is guessed from staff who wrote there under the same name."""
    known = {**queries.people(session, workspace_id)}
    for one in people:
        person = known.get(one.member_id)
        if person is None:
            person = known[one.member_id] = Person(workspace_id=workspace_id, trello_member_id=one.member_id)
            session.add(person)
        person.username, person.name = one.username, one.name
        if person.forum_username is None:
            person.forum_username = staff_username(session, workspace_id, one.name)
    session.flush()


def add_keyword(session: Session, area: Area, keyword: str, *, by: Actor) -> bool:
    """Have a word point to the area from now on; returns whether it is new. Raises ConflictError when there are too many."""
    (word,) = tidy_keywords([keyword]) or ("",)
    if not word or word in area.keywords or word in area.added_keywords:
        return False
    if len(area.added_keywords) >= MOST_KEYWORDS:
        raise ConflictError(f"{MOST_KEYWORDS} words were added to “{area.name}” already. Remove some, or write them on its card.")
    area.added_keywords = [*area.added_keywords, word]
    record(session, area.workspace_id, "area.keyword_added", by=by, area=area.id, keyword=word)
    return True


def plan_stand_up(team: Team, workspace_zone: str) -> None:
    """Write down when the team's next digest is due."""
    if team.stand_up is None or team.removed_at is not None:
        team.stand_up_next_at = None
        return
    hour, minute = map(int, team.stand_up["at"].split(":"))
    zone = team.stand_up.get("time_zone") or workspace_zone
    team.stand_up_next_at = next_local(zone, time(hour, minute), team.stand_up["days"], clock.now())


def _snapshot(session: Session, workspace_id: int) -> list[tuple[Any, ...]]:
    """Everything that a reading may change, to compare."""
    session.flush()
    tables = (Team.__table__, Area.__table__, Person.__table__)
    return [
        tuple(row) for one in tables for row in session.execute(select(one).where(one.c.workspace_id == workspace_id).order_by(one.c.id))
    ]


def _team(session: Session, workspace_id: int, one: ReadTeam, places: Sequence[Place], problems: list[Problem]) -> Team:
    team = session.scalar(select(Team).where(Team.workspace_id == workspace_id, Team.list_trello_id == one.list_id))
    if team is None:
        team = Team(
            workspace_id=workspace_id, list_trello_id=one.list_id, name=one.name, member_ids=[], from_settings=[], created_at=clock.now()
        )
        session.add(team)
    wanted: dict[str, Any] = {"name": one.name, "position": one.position, "removed_at": None}
    place = _place(one, places, problems) if "board_id" not in team.from_settings else None
    if "board_id" not in team.from_settings:
        wanted |= place or {"board_id": None, "inbox_list_id": None, "inbox_list_name": None}
    by_hand: dict[str, Any] = {
        "member_ids": list(one.member_ids),
        "slack_channel": one.settings.get("slack"),
        "forum_group": one.settings.get("forum_group"),
        "stand_up": one.stand_up,
    }
    wanted |= {name: value for name, value in by_hand.items() if name not in team.from_settings}
    _set(team, wanted)
    return team


def _place(one: ReadTeam, places: Sequence[Place], problems: list[Problem]) -> dict[str, Any] | None:
    named = one.settings.get("board")
    if not one.has_card:
        text = "This list has no card called “Team”, so nobody gets its threads. Make one with a line “Board: …”, or set the team up here."
        problems.append(Problem(text, one.name, one.url))
        return None
    if not named:
        problems.append(Problem("The Team card has no line “Board: …”, so there is nowhere to make cards.", one.name, one.url))
        return None
    place = next((each for each in places if _references(named) & each.references), None)
    if place is None:
        text = f"The board “{named}” is not connected to Closeloop. Open it in Trello, and connect it in the Power-Up's settings."
        problems.append(Problem(text, one.name, one.url))
        return None
    inbox = one.settings.get("inbox", "Inbox")
    list_id = place.lists.get(inbox.lower())
    if list_id is None:
        has = ", ".join(place.list_names.values())
        problems.append(Problem(f"The board “{place.name}” has no list “{inbox}”. It has: {has}.", one.name, one.url))
        return {"board_id": place.board_id, "inbox_list_id": None, "inbox_list_name": None}
    return {"board_id": place.board_id, "inbox_list_id": list_id, "inbox_list_name": place.list_names[list_id]}


def references_of(board: Board) -> frozenset[str]:
    """What a Team card may call a board: its id, the short link in its address, its name."""
    return frozenset({board.trello_id, board.name.strip().lower()}) | _references(board.url)


def is_reference(named: str, board: Board) -> bool:
    """Whether this is one of them."""
    return bool(_references(named) & references_of(board))


def _references(named: str) -> frozenset[str]:
    _, found, rest = named.partition("/b/")
    return frozenset({rest.split("/")[0].split("?")[0]} if found else {named.strip().lower(), named.strip()})


def _area(session: Session, workspace_id: int, team_id: int, one: ReadArea) -> None:
    area = session.scalar(select(Area).where(Area.workspace_id == workspace_id, Area.card_trello_id == one.card_id))
    if area is None:
        area = Area(workspace_id=workspace_id, card_trello_id=one.card_id, added_keywords=[], created_at=clock.now())
        session.add(area)
    wanted: dict[str, Any] = {"team_id": team_id, "name": one.name, "keywords": list(one.keywords), "owner_ids": list(one.owner_ids)}
    wanted |= {"card_url": one.url, "position": one.position, "removed_at": None}
    wanted["added_keywords"] = [word for word in area.added_keywords if word not in one.keywords]
    _set(area, wanted)


def _remove_missing(session: Session, workspace_id: int, reading: Reading) -> None:
    lists, cards = {one.list_id for one in reading.teams}, {one.card_id for one in reading.areas}
    for team in queries.listed(session, workspace_id):
        if team.list_trello_id is not None and team.list_trello_id not in lists:
            team.removed_at, team.stand_up_next_at = clock.now(), None
    for area in session.scalars(select(Area).where(Area.workspace_id == workspace_id, Area.removed_at.is_(None))):
        if area.card_trello_id is not None and area.card_trello_id not in cards:
            area.removed_at = clock.now()


def _set(row: Team | Area, values: Mapping[str, Any]) -> None:
    """Only what differs: an unchanged board writes nothing."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
