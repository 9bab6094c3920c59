"""Stores that each revision wrote, kept as SQL, so that every later program is tried against them."""

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import CheckConstraint, Connection, MetaData, inspect

from offline_store.disk.database import DATABASE


def checks_declared(metadata: MetaData) -> dict[str, int]:
    """Return how many CHECK constraints the program declares, by table: Alembic compares none."""
    return {
        name: sum(isinstance(one, CheckConstraint) for one in table.constraints)
        for name, table in metadata.tables.items()
    }


def checks_held(connection: Connection, metadata: MetaData) -> dict[str, int]:
    """Return how many CHECK constraints a database really has, of the tables that the program declares."""
    looked = inspect(connection)
    return {name: len(looked.get_check_constraints(name)) for name in metadata.tables}


def load(sql: Path, folder: Path) -> Path:
    """Make the store again in `folder`; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.executescript(sql.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return folder / DATABASE


def keep(folder: Path, sql: Path) -> None:
    """Write the store in `folder` down."""
    sql.parent.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        sql.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")


def rows(path: Path) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute(tables)]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
