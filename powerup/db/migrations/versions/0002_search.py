"""full-text search

SQLite: a contentless FTS5 table whose rows are messages; PostgreSQL: a table of tsvectors beside them. Triggers keep both, so that
whoever writes a message need not think of it. Dropping a table drops its triggers: a later migration that rebuilds `messages` or
`tickets` (SQLite's batch mode does) must run `create_triggers` of this one again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TRIGGERS = ("search_message_added", "search_message_removed", "search_message_changed", "search_subject_changed")

# A word that no text can hold keeps workspaces and forums apart within the index; see search/queries.py.
_SQLITE_ROW = """
SELECT m.id, 'w' || m.workspace_id || ' f' || m.forum_id, {subject}, m.author_name || ' ' || m.author_username || ' ' || m.text
FROM messages m JOIN tickets t ON t.id = m.ticket_id
WHERE m.deleted_at IS NULL AND NOT m.system
"""
_SQLITE_OF = """
SELECT {head} {it}.id, 'w' || {it}.workspace_id || ' f' || {it}.forum_id, t.subject,
       {it}.author_name || ' ' || {it}.author_username || ' ' || {it}.text
FROM tickets t WHERE t.id = {it}.ticket_id AND {it}.deleted_at IS NULL AND NOT {it}.system;
"""
_COLUMNS = "author_name, author_username, text, ticket_id, deleted_at, system"

_POSTGRESQL_DOCUMENT = """
CREATE FUNCTION search_document(workspace bigint, forum bigint, subject text, author text, body text) RETURNS tsvector
LANGUAGE sql STABLE AS $$
  SELECT array_to_tsvector(ARRAY['#w' || workspace, '#f' || forum])
      || setweight(to_tsvector('simple', search_words(subject)), 'A')
      || setweight(to_tsvector('simple', search_words(author || ' ' || body)), 'D')
$$
"""
# A tsvector holds at most 1 MB. Punctuation goes first: PostgreSQL would keep file names, hosts and e-mail addresses in one piece,
# and nobody would find "timeout" in "connect.timeout".
_POSTGRESQL_WORDS = r"""
CREATE FUNCTION search_words(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT translate(left(words, 200000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))
$$
"""
_POSTGRESQL_FILL = """
INSERT INTO search_index (message_id, ticket_id, document)
SELECT m.id, m.ticket_id, search_document(m.workspace_id, m.forum_id, t.subject, m.author_name || ' ' || m.author_username, m.text)
FROM messages m JOIN tickets t ON t.id = m.ticket_id
WHERE m.deleted_at IS NULL AND NOT m.system
"""
_POSTGRESQL_KEEP = f"""
CREATE FUNCTION search_keep_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_index WHERE message_id = NEW.id;
  {_POSTGRESQL_FILL} AND m.id = NEW.id;
  RETURN NULL;
END $$
"""  # noqa: S608 - constants
_POSTGRESQL_SUBJECT = f"""
CREATE FUNCTION search_keep_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_index WHERE ticket_id = NEW.id;
  {_POSTGRESQL_FILL} AND t.id = NEW.id;
  RETURN NULL;
END $$
"""  # noqa: S608 - constants


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # 2: diacritics are folded also where a letter carries several. prefix: the last word is usually unfinished.
        _run(
            "CREATE VIRTUAL TABLE search_index USING fts5(scope, subject, body, content='', "
            "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
        )
        _run("INSERT INTO search_index (rowid, scope, subject, body)" + _SQLITE_ROW.format(subject="t.subject"))
    else:
        _run(
            "CREATE TABLE search_index (message_id bigint PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE, "
            "ticket_id bigint NOT NULL, document tsvector NOT NULL)"
        )
        for statement in (_POSTGRESQL_WORDS, _POSTGRESQL_DOCUMENT, _POSTGRESQL_KEEP, _POSTGRESQL_SUBJECT):
            _run(statement)
        _run(_POSTGRESQL_FILL)
        _run("CREATE INDEX search_index_document ON search_index USING gin (document)")
        _run("CREATE INDEX search_index_ticket ON search_index (ticket_id)")
    create_triggers()


def create_triggers() -> None:
    """Have the database keep the index."""
    statements = _sqlite_triggers() if op.get_bind().dialect.name == "sqlite" else _postgresql_triggers()
    for statement in statements:
        _run(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _TRIGGERS:
            _run(f"DROP TRIGGER IF EXISTS {trigger}")
        _run("DROP TABLE search_index")
        return
    _run("DROP TRIGGER search_message_kept ON messages")
    _run("DROP TRIGGER search_subject_kept ON tickets")
    _run("DROP TABLE search_index")
    for function in ("search_keep_message", "search_keep_subject", "search_document", "search_words"):
        _run(f"DROP FUNCTION {function}")


def _sqlite_triggers() -> list[str]:
    # A contentless table forgets a row only when it is told all of what the row held.
    remove = "INSERT INTO search_index (search_index, rowid, scope, subject, body)" + _SQLITE_OF.format(head="'delete',", it="OLD")
    add = "INSERT INTO search_index (rowid, scope, subject, body)" + _SQLITE_OF.format(head="", it="NEW")
    row = _SQLITE_ROW + "AND m.ticket_id = NEW.id;"
    reword = (
        "INSERT INTO search_index (search_index, rowid, scope, subject, body) "
        + row.format(subject="OLD.subject").replace("SELECT", "SELECT 'delete',", 1)
        + "INSERT INTO search_index (rowid, scope, subject, body)"
        + row.format(subject="NEW.subject")
    )
    return [
        f"CREATE TRIGGER search_message_added AFTER INSERT ON messages BEGIN {add} END",
        f"CREATE TRIGGER search_message_removed AFTER DELETE ON messages BEGIN {remove} END",
        f"CREATE TRIGGER search_message_changed AFTER UPDATE OF {_COLUMNS} ON messages BEGIN {remove} {add} END",
        f"CREATE TRIGGER search_subject_changed AFTER UPDATE OF subject ON tickets WHEN OLD.subject <> NEW.subject BEGIN {reword} END",
    ]


def _postgresql_triggers() -> list[str]:
    return [
        f"CREATE TRIGGER search_message_kept AFTER INSERT OR UPDATE OF {_COLUMNS} ON messages "
        "FOR EACH ROW EXECUTE FUNCTION search_keep_message()",
        "CREATE TRIGGER search_subject_kept AFTER UPDATE OF subject ON tickets FOR EACH ROW "
        "WHEN (OLD.subject IS DISTINCT FROM NEW.subject) EXECUTE FUNCTION search_keep_subject()",
    ]


def _run(statement: str) -> None:
    # The driver's own way: colons in these statements are no parameters.
    op.get_bind().exec_driver_sql(statement.replace("%", "%%") if op.get_bind().dialect.name == "postgresql" else statement)
