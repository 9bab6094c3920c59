"""Bringing the hub's tables in the store's file to this program's revision, in one transaction."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from common.machine.errors import StoreTooNew

REVISION: Final = "0015"
"""The newest revision in migrations/versions; stands here so that an ordinary opening need not load Alembic."""
MIGRATIONS: Final = Path(__file__).parent / "migrations"
VERSION_TABLE: Final = "hub_alembic_version"


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the hub's tables, None where there are none."""
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name = ?", (VERSION_TABLE,)).first()
    if found is None:
        return None
    version = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar_one_or_none()  # noqa: S608
    return None if version is None else str(version)


def upgrade(connection: Connection) -> None:
    """Make or upgrade the tables in the caller's write transaction. Raises StoreTooNew for a later program's tables."""
    if (found := revision_of(connection)) == REVISION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreTooNew(
            f"the hub's tables are of revision {found[:32]!r}, which this version does not know: update it"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
