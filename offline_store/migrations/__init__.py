"""Alembic revisions of the kiosk's store, from the first on."""
