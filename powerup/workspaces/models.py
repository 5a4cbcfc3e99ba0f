"""Workspaces, the Trello accounts they act through, their boards and who is on them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from powerup.db.base import Base


class Workspace(Base):
    """One organisation using Closeloop; equals a Trello workspace. Every other row belongs to one."""

    __tablename__ = "workspaces"
    __table_args__ = (Index("uq_workspaces_slack_hook", "slack_hook_token", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trello_id: Mapped[str] = mapped_column(String(64), unique=True)
    """Trello's organization id; `board:<id>` for a board outside any workspace."""
    name: Mapped[str] = mapped_column(Text)
    sealed_slack_url: Mapped[str | None] = mapped_column(Text)
    """Slack incoming webhook, sealed; it is a credential."""
    sealed_slack_bot: Mapped[str | None] = mapped_column(Text)
    """Bot token of the workspace's Slack app, sealed: posts into each team's channel."""
    sealed_slack_secret: Mapped[str | None] = mapped_column(Text)
    """Signing secret of the Slack app, sealed: without it messages carry no buttons that act."""
    slack_hook_token: Mapped[str | None] = mapped_column(String(64))
    """Secret last part of the address to which Slack sends clicked buttons."""
    created_at: Mapped[datetime]


class TrelloAccount(Base):
    """A person's Trello token, by which the worker acts on the boards that they connected."""

    __tablename__ = "trello_accounts"
    __table_args__ = (UniqueConstraint("workspace_id", "trello_member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    trello_member_id: Mapped[str] = mapped_column(String(64))
    sealed_token: Mapped[str | None] = mapped_column(Text)
    """None after it was refused or withdrawn."""
    state: Mapped[str] = mapped_column(String(16), default="working")
    """`working`, or `refused`: Trello no longer takes the token; connect again."""
    created_at: Mapped[datetime]


class Board(Base):
    """A connected Trello board."""

    __tablename__ = "boards"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    trello_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("trello_accounts.id"))
    """Through whose account the worker acts here."""
    hook_token: Mapped[str] = mapped_column(String(64), unique=True)
    """Secret last part of the address to which Trello sends this board's webhooks."""
    trello_webhook_id: Mapped[str | None] = mapped_column(String(64))
    members_checked_at: Mapped[datetime]
    """When Trello last told us who is on the board."""
    connected_at: Mapped[datetime]
    disconnected_at: Mapped[datetime | None]


class BoardMember(Base):
    """Who is on a board, as Trello said last. Absent: not a member."""

    __tablename__ = "board_members"
    __table_args__ = (Index("ix_board_members_member", "trello_member_id"),)

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True, autoincrement=False)
    trello_member_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    """`admin`, `normal` or `observer`; an observer may not see customers' threads."""
