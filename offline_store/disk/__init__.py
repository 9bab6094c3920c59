"""The database file: created, opened, locked, migrated, checked, written durably."""
