"""triage: teams, areas, assignments, decisions, outages; where each ticket stands

Columns are added one by one rather than in SQLite's batch mode, which would rebuild `tickets` and lose the search triggers of 0002.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_canned_replies_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
    )
    with op.batch_alter_table("canned_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_canned_replies_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trello_member_id", sa.String(length=64), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("forum_username", sa.Text(), nullable=True),
        sa.Column("slack_user_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_people_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("workspace_id", "trello_member_id", name=op.f("uq_people_workspace_id_trello_member_id")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_slack", ["workspace_id", "slack_user_id"], unique=False)

    op.create_table(
        "triage_settings",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("targets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_triage_settings_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_triage_settings")),
    )
    op.create_table(
        "triage_views",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_triage_views_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_views")),
        sa.UniqueConstraint("workspace_id", "member_id", "name", name=op.f("uq_triage_views_workspace_id_member_id_name")),
    )
    op.create_table(
        "ownership",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("board_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_error", sa.Text(), nullable=True),
        sa.Column("next_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_ownership_board_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_ownership_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_ownership")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("list_trello_id", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("board_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("inbox_list_id", sa.String(length=64), nullable=True),
        sa.Column("inbox_list_name", sa.Text(), nullable=True),
        sa.Column("member_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("forum_group", sa.Text(), nullable=True),
        sa.Column("slack_channel", sa.Text(), nullable=True),
        sa.Column("hook_kind", sa.String(length=16), nullable=True),
        sa.Column("sealed_hook_url", sa.Text(), nullable=True),
        sa.Column("stand_up", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("stand_up_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_teams_board_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_teams_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index("ix_teams_stand_up", ["stand_up_next_at"], unique=False)
        batch_op.create_index("ix_teams_workspace", ["workspace_id", "position"], unique=False)
        batch_op.create_index("uq_teams_list", ["workspace_id", "list_trello_id"], unique=True)

    op.create_table(
        "areas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keywords", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("added_keywords", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("owner_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("card_trello_id", sa.String(length=64), nullable=True),
        sa.Column("card_url", sa.Text(), nullable=True),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_areas_team_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_areas_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(
            "ix_areas_team",
            ["team_id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index("uq_areas_card", ["workspace_id", "card_trello_id"], unique=True)

    op.create_table(
        "assignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=16), nullable=True),
        sa.Column("ended_why", sa.String(length=280), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_assignments_area_id")),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_assignments_card_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_assignments_team_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_assignments_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_assignments_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index("ix_assignments_card", ["card_id"], unique=False)
        batch_op.create_index("ix_assignments_team", ["team_id", "made_at"], unique=False)
        batch_op.create_index("ix_assignments_ticket", ["ticket_id", "id"], unique=False)
        batch_op.create_index("ix_assignments_workspace", ["workspace_id", "made_at"], unique=False)
        batch_op.create_index(
            "uq_assignments_live",
            ["ticket_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "dismissals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_dismissals_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_dismissals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissals")),
    )
    with op.batch_alter_table("dismissals", schema=None) as batch_op:
        batch_op.create_index(
            "uq_dismissals_live",
            ["ticket_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "outages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("master_ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promise_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_word_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_outages_area_id")),
        sa.ForeignKeyConstraint(["master_ticket_id"], ["tickets.id"], name=op.f("fk_outages_master_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_outages_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index("ix_outages_next_word", ["next_word_at"], unique=False)
        batch_op.create_index("ix_outages_workspace", ["workspace_id", "id"], unique=False)
        batch_op.create_index(
            "uq_outages_area",
            ["area_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'open')"),
            postgresql_where=sa.text("state IN ('proposed', 'open')"),
        )

    op.create_table(
        "presences",
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_presences_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_presences_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dismissal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_decisions_assignment_id")),
        sa.ForeignKeyConstraint(["dismissal_id"], ["dismissals.id"], name=op.f("fk_decisions_dismissal_id")),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_decisions_link_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_decisions_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_decisions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("workspace_id", "batch", "ticket_id", name=op.f("uq_decisions_workspace_id_batch_ticket_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_decisions_at", ["workspace_id", "at"], unique=False)
        batch_op.create_index("ix_decisions_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "lessons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("right", sa.String(length=32), nullable=True),
        sa.Column("wrong", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_lessons_assignment_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_lessons_ticket_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_lessons_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.create_index("ix_lessons_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_lessons_ticket", ["ticket_id"], unique=False)
        batch_op.create_index("ix_lessons_workspace", ["workspace_id", "id"], unique=False)

    op.create_table(
        "outage_tickets",
        sa.Column("outage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_tickets_outage_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_outage_tickets_ticket_id")),
        sa.PrimaryKeyConstraint("outage_id", "ticket_id", name=op.f("pk_outage_tickets")),
    )
    _add_ticket_columns()
    for name, kind in (("sealed_slack_bot", sa.Text()), ("sealed_slack_secret", sa.Text()), ("slack_hook_token", sa.String(64))):
        op.add_column("workspaces", sa.Column(name, kind, nullable=True))
    op.create_index("uq_workspaces_slack_hook", "workspaces", ["slack_hook_token"], unique=True)
    _place_known_tickets()


def downgrade() -> None:
    op.drop_index("uq_workspaces_slack_hook", "workspaces")
    for name in ("slack_hook_token", "sealed_slack_secret", "sealed_slack_bot"):
        op.drop_column("workspaces", name)
    op.drop_index("ix_tickets_set_aside", "tickets")
    op.drop_index("ix_tickets_queue", "tickets")
    op.drop_index("ix_tickets_area", "tickets")
    for name in reversed([column.name for column in _ticket_columns()]):
        op.drop_column("tickets", name)

    op.drop_table("outage_tickets")
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.drop_index("ix_lessons_workspace")
        batch_op.drop_index("ix_lessons_ticket")
        batch_op.drop_index("ix_lessons_assignment")

    op.drop_table("lessons")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_ticket")
        batch_op.drop_index("ix_decisions_at")
        batch_op.drop_index("ix_decisions_assignment")

    op.drop_table("decisions")
    op.drop_table("presences")
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outages_area",
            sqlite_where=sa.text("state IN ('proposed', 'open')"),
            postgresql_where=sa.text("state IN ('proposed', 'open')"),
        )
        batch_op.drop_index("ix_outages_workspace")
        batch_op.drop_index("ix_outages_next_word")

    op.drop_table("outages")
    with op.batch_alter_table("dismissals", schema=None) as batch_op:
        batch_op.drop_index("uq_dismissals_live", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))

    op.drop_table("dismissals")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("uq_assignments_live", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
        batch_op.drop_index("ix_assignments_workspace")
        batch_op.drop_index("ix_assignments_ticket")
        batch_op.drop_index("ix_assignments_team")
        batch_op.drop_index("ix_assignments_card")

    op.drop_table("assignments")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_index("uq_areas_card")
        batch_op.drop_index("ix_areas_team", sqlite_where=sa.text("removed_at IS NULL"), postgresql_where=sa.text("removed_at IS NULL"))

    op.drop_table("areas")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_index("uq_teams_list")
        batch_op.drop_index("ix_teams_workspace")
        batch_op.drop_index("ix_teams_stand_up")

    op.drop_table("teams")
    op.drop_table("ownership")
    op.drop_table("triage_views")
    op.drop_table("triage_settings")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_slack")

    op.drop_table("people")
    with op.batch_alter_table("canned_replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_canned_replies_workspace_id"))

    op.drop_table("canned_replies")


def _ticket_columns() -> list[sa.Column[Any]]:
    moment, number = sa.DateTime(timezone=True), sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return [
        sa.Column("customer_spoke_at", moment, nullable=True),
        sa.Column("first_answer_at", moment, nullable=True),
        sa.Column("impact", sa.String(length=16), nullable=False, server_default="normal"),
        sa.Column("area_id", number, nullable=True),
        sa.Column("triage", sa.String(length=16), nullable=False, server_default="new"),
        sa.Column("snoozed_until", moment, nullable=True),
        sa.Column("queue_rank", number, nullable=False, server_default="0"),
        sa.Column("queue_at", moment, nullable=True),
        sa.Column("warn_at", moment, nullable=True),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("due_kind", sa.String(length=16), nullable=True),
    ]


def _add_ticket_columns() -> None:
    for column in _ticket_columns():
        op.add_column("tickets", column)
    queued = sa.text("triage IN ('new', 'snoozed')")
    wanted = ["workspace_id", "queue_rank", "queue_at", "id"]
    op.create_index("ix_tickets_queue", "tickets", wanted, sqlite_where=queued, postgresql_where=queued)
    set_aside = sa.text("triage = 'no_action'")
    op.create_index("ix_tickets_set_aside", "tickets", wanted, sqlite_where=set_aside, postgresql_where=set_aside)
    op.create_index("ix_tickets_area", "tickets", ["area_id", "created_at"])


def _place_known_tickets() -> None:
    """What `triage.standing` would say of the tickets that are there already; targets follow when each is read next."""
    spoken = "SELECT {which}(m.created_at) FROM messages m WHERE m.ticket_id = tickets.id AND m.deleted_at IS NULL AND NOT m.system"
    public = " AND m.visibility = 'public' AND m.author_role = "
    op.execute(f"UPDATE tickets SET customer_spoke_at = ({spoken.format(which='max')}{public}'customer')")  # noqa: S608 - constants
    op.execute(f"UPDATE tickets SET first_answer_at = ({spoken.format(which='min')}{public}'staff')")  # noqa: S608 - constants
    op.execute("UPDATE tickets SET queue_at = coalesce(waiting_since, last_message_at)")
    op.execute("UPDATE tickets SET queue_rank = CASE WHEN waiting_on = 'us' THEN 3 ELSE 8 END")
    resting = "state IN ('closed', 'deleted') OR (state = 'resolved' AND (waiting_on IS NULL OR waiting_on <> 'us'))"
    op.execute(f"UPDATE tickets SET triage = 'settled' WHERE {resting}")  # noqa: S608 - constants
    linked = "EXISTS (SELECT 1 FROM links l WHERE l.ticket_id = tickets.id AND l.ended_at IS NULL)"
    op.execute(f"UPDATE tickets SET triage = 'owned' WHERE triage = 'new' AND (assigned_to IS NOT NULL OR {linked})")  # noqa: S608 - constants
