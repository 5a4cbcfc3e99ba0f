"""Teams, areas, people, and the Ownership board that they are read from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base
from powerup.db.types import Json

_LIVE = text("removed_at IS NULL")


class Ownership(Base):
    """Where a workspace's teams and areas come from, and what could not be understood there. At most one row a workspace."""

    __tablename__ = "ownership"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"))
    """The connected board that is read; None: teams are entered in the settings only."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """`[{"text", "name", "url"}]`: what an admin has to mend, with the card's (or the board's) address."""
    read_at: Mapped[datetime | None]
    """When the board was last read whole."""
    read_error: Mapped[str | None] = mapped_column(Text)
    """Why the last reading failed, in plain words."""
    next_read_at: Mapped[datetime | None]


class Team(Base):
    """Some people who own areas, with the place where their cards go."""

    __tablename__ = "teams"
    __table_args__ = (
        Index("uq_teams_list", "workspace_id", "list_trello_id", unique=True),
        Index("ix_teams_workspace", "workspace_id", "position"),
        Index("ix_teams_stand_up", "stand_up_next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(Text)
    list_trello_id: Mapped[str | None] = mapped_column(String(64))
    """The list of the Ownership board that it is; None for a team entered in the settings."""
    position: Mapped[float] = mapped_column(default=0.0)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"))
    """Where its cards are made."""
    inbox_list_id: Mapped[str | None] = mapped_column(String(64))
    """Trello's id of the list for new cards."""
    inbox_list_name: Mapped[str | None] = mapped_column(Text)
    member_ids: Mapped[list[str]] = mapped_column(Json)
    """Trello's member ids."""
    forum_group: Mapped[str | None] = mapped_column(Text)
    """The group on the forum that threads are assigned to."""
    slack_channel: Mapped[str | None] = mapped_column(Text)
    """`#name` or an id; used with the workspace's Slack app."""
    hook_kind: Mapped[str | None] = mapped_column(String(16))
    """`slack` or `msteams`: what kind of webhook `sealed_hook_url` is."""
    sealed_hook_url: Mapped[str | None] = mapped_column(Text)
    stand_up: Mapped[dict[str, Any] | None]
    """`{"at": "09:15", "days": [0, …, 6 = Sunday], "time_zone": "Europe/Berlin" or None for the workspace's}`; None: no digest."""
    stand_up_next_at: Mapped[datetime | None]
    from_settings: Mapped[list[str]] = mapped_column(Json)
    """Names of the columns that an admin set by hand: the board no longer changes them."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Area(Base):
    """A support area that a team owns, with the words that point to it."""

    __tablename__ = "areas"
    __table_args__ = (
        Index("uq_areas_card", "workspace_id", "card_trello_id", unique=True),
        Index("ix_areas_team", "team_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(Json)
    """As the board (or the settings) say."""
    added_keywords: Mapped[list[str]] = mapped_column(Json)
    """Added from the triage page and not yet on the board."""
    owner_ids: Mapped[list[str]] = mapped_column(Json)
    """Trello's ids of the members who own it personally."""
    card_trello_id: Mapped[str | None] = mapped_column(String(64))
    card_url: Mapped[str | None] = mapped_column(Text)
    position: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Person(Base):
    """Somebody of a team, as Trello, the forum and Slack know them."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "trello_member_id"), Index("ix_people_slack", "workspace_id", "slack_user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    trello_member_id: Mapped[str] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    forum_username: Mapped[str | None] = mapped_column(Text)
    """By which the forum shows who owns a thread."""
    slack_user_id: Mapped[str | None] = mapped_column(String(32))
