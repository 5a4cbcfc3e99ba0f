"""Finds tickets by words, on SQLite (FTS5) and PostgreSQL (tsvector) alike. Triggers of migration 0002 keep the index."""
