"""The schema: brought to this version by Alembic, on the one connection that holds the lock."""

import asyncio
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import SCHEMA_LOCK, is_postgres, lock

REVISION = "0024"
"""The newest revision in migrations/versions; stands here so that a command need not load Alembic."""
MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
# A change that waits for a table makes everybody behind it wait too: it gives way, and tries again.
WAITS_FOR_A_TABLE_S: Final = 5
ATTEMPTS: Final = 6
LOCK_NOT_AVAILABLE: Final = "55P03"  # PostgreSQL manual, appendix A


class SchemaTooNewError(Exception):
    """The database was written by a newer central."""

    def __init__(self) -> None:
        super().__init__("the database was migrated by a newer central; install that version or restore a backup")


class SchemaTooOldError(Exception):
    """The database is not of this version yet, and is one that only `central migrate` changes."""

    def __init__(self, found: str | None) -> None:
        state = f"is of revision {found}, this central needs {REVISION}" if found else "has no tables of central's yet"
        super().__init__(f"the database {state}: run `central migrate` with this version, on one machine")


class TableBusyError(Exception):
    """Somebody held a table all the time that the change waited for it."""

    def __init__(self) -> None:
        super().__init__(
            "a table of the database was in use all the time: look in pg_stat_activity for a session that has been in "
            "its transaction for long, end that, and run `central migrate` again; nothing was changed"
        )


async def check_revision(connection: AsyncConnection) -> None:
    """See that the schema is this version's. Raises SchemaTooOldError or SchemaTooNewError."""
    found = await connection.run_sync(_revision_of)
    if found is None or found < REVISION:
        raise SchemaTooOldError(found)
    if found > REVISION:
        raise SchemaTooNewError


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to this version, all or nothing; safe when several servers start at once.

    Raises:
        SchemaTooNewError: nothing to be done with this version.
        TableBusyError: a table could not be had for `ATTEMPTS` times `WAITS_FOR_A_TABLE_S`.
    """
    for _ in range(ATTEMPTS):
        try:
            async with engine.begin() as connection:
                await lock(connection, SCHEMA_LOCK)
                if is_postgres(connection):
                    await connection.execute(text(f"SET LOCAL lock_timeout = '{WAITS_FOR_A_TABLE_S}s'"))
                await connection.run_sync(_upgrade)
                return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
        await asyncio.sleep(1)
    raise TableBusyError


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
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaTooNewError from error
