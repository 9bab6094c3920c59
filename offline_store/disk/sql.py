"""SQLAlchemy Core statements, compiled once: on the accept path compiling and caching cost more than SQLite itself."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

_DIALECT = sqlite.dialect(paramstyle="named")


def precompiled(statement: ClauseElement) -> str:
    """Compile a statement to SQL with named parameters, for `run` and `Connection.exec_driver_sql`.

    Raises ValueError where it holds a value, which the SQL alone would lack: a `bindparam` or `literal_column` is due.
    """
    compiled = statement.compile(dialect=_DIALECT)
    if held := sorted(name for name, value in compiled.params.items() if value is not None):
        raise ValueError(f"the SQL would lack the values of {', '.join(held)}: {compiled}")
    return str(compiled)


def run(connection: Connection, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
    """Run a statement in the connection's transaction past SQLAlchemy's cursor, which costs more than SQLite itself.

    Raises sqlite3.Error, which the store translates as its own.
    """
    raw: Any = connection.connection.dbapi_connection
    cursor: sqlite3.Cursor = raw.execute(query, values)
    return cursor
