"""Alembic revisions of central's schema, for SQLite and PostgreSQL alike."""
