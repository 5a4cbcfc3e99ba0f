"""Alembic's entry: it gets its connection (and, for comparing, the metadata) from `powerup.db.migrate`."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given.get("metadata"),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
