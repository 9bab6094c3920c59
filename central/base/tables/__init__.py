"""Central's tables, the same on SQLite and PostgreSQL. Changes to them are Alembic revisions in `migrations/`.

Times are RFC 3339 text in UTC with microseconds: they sort as text and read the same in both databases.
"""

# A module that imports one room of tables has all of them in `metadata`.
from central.base.tables import (  # noqa: F401
    asked,
    claimed,
    enrolled,
    kept,
    keys,
    messages,
    ordered,
    others,
    people,
    received,
    told,
    visited,
)
from central.base.tables.paid import books, payments  # noqa: F401
