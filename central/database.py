"""The database: engine, schema, and one kind of transaction for both SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Connection, Table, Text, bindparam, cast, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

REVISION = "0008"
"""The newest revision in migrations/versions; stands here so that a command need not load Alembic."""
# Any constant will do, as long as nobody else in the database locks it.
SCHEMA_LOCK = 0x4D55_0001
FEED_LOCK = 0x4D55_0002
ENROLMENT_LOCK = 0x4D55_0003
UNSEALING_LOCK = 0x4D55_0004


class SchemaTooNewError(Exception):
    """The database was written by a newer central."""

    def __init__(self) -> None:
        super().__init__("the database was migrated by a newer central; install that version or restore a backup")


def open_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """Make the engine. Every SQLite connection gets WAL and full synchronisation, and begins IMMEDIATE."""
    if not url.startswith("sqlite"):
        # READ COMMITTED is needed, not merely usual: the inbox compares in a second statement that must see what the
        # first one waited for.
        return create_async_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # an error's text must not carry what citizens sent
        )
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


@asynccontextmanager
async def reading(engine: AsyncEngine, *, streams: bool = False) -> AsyncIterator[AsyncConnection]:
    """A connection that only reads: on SQLite it waits for no writer and keeps none waiting.

    On PostgreSQL each statement stands alone, which saves two round trips for the one that most callers make; who
    `streams` rows needs a transaction there, for its cursor lives in one.
    """
    async with engine.connect() as connection:
        if not is_postgres(connection):
            await connection.execution_options(reads_only=True)
        elif not streams:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        async with connection.begin():
            yield connection


def is_postgres(connection: AsyncConnection | Connection) -> bool:
    """Whether the connection goes to PostgreSQL, where locks must be asked for."""
    return connection.dialect.name == "postgresql"


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique constraint; returns how many those were. Every row names every column."""
    if is_postgres(connection):
        sent = {"rows": msgspec.json.encode(rows).decode()}
        return (await connection.execute(_insert_recordset(table), sent)).rowcount
    return (await connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)).rowcount


@cache
def _insert_recordset(table: Table) -> postgresql.Insert:
    """One statement over one parameter: measured at half the cost of one execution a row."""
    columns = [Column(column.name, column.type) for column in table.columns if column is not table.autoincrement_column]
    sent = cast(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(sent).table_valued(*columns, name="sent").render_derived(with_types=True)
    names = [column.name for column in columns]
    return postgresql.insert(table).from_select(names, select(*rows.columns)).on_conflict_do_nothing()


async def lock(connection: AsyncConnection, key: int) -> None:
    """Let one transaction at a time pass, until its end. On SQLite it already holds the one write lock."""
    if is_postgres(connection):
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


async def try_lock(connection: AsyncConnection, key: int) -> bool:
    """Take the lock if nobody has it; False at once where somebody does."""
    if not is_postgres(connection):
        return True
    return bool(await connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))


async def let_others_write(connection: AsyncConnection) -> None:
    """Hold nobody's write up until the next statement. On PostgreSQL none is, and the locks taken stay."""
    if not is_postgres(connection):
        await connection.commit()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine that is closed at the end, for commands. Raises SQLAlchemyError or OSError when there is none."""
    engine = open_engine(url, pool_size=2)
    try:
        yield engine
    finally:
        await engine.dispose()


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to this version; safe when several servers start at once. Raises SchemaTooNewError."""
    async with engine.begin() as connection:
        await lock(connection, SCHEMA_LOCK)
        await connection.run_sync(_upgrade)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    if _revision_of(connection) == REVISION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(str(files("central") / "migrations"))).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaTooNewError from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own: `_begin_immediate` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
