"""SQLAlchemy Core statements, compiled once: on the accept path compiling and caching cost more than SQLite itself."""

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

_DIALECT = sqlite.dialect(paramstyle="named")


def precompiled(statement: ClauseElement) -> str:
    """Compile a statement to SQL with named parameters, for ``Connection.exec_driver_sql``."""
    return str(statement.compile(dialect=_DIALECT))
