"""files: what is known of attachments; by which a person is recognised on several forums"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "attachments",
        sa.Column("id", integer, nullable=False),
        sa.Column("workspace_id", integer, nullable=False),
        sa.Column("forum_id", integer, nullable=False),
        sa.Column("ticket_id", integer, nullable=False),
        sa.Column("message_id", integer, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=True),
        sa.Column("size", integer, nullable=True),
        sa.Column("shown_as", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_attachments_workspace_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=op.f("fk_attachments_forum_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_attachments_ticket_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", "reference", name=op.f("uq_attachments_message_id_reference")),
    )
    op.create_index("ix_attachments_ticket", "attachments", ["ticket_id"])
    op.add_column("customers", sa.Column("email_print", sa.String(length=64), nullable=True))
    op.create_index("ix_customers_email", "customers", ["email_print"])


def downgrade() -> None:
    op.drop_index("ix_customers_email", "customers")
    op.drop_column("customers", "email_print")
    op.drop_table("attachments")
