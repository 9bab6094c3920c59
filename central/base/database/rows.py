"""Many rows in one statement, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Table, Text, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import is_postgres


def insert_into(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return the insert of the connection's own dialect, which knows what to do on a conflict."""
    return postgresql.insert(table) if is_postgres(connection) else sqlite.insert(table)


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique constraint; return how many those were. Every row names every column."""
    if not rows:
        return 0
    if is_postgres(connection):
        sent = {"rows": msgspec.json.encode(rows).decode()}
        return (await connection.execute(_insert_recordset(table), sent)).rowcount
    return (await connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)).rowcount


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write each row, over the one with its primary key where there is one. All rows name the same columns."""
    if not rows:
        return
    statement = insert_into(connection, table)
    key = [column.name for column in table.primary_key]
    sent = {name: statement.excluded[name] for name in rows[0] if name not in key}
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=sent), rows)


@cache
def _insert_recordset(table: Table) -> postgresql.Insert:
    """One statement over one parameter: measured at half the cost of one execution a row."""
    columns = [Column(column.name, column.type) for column in table.columns if column is not table.autoincrement_column]
    sent = cast(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(sent).table_valued(*columns, name="sent").render_derived(with_types=True)
    names = [column.name for column in columns]
    return postgresql.insert(table).from_select(names, select(*rows.columns)).on_conflict_do_nothing()
