"""Find teams, areas and people within a workspace."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.teams.models import Area, Ownership, Person, Team


def listed(session: Session, workspace_id: int) -> Sequence[Team]:
    """The workspace's teams in the board's order."""
    wanted = select(Team).where(Team.workspace_id == workspace_id, Team.removed_at.is_(None))
    return session.scalars(wanted.order_by(Team.position, Team.id)).all()


def ready(session: Session, workspace_id: int) -> Sequence[Team]:
    """Teams that threads can be given to: those with a list for their cards."""
    return [team for team in listed(session, workspace_id) if is_ready(team)]


def is_ready(team: Team) -> bool:
    """Whether cards can be made for the team."""
    return team.board_id is not None and team.inbox_list_id is not None and team.removed_at is None


def get(session: Session, workspace_id: int, team_id: int, *, removed_too: bool = False) -> Team:
    """One team of this workspace; raises NotFoundError."""
    wanted = select(Team).where(Team.workspace_id == workspace_id, Team.id == team_id)
    team = session.scalar(wanted if removed_too else wanted.where(Team.removed_at.is_(None)))
    if team is None:
        raise NotFoundError("There is no such team in this workspace. It may have been removed.")
    return team


def of_board(session: Session, board_id: int) -> Team | None:
    """The team whose cards are on this board; with several, the first."""
    wanted = select(Team).where(Team.board_id == board_id, Team.removed_at.is_(None))
    return session.scalar(wanted.order_by(Team.position, Team.id).limit(1))


def areas(session: Session, workspace_id: int) -> Sequence[Area]:
    """The areas of all teams in the board's order."""
    wanted = select(Area).join(Team, Team.id == Area.team_id)
    wanted = wanted.where(Area.workspace_id == workspace_id, Area.removed_at.is_(None), Team.removed_at.is_(None))
    return session.scalars(wanted.order_by(Team.position, Team.id, Area.position, Area.id)).all()


def workspaces_with_areas(session: Session) -> Sequence[int]:
    """Every workspace that has any."""
    return session.scalars(select(Area.workspace_id).where(Area.removed_at.is_(None)).distinct().order_by(Area.workspace_id)).all()


def area(session: Session, workspace_id: int, area_id: int) -> Area:
    """One area of this workspace; raises NotFoundError."""
    found = session.scalar(select(Area).where(Area.workspace_id == workspace_id, Area.id == area_id, Area.removed_at.is_(None)))
    if found is None:
        raise NotFoundError("There is no such area in this workspace. It may have been removed.")
    return found


def people(session: Session, workspace_id: int) -> Mapping[str, Person]:
    """Everybody of a team, by Trello's member id."""
    rows = session.scalars(select(Person).where(Person.workspace_id == workspace_id).order_by(Person.name))
    return {person.trello_member_id: person for person in rows}


def person(session: Session, workspace_id: int, member_id: str) -> Person | None:
    """Somebody by Trello's member id."""
    return session.scalar(select(Person).where(Person.workspace_id == workspace_id, Person.trello_member_id == member_id))


def person_on_slack(session: Session, workspace_id: int, slack_user_id: str) -> Person | None:
    """Somebody by Slack's user id."""
    return session.scalar(select(Person).where(Person.workspace_id == workspace_id, Person.slack_user_id == slack_user_id).limit(1))


def name_of(session: Session, workspace_id: int, member_id: str | None) -> str | None:
    """What to call somebody; None when we do not know them."""
    known = person(session, workspace_id, member_id) if member_id else None
    return known.name if known else None


def ownership(session: Session, workspace_id: int) -> Ownership | None:
    """Where the teams come from; None while nobody said."""
    return session.get(Ownership, workspace_id)


def is_ownership_board(session: Session, board_id: int) -> bool:
    """Whether teams are read from this board."""
    return bool(session.scalar(select(func.count()).where(Ownership.board_id == board_id)))
