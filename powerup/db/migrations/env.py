"""Alembic's entry: it gets its connection (and, for comparing, the metadata) from `powerup.db.migrate`."""

from alembic import context

given = context.config.attributes


def is_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is to be compared with the models: the search index (and FTS5's own tables below it) has none."""
    return not (kind == "table" and name is not None and name.startswith("search_"))


context.configure(
    connection=given["connection"],
    target_metadata=given.get("metadata"),
    render_as_batch=True,
    compare_type=True,
    include_name=is_a_model,
)
with context.begin_transaction():
    context.run_migrations()
