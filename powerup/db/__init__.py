"""The database: engine and sessions, column types, migrations. SQLite embedded, PostgreSQL by URL, same code."""
