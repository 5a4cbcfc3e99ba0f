"""back-fill: history of a forum, threads still to be read beside the cursor, pace, when webhooks came

Columns are added one by one rather than in SQLite's batch mode, which would rebuild `forums`.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_HISTORY = timedelta(days=365)


def upgrade() -> None:
    number, moment = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.DateTime(timezone=True)
    op.create_table(
        "backfills",
        sa.Column("id", number, nullable=False),
        sa.Column("workspace_id", number, nullable=False),
        sa.Column("forum_id", number, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("cursor", _json(), nullable=True),
        sa.Column("todo", _json(), nullable=True),
        sa.Column("last_page", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("found", number, nullable=False),
        sa.Column("read", number, nullable=False),
        sa.Column("skipped", number, nullable=False),
        sa.Column("total", number, nullable=True),
        sa.Column("reached_at", moment, nullable=True),
        sa.Column("seconds_each", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("failures", number, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("next_at", moment, nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("lease_by", sa.String(length=64), nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=op.f("fk_backfills_forum_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_backfills_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfills")),
        sa.UniqueConstraint("forum_id", name=op.f("uq_backfills_forum_id")),
    )
    op.create_index("ix_backfills_due", "backfills", ["next_at"], unique=False)
    for column in _forum_columns():
        op.add_column("forums", column)
    _go_on_reading()


def downgrade() -> None:
    for name in reversed([column.name for column in _forum_columns()]):
        op.drop_column("forums", name)
    op.drop_index("ix_backfills_due", "backfills")
    op.drop_table("backfills")


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _forum_columns() -> list[sa.Column[Any]]:
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("todo", _json(), nullable=True),
        sa.Column("pace", sa.Double(), nullable=False, server_default="0"),
        sa.Column("last_hook_at", moment, nullable=True),
        sa.Column("hook_refused_at", moment, nullable=True),
        sa.Column("options", _json(), nullable=False, server_default="{}"),
    ]


def _go_on_reading() -> None:
    """A cursor of before held the older threads too (`back`): what it had not read yet comes by back-fill now."""
    forums = sa.table("forums", sa.column("id"), sa.column("workspace_id"), sa.column("cursor"), sa.column("removed_at"))
    moment = sa.DateTime(timezone=True)
    backfills = sa.table(
        "backfills",
        *(sa.column(name) for name in ("workspace_id", "forum_id", "last_page", "state", "found", "read", "skipped", "failures")),
        *(sa.column(name, moment) for name in ("since", "started_at", "next_at")),
    )
    now = datetime.now(UTC)
    connection = op.get_bind()
    for row in connection.execute(sa.select(forums).where(forums.c.removed_at.is_(None))).mappings().all():
        cursor = json.loads(row["cursor"]) if isinstance(row["cursor"], str) else row["cursor"]
        lists = cursor.get("lists") if isinstance(cursor, dict) else None
        if not isinstance(lists, dict) or not any(isinstance(each, dict) and each.get("back") for each in lists.values()):
            continue
        made = {"workspace_id": row["workspace_id"], "forum_id": row["id"], "since": now - _HISTORY, "started_at": now, "next_at": now}
        counts = dict.fromkeys(("found", "read", "skipped", "failures"), 0)
        connection.execute(backfills.insert().values(**made, **counts, last_page=False, state="running"))
