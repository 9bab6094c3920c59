"""The database: engines, one kind of transaction for both SQLite and PostgreSQL, and the schema that they hold.

Every commit on PostgreSQL is one that a replica has too, where the cluster asks for that: see `replication`.
"""
