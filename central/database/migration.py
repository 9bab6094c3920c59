"""The schema: brought to this version by Alembic, on the one connection that holds the lock."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from central.database.transactions import SCHEMA_LOCK, lock

REVISION = "0008"
"""The newest revision in migrations/versions; stands here so that a command need not load Alembic."""


class SchemaTooNewError(Exception):
    """The database was written by a newer central."""

    def __init__(self) -> None:
        super().__init__("the database was migrated by a newer central; install that version or restore a backup")


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
