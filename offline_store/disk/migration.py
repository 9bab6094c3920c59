"""Bringing a store file to this program's revision, with Alembic, in one transaction."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from common.machine.errors import StoreTooNew
from offline_store.disk.database import make_engine

REVISION = "0004"
"""The newest revision in migrations/versions; stands here so that an ordinary opening need not load Alembic (0.2 s)."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def revision_of(connection: Connection) -> str | None:
    """Return the database's revision, None before its first."""
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").first():
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return None if found is None else str(found)


def upgrade(path: Path, migrations: Path = MIGRATIONS) -> None:
    """Upgrade the database, or make its tables where it is new; all of it or nothing.

    Raises StoreTooNew when a later version of the program wrote it, and SQLite's errors.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    engine: Engine = make_engine(path)
    try:
        with engine.begin() as connection:
            found = revision_of(connection)
            if found is not None and found not in known:
                raise StoreTooNew(
                    f"the store is of revision {found[:32]!r}, which this version does not know: update it"
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
